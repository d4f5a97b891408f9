// What each kind of layer computes, in a line.
import type { KindName } from "../../engine/layers.js";
import { type Text, words } from "../../i18n/words.js";

export default words({
  linear: {
    en: "Each unit adds up all inputs, each times its own weight, and a bias.",
    zh: "每个单元把所有输入各乘自己的权重后相加，再加偏置。",
  },
  maxout: {
    en: "Each unit is the largest of several weighted sums.",
    zh: "每个单元取几个加权和中最大的一个。",
  },
  conv2d: {
    en: "Small kernels slide over the maps; each place gets a weighted sum of what the kernel covers.",
    zh: "小小的核在特征图上滑动，每处得到核所盖住部分的加权和。",
  },
  conv1d: { en: "As conv2d, along one axis.", zh: "同 conv2d，只沿一个轴滑动。" },
  convTranspose2d: {
    en: "The reverse of conv2d: each place puts a kernel, times its value, into a larger map.",
    zh: "conv2d 的反方向：每处把核乘以自己的值，放进更大的图里。",
  },
  embedding: {
    en: "Looks up a learned row of numbers for each whole number.",
    zh: "给每个整数查一行学得的数。",
  },
  relu: { en: "max(0, x): negative numbers become 0.", zh: "max(0, x)：负数变成 0。" },
  leakyRelu: { en: "x, or a small part of it if it is negative.", zh: "正数不变，负数只留一小部分。" },
  elu: { en: "x, or α (eˣ − 1) if it is negative.", zh: "正数不变，负数变成 α (eˣ − 1)。" },
  sigmoid: { en: "1 / (1 + e⁻ˣ), from 0 to 1.", zh: "1 / (1 + e⁻ˣ)，在 0 与 1 之间。" },
  tanh: { en: "An S-shaped curve from −1 to 1.", zh: "S 形曲线，在 −1 与 1 之间。" },
  softplus: { en: "ln(1 + eˣ): a smooth ReLU.", zh: "ln(1 + eˣ)：光滑的 ReLU。" },
  gelu: { en: "x times the normal distribution's share below x.", zh: "x 乘以正态分布中小于 x 的比例。" },
  silu: { en: "x times the sigmoid of x.", zh: "x 乘以 sigmoid(x)。" },
  softmax: {
    en: "Probabilities: e to each number, divided by the sum of all. Cross-entropy has its own; none is needed before it.",
    zh: "概率：各数的指数除以总和。交叉熵自带 softmax，前面不必再加。",
  },
  logSoftmax: { en: "Logarithms of what softmax gives.", zh: "softmax 结果的对数。" },
  maxPool2d: { en: "The largest number of each window of a map.", zh: "特征图每个窗口里最大的数。" },
  avgPool2d: { en: "The mean of each window of a map.", zh: "特征图每个窗口的平均值。" },
  globalAvgPool2d: { en: "The mean of each whole map.", zh: "每张特征图的平均值。" },
  maxoutChannels: { en: "The largest of several channels, place by place.", zh: "逐处取几个通道中最大的数。" },
  flatten: {
    en: "All maps as one row of numbers, as linear takes them.",
    zh: "把所有特征图排成一行数，供 linear 使用。",
  },
  dropout: {
    en: "Leaves out random units in each step of training, and none in use.",
    zh: "训练的每一步随机丢掉一些单元，使用时一个不丢。",
  },
  batchNorm1d: {
    en: "Moves and scales each number to mean 0 and variance 1 over the batch.",
    zh: "按整批样本把每个数移到均值 0、缩放到方差 1。",
  },
  batchNorm2d: { en: "As batchNorm1d, for each channel of maps.", zh: "同 batchNorm1d，按特征图的每个通道进行。" },
  layerNorm: {
    en: "Moves and scales the numbers of each sample to mean 0 and variance 1.",
    zh: "把每个样本的各数移到均值 0、缩放到方差 1。",
  },
  misfits: { en: "It does not fit here.", zh: "放在这里接不上。" },
} satisfies Readonly<Record<KindName | "misfits", Text>>);
