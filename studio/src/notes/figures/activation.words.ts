// The words of the activation figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  sigmoid: { en: "Sigmoid", zh: "Sigmoid" },
  relu: { en: "ReLU", zh: "ReLU" },
  leakyRelu: { en: "Leaky ReLU", zh: "Leaky ReLU" },
  elu: { en: "ELU", zh: "ELU" },
  sigmoidCaption: {
    en: "Its slope is at most a quarter, and almost 0 where |z| exceeds 5. Ten layers multiply ten such slopes.",
    zh: "它的斜率最大为四分之一，|z| 超过 5 之后几乎为 0。十层要连乘十个这样的斜率。",
  },
  reluCaption: {
    en: "The slope is 1 or 0: a gradient passes unchanged or not at all. The size of the weights then decides what ten layers do; with a gain of √2 ≈ 1.41 the gradient keeps about its length.",
    zh: "斜率是 1 或 0：梯度要么原样通过，要么完全不通过。十层之后的情形由权重的大小决定；增益为 √2 ≈ 1.41 时，梯度的长度大致不变。",
  },
  leakyReluCaption: {
    en: "For negative inputs the slope is small but not 0, so every unit can go on learning.",
    zh: "对负的输入，斜率很小但不为 0，所以每个单元都能继续学习。",
  },
  eluCaption: {
    en: "For negative inputs the curve approaches −α smoothly. At 0 the slope jumps from α to 1; only with α = 1 is it continuous.",
    zh: "对负的输入，曲线平滑地趋近 −α。在 0 处斜率由 α 跳到 1，只有 α = 1 时才连续。",
  },
  drawing: {
    en: (name: string) => `${name} and its derivative; the pointer or the slider chooses a place`,
    zh: (name: string) => `${name} 及其导数；用指针或滑块选一个位置`,
  },
  slope: {
    en: "Slope for negative inputs",
    zh: "负半轴的斜率",
  },
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
  first: {
    en: "Gradient at the first of ten layers, relative to the last",
    zh: "第一层的梯度与最后一层之比",
  },
  layers: { en: "Ten layers; the gradient comes from the right.", zh: "十层网络；梯度从右边传来。" },
  layer: { en: "layer", zh: "层" },
  length: { en: "log₁₀ of the gradient's length", zh: "梯度长度的 log₁₀" },
});
