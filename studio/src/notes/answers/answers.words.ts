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
    en: (machine: string) => `Times, of this machine only: ${machine}`,
    zh: (machine: string) => `用时，只对这台机器成立：${machine}`,
  },
  mean: { en: "Mean", zh: "均值" },
  interval: { en: "95 % confidence interval", zh: "95% 置信区间" },
  what: { en: "What", zh: "项目" },
  value: { en: "Number", zh: "数值" },
  unclear: { en: "could be none", zh: "也可能毫无差别" },
  none: { en: "none with any seed", zh: "每个种子都毫无差别" },
  figure: {
    en: "A dot is the mean, the bar its confidence interval, small strokes are single seeds.",
    zh: "圆点是均值，横条是置信区间，小竖线是各个种子。",
  },
  curves: {
    en: (curves: string, x: string) => `${curves}, by ${x}; bars are confidence intervals`,
    zh: (curves: string, x: string) => `${curves}，随${x}而变；竖条是置信区间`,
  },
  numbers: { en: "The numbers of the curves", zh: "曲线的数值" },
  how: { en: "How it was measured", zh: "怎么测的" },
  again: {
    en: (date: string, seeds: number) =>
      `Measured on ${date} with ${seeds} seeds; the same seeds give the same numbers:`,
    zh: (date: string, seeds: number) => `测于 ${date}，共 ${seeds} 个种子；种子相同，数值便相同：`,
  },
});
