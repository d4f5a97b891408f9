import { words } from "../../i18n/words.js";

export default words({
  every: { en: "every network that dropout can leave", zh: "dropout 能留下的每一个网络" },
  everyCaption: {
    en: "One small picture for each choice of kept units: all 2ⁿ functions, which share one set of weights. Learn a little and all of them move together. Choose one to see which units it has.",
    zh: "每种保留方式各有一幅小图：一共 2ⁿ 个函数，共用同一组权重。学几步，它们会一起动。选一个，看看它由哪些单元组成。",
  },
  together: { en: "their average against the scaled network", zh: "它们的平均，对比缩放后的网络" },
  togetherCaption: {
    en: "The average of all, each weighed by its probability, beside the one network in use, whose thinned layer is multiplied by 1 − p. If only a linear layer follows they are the same function; after another tanh they are only close. Without the factor the network is far off.",
    zh: "把全部网络按各自的概率加权平均，再与实际使用的那一个网络相比——它被稀疏的那一层乘上了 1 − p。后面只有线性层时，二者是同一个函数；再隔一层 tanh，就只是接近。若忘了这个系数，差得很远。",
  },
  units: { en: "Hidden units n", zh: "隐藏单元数 n" },
  p: { en: "p, the share that is dropped", zh: "舍弃概率 p" },
  tail: { en: "After the thinned layer", zh: "被稀疏的层之后" },
  linear: { en: "a linear layer", zh: "一层线性层" },
  tanh: { en: "tanh, and then a linear layer", zh: "先 tanh，再线性层" },
  learn: { en: "Learn 20 steps", zh: "学 20 步" },
  networks: { en: "Networks", zh: "网络个数" },
  steps: { en: "Steps learned", zh: "已学步数" },
  one: {
    en: (n: number, kept: string, share: string) => `Network ${n}: keeps ${kept}; probability ${share}`,
    zh: (n: number, kept: string, share: string) => `网络 ${n}：保留 ${kept}；概率 ${share}`,
  },
  none: { en: "no unit", zh: "无单元" },
  grid: { en: "All thinned networks", zh: "全部被稀疏的网络" },
  drawing: {
    en: "The average, the scaled network and the network without the factor",
    zh: "平均、缩放后的网络、未缩放的网络",
  },
  average: { en: "Average of all", zh: "全部的平均" },
  scaled: { en: "Scaled by 1 − p", zh: "乘以 1 − p" },
  unscaled: { en: "Not scaled", zh: "不缩放" },
  single: { en: "The chosen network", zh: "选中的网络" },
  gap: { en: "Largest distance of average and scaled", zh: "平均与缩放的最大差" },
  unscaledGap: { en: "Largest distance of average and not scaled", zh: "平均与未缩放的最大差" },
});
