// The words of the network figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: {
    en: "Two fully connected layers",
    zh: "两个全连接层",
  },
  caption: {
    en: "Every unit shows its output for the inputs of the sliders, and every edge its weight. Switch the activation function off and the whole network is one linear function; its three coefficients appear below.",
    zh: "每个单元显示它对当前输入的输出，每条边显示它的权重。关掉激活函数，整个网络就是一个线性函数，下面给出它的三个系数。",
  },
  first: { en: "x₁", zh: "x₁" },
  second: { en: "x₂", zh: "x₂" },
  activation: {
    en: "Activation function σ",
    zh: "激活函数 σ",
  },
  drawing: {
    en: (value: string) => `The network; its output is ${value}`,
    zh: (value: string) => `网络；输出为 ${value}`,
  },
  output: { en: "Output", zh: "输出" },
  collapsed: {
    en: "The same as one linear function",
    zh: "等价的线性函数",
  },
});
