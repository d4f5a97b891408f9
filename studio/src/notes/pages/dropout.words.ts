// The text of the note on dropout, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  what: {
    en: "During training, each unit is dropped with probability $p$, independently of the others. A dropped unit outputs 0, and for that update the [[gradient|gradient]] of its weights is 0. A new [[mask|mask]] is drawn for every update, usually for every sample.",
    zh: "训练时，每个单元以概率 $p$ 被丢弃，各单元相互独立。被丢弃的单元输出 0，在这次更新中它的权重的[[gradient|梯度]]也是 0。每次更新都重新采样[[mask|掩码]]（mask），通常每个样本各有一个。",
  },
  whyTitle: {
    en: "Why dropout is used",
    zh: "为什么使用 dropout",
  },
  fit: {
    en: "A unit that cannot rely on particular other units has to be useful by itself. [[feature|Features]] that depend on the co-adaptation of several units are broken up. Such features are often overfitted to the training examples.",
    zh: "如果一个单元不能依赖特定的其他单元，它本身就必须有用。依赖单元间共适应的[[feature|特征]]会被打破，而这样的特征往往是对训练样本的过拟合。",
  },
  cost: {
    en: "Fewer units mean fewer multiplications, in theory: with half the units of two adjacent layers, a quarter of the multiplications between them are left. A program saves them only if it skips dropped units instead of multiplying by 0. It may also need more updates to reach the same [[accuracy|accuracy]].",
    zh: "单元少了，理论上乘法次数也少了：相邻两层各留一半单元，其间的乘法只剩四分之一。但是只有真正跳过被丢弃的单元，而不是乘以 0，程序才能省下这些乘法。达到同样的[[accuracy|准确率]]，也可能需要更多次更新。",
  },
  accuracy: {
    en: "In the margin: if computation is saved, is accuracy kept?",
    zh: "页边的问题：节省计算量的同时，准确率能保持吗？",
  },
  ensembleTitle: {
    en: "An [[ensemble|ensemble]] of networks",
    zh: "许多网络的[[ensemble|集成]]",
  },
  ensemble: {
    en: "With $n$ units that can be dropped there are $2^n$ networks, which share one set of weights. Each update improves the networks that were sampled, and thereby changes all others that share their weights. They are not trained separately, as the members of an ordinary ensemble are.",
    zh: "若有 $n$ 个可以丢弃的单元，就有 $2^n$ 个网络，它们共享一组权重。每次更新改进采样到的网络，也因此改变与它们共享权重的其他网络。它们不像普通集成的成员那样单独训练。",
  },
  really: {
    en: "In the margin: is it really ensemble learning?",
    zh: "页边的问题：这真的是集成学习吗？",
  },
  scaleTitle: {
    en: "Why multiply by 1 − p",
    zh: "为什么乘以 1 − p",
  },
  scale: {
    en: "During training, each unit survives with probability $1-p$, so the next layer's expected weighted sum is $1-p$ times its full value. At [[inference|inference]] every unit is active and that sum would be too large. Multiplying the layer's outputs, or the weights that read them, by $1-p$ restores the match:",
    zh: "训练时，每个单元以概率 $1-p$ 保留，所以下一层加权和的期望是完整值的 $1-p$ 倍。[[inference|推理]]时所有单元都参与计算，这个和就会偏大。把该层的输出，或读取它们的权重，乘以 $1-p$，两者就重新一致：",
  },
  inverted: {
    en: "This is exact for the weighted sum itself, but not after a [[nonlinearity|nonlinearity]]: the mean of $\\sigma(z)$ is not $\\sigma$ of the mean of $z$. Today most programs divide by $1-p$ during training instead (inverted dropout), so nothing has to change at inference.",
    zh: "对加权和本身，这是精确的；经过[[nonlinearity|非线性]]之后就不再精确：$\\sigma(z)$ 的均值不等于 $z$ 的均值的 $\\sigma$。如今大多数程序改在训练时除以 $1-p$（inverted dropout），推理时就不需要任何改动。",
  },
  why: {
    en: "In the margin: why 1 − p?",
    zh: "页边的问题：为什么是 1 − p？",
  },
});
