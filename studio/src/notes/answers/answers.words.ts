// The words around the experiments' answers in the notes.
import { words } from "../../i18n/words.js";

export default words({
  answer: { en: "Answer by measurement", zh: "用测量来回答" },
  measured: { en: "Measured", zh: "测得" },
  differences: { en: "Differences, seed by seed", zh: "逐个种子的差" },
  compared: {
    en: (n: number) => `${n} paired differences, with their intervals`,
    zh: (n: number) => `${n} 个配对差及其区间`,
  },
  counted: { en: "Counted", zh: "计数" },
  timed: {
    en: (machine: string) => `Times on this machine only: ${machine}`,
    zh: (machine: string) => `用时，只对这台机器成立：${machine}`,
  },
  mean: { en: "Mean", zh: "均值" },
  interval: { en: "95% confidence interval", zh: "95% 置信区间" },
  what: { en: "Quantity", zh: "项目" },
  value: { en: "Value", zh: "数值" },
  unclear: { en: "the interval contains 0", zh: "区间包含 0，差异不明确" },
  none: { en: "exactly 0 for every seed", zh: "每个种子都恰好为 0" },
  figure: {
    en: "Dot: mean. Bar: 95% confidence interval. Ticks: single seeds.",
    zh: "圆点：均值。横条：95% 置信区间。短竖线：各个种子。",
  },
  curves: {
    en: (curves: string, x: string) => `${curves}, by ${x}; bars are confidence intervals`,
    zh: (curves: string, x: string) => `${curves}，随${x}而变；竖条是置信区间`,
  },
  numbers: { en: "The numbers of the curves", zh: "曲线的数值" },
  how: { en: "Method", zh: "测量方法" },
  again: {
    en: (date: string, seeds: number) =>
      `Measured on ${date} with ${seeds} seeds; the same seeds give the same numbers:`,
    zh: (date: string, seeds: number) => `测于 ${date}，共 ${seeds} 个种子；种子相同，数值便相同：`,
  },
});
