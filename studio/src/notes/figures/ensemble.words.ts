// The words of the ensemble figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  every: {
    en: "every network that dropout can leave",
    zh: "dropout 能留下的每一个网络",
  },
  everyCaption: {
    en: "One small picture for each choice of kept units: all 2ⁿ functions, which share one set of weights. Train for a few steps and all of them change together. Choose one to see which units it keeps.",
    zh: "每种保留方式各有一幅小图：一共 2ⁿ 个函数，共享同一组权重。训练几步，它们会一起变化。选一个，看看它保留哪些单元。",
  },
  together: {
    en: "their average and the scaled network",
    zh: "它们的平均与缩放后的网络",
  },
  togetherCaption: {
    en: "The average of all networks, weighted by their probabilities, beside the one network that is used at inference, whose layer is multiplied by 1 − p. If only a linear layer follows, they are the same function; after another tanh they are only close. Without the factor it is another function.",
    zh: "全部网络按各自的概率加权平均，旁边是推理时使用的网络，它的那一层乘以 1 − p。后面只有线性层时，二者是同一个函数；再经过一层 tanh，就只是接近。没有这个系数，就是另一个函数。",
  },
  units: { en: "Hidden units n", zh: "隐藏单元数 n" },
  p: {
    en: "Drop probability p",
    zh: "丢弃概率 p",
  },
  tail: {
    en: "After the layer with dropout",
    zh: "dropout 层之后",
  },
  linear: { en: "a linear layer", zh: "一层线性层" },
  tanh: { en: "tanh, and then a linear layer", zh: "先 tanh，再线性层" },
  learn: {
    en: "Train 20 steps",
    zh: "训练 20 步",
  },
  networks: { en: "Networks", zh: "网络个数" },
  steps: {
    en: "Steps trained",
    zh: "已训练步数",
  },
  one: {
    en: (n: number, kept: string, share: string) => `Network ${n}: ${kept}; probability ${share}`,
    zh: (n: number, kept: string, share: string) => `网络 ${n}：${kept}；概率 ${share}`,
  },
  kept: { en: (units: string) => `keeps ${units}`, zh: (units: string) => `保留单元 ${units}` },
  none: { en: "keeps no unit", zh: "一个单元也不保留" },
  grid: {
    en: "All networks",
    zh: "全部网络",
  },
  drawing: {
    en: "The average, the scaled network and the network without the factor",
    zh: "平均、缩放后的网络、未缩放的网络",
  },
  average: { en: "Average of all", zh: "全部的平均" },
  scaled: { en: "Scaled by 1 − p", zh: "乘以 1 − p" },
  unscaled: { en: "Not scaled", zh: "不缩放" },
  single: { en: "The chosen network", zh: "选中的网络" },
  gap: {
    en: "Largest difference: average and scaled",
    zh: "平均与缩放的最大差",
  },
  unscaledGap: {
    en: "Largest difference: average and not scaled",
    zh: "平均与未缩放的最大差",
  },
});
