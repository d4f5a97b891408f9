import { words } from "../../i18n/words.js";

export default words({
  what: {
    en: "At every update each unit is left out with probability $p$, by a draw of its own. Left out means for this one update only: it gives 0, its weights do not change, and next time the draw is made afresh.",
    zh: "每次更新时，每个单元各自以概率 $p$ 被撇开。撇开只管这一次：它输出 0，权重不动；下一次重新抽签。",
  },
  whyTitle: { en: "Why it is done", zh: "为什么这么做" },
  fit: {
    en: "A unit that cannot count on its neighbours must be useful by itself. Patterns that only hold together by several units agreeing on the training examples break up, and those are often the overfitted ones.",
    zh: "一个单元若不能指望邻居，就必须自己有用。那些靠几个单元在训练样本上默契配合才成立的花样会散掉，而过拟合往往正是这种花样。",
  },
  cost: {
    en: "Fewer units mean fewer products, on paper: half the units of two neighbouring layers leave a quarter of the products between them. A program saves that only if it leaves the dropped units out instead of multiplying by 0, and more updates may be needed to get as far.",
    zh: "单元少了，纸面上乘法也少了：相邻两层各留一半，中间的乘法只剩四分之一。但程序若只是乘以 0，并不省事，必须真的不算它们；而且达到同样水平可能需要更多次更新。",
  },
  accuracy: {
    en: "In the margin: if computation is saved, is accuracy kept?",
    zh: "页边的问题：计算量省了，精度能保证吗？",
  },
  ensembleTitle: { en: "Many networks at once", zh: "一次学很多网络" },
  ensemble: {
    en: "With $n$ units that can be dropped there are $2^n$ networks, which share one set of weights. Each update takes one of them a step further and with it all that share its weights. They are not trained apart, as the members of an ordinary ensemble are.",
    zh: "若有 $n$ 个可舍弃的单元，就有 $2^n$ 个网络，共用一套权重。每次更新让其中一个前进一步，也带动所有与它共用权重的网络。它们并非像普通集成那样各学各的。",
  },
  really: { en: "In the margin: is it really ensemble learning?", zh: "页边的问题：这真是集成学习吗？" },
  scaleTitle: { en: "Why multiply by 1 − p", zh: "为什么要乘以 1 − p" },
  scale: {
    en: "In learning, the next layer sees each unit only in a share $1-p$ of the updates, so on average its sum is $1-p$ times what all units together give. In use all units are there, and the sum would be too large. Multiplying what dropout thinned, or the weights that read it, by $1-p$ makes the averages agree:",
    zh: "学习时，下一层只在 $1-p$ 的更新里看得到某个单元，所以它收到的和平均只有全部单元之和的 $1-p$ 倍。使用时所有单元都在，和就偏大了。把被稀疏的输出（或读取它的权重）乘以 $1-p$，两边的平均就一致了：",
  },
  inverted: {
    en: "It is exact for the sum itself, and no longer once a bend follows, since the mean of a bent number is not the bend of the mean. Weights of layers that nothing was dropped in front of stay as they are. Today one mostly divides by $1-p$ in learning instead, and then changes nothing in use.",
    zh: "对这个和本身，它是精确的；后面再有弯曲就不是了，因为“弯后的平均”不等于“平均后的弯”。前面没有舍弃过单元的层，权重保持原样。如今多半改在学习时除以 $1-p$，使用时便什么也不用改。",
  },
  why: { en: "In the margin: why by 1 − p?", zh: "页边的问题：为什么是 1 − p？" },
});
