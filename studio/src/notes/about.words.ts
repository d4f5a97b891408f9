import { words } from "../i18n/words.js";

/** What each section is about, by the folder of its page. */
export default words({
  network: {
    en: "What a unit does, what a layer is, and why it takes a bend between two layers.",
    zh: "一个单元做什么，一层是什么，为什么两层之间非得“弯”一下。",
  },
  steps: {
    en: "Figure 1: choosing functions, measuring them, improving them, as the loop itself running.",
    zh: "图 1：选函数、衡量、改进，循环就在眼前运行。",
  },
  "gradient-descent": {
    en: "Two parameters on their way down, and the rate at which they run away.",
    zh: "两个参数一路下坡；学习率多大时会越跑越远。",
  },
  backpropagation: {
    en: "Figure 2: the chain rule edge by edge; the paths of a weight add up to its gradient.",
    zh: "图 2：一条边一条边地看链式法则；一个权重的各条路径加起来就是它的梯度。",
  },
  activation: {
    en: "Figures 3 to 6: sigmoid, ReLU, leaky ReLU and ELU, and what ten layers of each do to a gradient. Is the exponential costly? Is dropping the negative half good?",
    zh: "图 3–6：Sigmoid、ReLU、Leaky ReLU、ELU，以及各叠十层后梯度变成什么样。指数运算真的费时吗？舍掉负的一半好吗？",
  },
  maxout: {
    en: "Figure 7: pieces and their upper envelope, being learned. Must the units that compete be neighbours?",
    zh: "图 7：各个线段与它们的上包络，正在学习。参加比较的必须相邻吗？",
  },
  dropout: {
    en: "Figures 8 to 10: a new network at every update, all 2ⁿ of them and their average. Is accuracy kept? Is it an ensemble? Why 1 − p?",
    zh: "图 8–10：每次更新都是新的网络；全部 2ⁿ 个以及它们的平均。精度保得住吗？真是集成吗？为什么是 1 − p？",
  },
  regularization: {
    en: "Where L¹ and L² pull the weights.",
    zh: "L¹ 和 L² 把权重往哪里拉。",
  },
  "mini-batch": {
    en: "Steps that look at few samples: cheap, and a little off.",
    zh: "只看少数样本的步子：便宜，方向略有偏差。",
  },
  convolution: {
    en: "Two curves slide over each other, two dice, a kernel over a digit. Does the flip matter? Which data gain nothing?",
    zh: "两条曲线相互滑过，两颗骰子，一个核滑过数字。翻不翻转有关系吗？哪些数据毫无好处？",
  },
  pooling: {
    en: "Figure 11: max pooling of a pattern that you shift. Is it like maxout? How invariant is it?",
    zh: "图 11：移动图案，看最大池化。它像 maxout 吗？到底有多“不变”？",
  },
});
