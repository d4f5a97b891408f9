// The words of the descent figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  descent: {
    en: "Descending the cost surface of a line fit",
    zh: "直线拟合：沿代价曲面下降",
  },
  descentCaption: {
    en: "The stronger the blue, the higher the cost. Each step goes against the gradient; its length is the learning rate times the length of the gradient. Find the learning rate at which the steps diverge instead of converging.",
    zh: "蓝色越浓，代价越高。每一步都逆着梯度，步长等于学习率乘以梯度的长度。找出让它发散而不是收敛的学习率。",
  },
  batches: {
    en: "Steps from few samples",
    zh: "只用少数样本的步",
  },
  batchesCaption: {
    en: "With all 32 samples the path is smooth. With fewer, each step costs less and its direction is noisier, so the path fluctuates and does not come to rest at the minimum.",
    zh: "用全部 32 个样本时，路线是平滑的。样本越少，一步的计算量越小，方向的噪声越大，于是路线抖动，在最小值处也停不下来。",
  },
  penalty: {
    en: "How the penalty moves the minimum",
    zh: "惩罚项怎样移动最小值",
  },
  penaltyCaption: {
    en: "The color is the total cost J′. As λ grows, its minimum moves toward 0. L² pulls each weight in proportion to its size. L¹ pulls all with the same force, and at the minimum the less useful w₂ is the first to be 0. Its derivative has a corner there, so [[subgradient|subgradient]] steps jump around it. [[proximal-step|Proximal steps]] (dashed) move each weight toward 0 by ηλ and stop it there.",
    zh: "颜色表示总代价 J′。λ 增大时，最小值向 0 移动。L² 对每个权重的拉力与它的大小成正比。L¹ 对所有权重的拉力相同，在最小值处用处较小的 w₂ 先变成 0。导数在 0 处有拐角，所以[[subgradient|次梯度]]的步在它附近跳动。[[proximal-step|近端步]]（虚线）把每个权重向 0 移动 ηλ，到 0 就停住。",
  },
  plane: {
    en: "The cost over the two parameters, and the path",
    zh: "两个参数上的代价，以及路线",
  },
  rate: { en: "Learning rate", zh: "学习率" },
  batch: {
    en: "Samples per step",
    zh: "每步的样本数",
  },
  kind: { en: "Penalty g(w)", zh: "惩罚 g(w)" },
  l1: { en: "L¹", zh: "L¹" },
  l2: { en: "L², squared", zh: "L² 的平方" },
  lambda: { en: "λ", zh: "λ" },
  subgradient: { en: "Subgradient steps", zh: "次梯度的步" },
  proximal: { en: "Proximal steps", zh: "近端步" },
  secondProximal: { en: "Second parameter by proximal steps", zh: "第二个参数，近端步" },
  diverges: {
    en: "The steps diverge: each overshoots the minimum by more than the last. Choose a smaller learning rate.",
    zh: "发散了：每一步越过最小值的距离都比上一步大。请选小一些的学习率。",
  },
  steps: { en: "Steps", zh: "步数" },
  cost: { en: "Cost", zh: "代价" },
  first: { en: "First parameter (across)", zh: "第一个参数（横轴）" },
  second: { en: "Second parameter (up)", zh: "第二个参数（纵轴）" },
  samples: {
    en: "Samples used",
    zh: "用过的样本数",
  },
});
