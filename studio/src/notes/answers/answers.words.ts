// The words around the experiments' answers in the notes.
import { words } from "../../i18n/words.js";

export default words({
  answer: { en: "Answer by measurement", zh: "用测量来回答" },
  measured: { en: "Measured", zh: "测得" },
  differences: {
    en: "The verdict rests on differences, seed by seed; within the wide band a size would not matter",
    zh: "结论的依据：逐个种子的差；宽带之内的大小不要紧",
  },
  others: { en: "Other differences, seed by seed", zh: "其他的差，逐个种子" },
  all: { en: "Hypothesis, method and all numbers", zh: "假设、测量方法和全部数值" },
  counted: { en: "Counted", zh: "计数" },
  timed: {
    en: (machine: string) => `Times on this machine only: ${machine}`,
    zh: (machine: string) => `用时，只对这台机器成立：${machine}`,
  },
  mean: { en: "Mean", zh: "均值" },
  interval: { en: "95% interval", zh: "95% 置信区间" },
  what: { en: "Quantity", zh: "项目" },
  value: { en: "Value", zh: "数值" },
  more: { en: "more", zh: "更高" },
  less: { en: "less", zh: "更低" },
  alike: { en: "alike", zh: "相当" },
  open: { en: "not established", zh: "未能确定" },
  figure: {
    en: "Dot: mean. Bar: 95% confidence interval. Ticks: single seeds. Of a difference also: wide band, sizes that would not matter (alike: both sets lie within it); thin lines, the intervals of the first and the second half of the seeds.",
    zh: "圆点：均值。横条：95% 置信区间。短竖线：各个种子。差的图上另有：宽带是大小不要紧的范围（“相当”：两组都在其中）；细线是前一半与后一半种子各自的区间。",
  },
  curves: {
    en: (curves: string, x: string) => `${curves}, by ${x}; bars are confidence intervals`,
    zh: (curves: string, x: string) => `${curves}，随${x}而变；竖条是置信区间`,
  },
  numbers: { en: "The numbers of the curves", zh: "曲线的数值" },
  how: { en: "Method", zh: "测量方法" },
  again: {
    en: (date: string, seeds: number) =>
      `These numbers are stored: measured on ${date} with ${seeds} seeds. To have them worked out again:`,
    zh: (date: string, seeds: number) => `这些数值是存好的：测于 ${date}，共 ${seeds} 个种子。要重新算出：`,
  },
});
