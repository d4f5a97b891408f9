import { words } from "../../i18n/words.js";

export default words({
  title: { en: "Two fully connected layers at work", zh: "两层全连接网络在工作" },
  caption: {
    en: "Every unit holds its output for the inputs of the sliders. Switch the activation off, and the whole network is one linear function; its three numbers appear below.",
    zh: "每个单元里写着它对当前输入的输出。关掉激励函数，整个网络就只是一个线性函数，下面会给出它的三个参数。",
  },
  first: { en: "x₁", zh: "x₁" },
  second: { en: "x₂", zh: "x₂" },
  activation: { en: "Activation σ", zh: "激励函数 σ" },
  drawing: {
    en: (value: string) => `The network; its output is ${value}`,
    zh: (value: string) => `网络；输出为 ${value}`,
  },
  output: { en: "Output", zh: "输出" },
  collapsed: { en: "One linear function gives the same", zh: "同一个线性函数给出" },
});
