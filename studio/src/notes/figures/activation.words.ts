import { words } from "../../i18n/words.js";

export default words({
  sigmoid: { en: "Sigmoid", zh: "Sigmoid" },
  relu: { en: "ReLU", zh: "ReLU" },
  leakyRelu: { en: "Leaky ReLU", zh: "Leaky ReLU" },
  elu: { en: "ELU", zh: "ELU" },
  sigmoidCaption: {
    en: "Its slope is never more than a quarter, and almost nothing once |z| passes 5. Ten layers multiply ten such slopes.",
    zh: "它的斜率最大只有四分之一，|z| 超过 5 以后几乎为零。十层就要连乘十个这样的斜率。",
  },
  reluCaption: {
    en: "The slope is 1 or 0, nothing between: a gradient passes unharmed or not at all. The weights' size then decides what ten layers do; at a gain of √2 ≈ 1.41 it stays about the same.",
    zh: "斜率不是 1 就是 0：梯度要么原样通过，要么完全被挡住。十层之后如何，就看权重的大小；增益取 √2 ≈ 1.41 时大致不变。",
  },
  leakyReluCaption: {
    en: "To the left of 0 the slope is small but not nothing, so no unit is cut off from learning for good.",
    zh: "0 的左侧斜率很小但不为零，因此没有单元会被永远挡在学习之外。",
  },
  eluCaption: {
    en: "The left half bends smoothly towards −α. At 0 the slope jumps from α to 1, and only α = 1 makes it continuous.",
    zh: "左半边平滑地弯向 −α。在 0 处斜率由 α 跳到 1，只有 α = 1 时才连续。",
  },
  drawing: {
    en: (name: string) => `${name} and its derivative; the pointer or the slider chooses a place`,
    zh: (name: string) => `${name} 及其导数；用指针或滑块选一个位置`,
  },
  slope: { en: "Slope of the left half", zh: "左半边的斜率" },
  alpha: { en: "α", zh: "α" },
  gain: { en: "Size of the weights (gain)", zh: "权重大小（增益）" },
  z: { en: "z", zh: "z" },
  value: { en: "Value", zh: "函数值" },
  derivative: { en: "Derivative", zh: "导数" },
  tangent: { en: "Tangent", zh: "切线" },
  stack: {
    en: (share: string) =>
      `Length of the gradient in front of each of ten layers; the first layer gets ${share} of the last`,
    zh: (share: string) => `十层中每一层之前梯度的长度；第一层得到的是最后的 ${share}`,
  },
  first: { en: "What reaches the first of ten layers, as a share", zh: "十层中到达第一层的梯度占比" },
  layers: { en: "Ten layers, gradient from right to left (logarithmic)", zh: "十层网络，梯度从右往左传（对数刻度）" },
});
