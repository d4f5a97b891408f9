import { words } from "../../i18n/words.js";

export default words({
  descent: { en: "Downhill on the cost of a line", zh: "沿一条直线的代价往下走" },
  descentCaption: {
    en: "Darker is dearer. Each step goes against the gradient, and is as long as the learning rate times its length. Find the rate at which it no longer arrives but runs away.",
    zh: "颜色越深代价越高。每一步都逆着梯度走，步长等于学习率乘梯度的长度。试着找出让它不再收敛而是越跑越远的学习率。",
  },
  batches: { en: "Steps from few samples", zh: "只看少数样本的步子" },
  batchesCaption: {
    en: "With all 32 samples the way is smooth. With fewer each step costs less and points only roughly downhill, so the way trembles and never quite rests at the bottom.",
    zh: "用全部 32 个样本，路线是平滑的。样本越少，一步越便宜，方向也越粗略，于是路线抖动，到谷底也停不稳。",
  },
  penalty: { en: "Where the penalty pulls", zh: "惩罚项往哪里拉" },
  penaltyCaption: {
    en: "The colours are the whole cost J′. With λ its lowest place moves towards 0: under L² all weights shrink in proportion to themselves, under L¹ the less useful w₂ becomes 0 first.",
    zh: "颜色表示总代价 J′。λ 越大，最低点越靠近 0：L² 让权重按自身大小的比例缩小，L¹ 则先把用处小的 w₂ 压到 0。",
  },
  plane: { en: "The cost over the two parameters, and the way taken", zh: "两个参数上的代价，以及走过的路" },
  rate: { en: "Learning rate", zh: "学习率" },
  batch: { en: "Samples of each step", zh: "每步的样本数" },
  kind: { en: "Penalty g(w)", zh: "惩罚 g(w)" },
  l1: { en: "L¹", zh: "L¹" },
  l2: { en: "L², squared", zh: "L² 的平方" },
  lambda: { en: "λ", zh: "λ" },
  steps: { en: "Steps", zh: "步数" },
  cost: { en: "Cost", zh: "代价" },
  first: { en: "First parameter (across)", zh: "第一个参数（横轴）" },
  second: { en: "Second parameter (up)", zh: "第二个参数（纵轴）" },
  samples: { en: "Samples looked at", zh: "看过的样本数" },
});
