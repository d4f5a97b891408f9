import { words } from "../i18n/words.js";

/** What each section is about, by the folder of its page. */
export default words({
  network: {
    en: "What a unit does, what a layer is, and why layers need a nonlinearity between them.",
    zh: "单元做什么，层是什么，为什么层与层之间需要非线性。",
  },
  steps: {
    en: "Figure 1: choose a set of functions, measure the loss, improve. The loop is running.",
    zh: "图 1：选定一族函数，计算损失，改进。循环正在运行。",
  },
  "gradient-descent": {
    en: "Two parameters on the way to the minimum, and the learning rate at which they diverge.",
    zh: "两个参数走向最小值；学习率多大时会发散。",
  },
  backpropagation: {
    en: "Figure 2: the chain rule, edge by edge. The paths of a weight add up to its gradient.",
    zh: "图 2：逐条边看链式法则。一个权重的各条路径相加就是它的梯度。",
  },
  activation: {
    en: "Figures 3 to 6: sigmoid, ReLU, leaky ReLU and ELU, and what ten layers of each do to a gradient. Is the exponential costly? Is it good to drop the negative half?",
    zh: "图 3–6：Sigmoid、ReLU、Leaky ReLU、ELU，以及梯度穿过十层之后的情形。指数运算费时吗？舍去负半轴好吗？",
  },
  maxout: {
    en: "Figure 7: linear pieces and their upper envelope, during training. Must the units of a group be adjacent?",
    zh: "图 7：训练中的各线性片段及其上包络。同一组的单元必须相邻吗？",
  },
  dropout: {
    en: "Figures 8 to 10: a new network for every update, all 2ⁿ of them, and their average. Is accuracy kept? Is it an ensemble? Why 1 − p?",
    zh: "图 8–10：每次更新都是新的网络；全部 2ⁿ 个网络以及它们的平均。准确率能保持吗？真的是集成吗？为什么是 1 − p？",
  },
  regularization: {
    en: "A polynomial that overfits, a penalty that reduces it, and where L¹ and L² pull the weights.",
    zh: "一个过拟合的多项式，减轻过拟合的惩罚，以及 L¹ 与 L² 把权重往哪里拉。",
  },
  "mini-batch": {
    en: "Steps that use few samples: cheap, with a noisy direction.",
    zh: "只用少数样本的步：计算量小，方向有噪声。",
  },
  convolution: {
    en: "Two curves slide over each other, two dice, a kernel over a digit. Does the flip matter? Which data gain nothing?",
    zh: "两条曲线相互滑过，两颗骰子，卷积核滑过数字。翻转重要吗？哪些数据得不到好处？",
  },
  pooling: {
    en: "Figure 11: max pooling of a pattern that you shift. Is it like maxout? How invariant is it?",
    zh: "图 11：平移图案，观察最大池化。它像 maxout 吗？到底有多“不变”？",
  },
  glossary: {
    en: "The terms of both languages, and what each means.",
    zh: "两种语言的术语，以及各自的含义。",
  },
});
