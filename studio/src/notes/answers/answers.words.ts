// The words around the experiments' answers in the notes.
import { words } from "../../i18n/words.js";

export default words({
  answer: { en: "Answer by measurement", zh: "用测量来回答" },
  measured: { en: "Measured", zh: "测得" },
  differences: {
    en: "The verdict rests on differences, seed by seed; within the wide band a size would not matter",
    zh: "结论的依据：逐个种子的差；宽带之内的差没有实际意义",
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
  also: { en: "Also", zh: "另外" },
  more: { en: "more", zh: "更高" },
  less: { en: "less", zh: "更低" },
  alike: {
    en: (matters: string) => `alike: within ±${matters}, too small to matter`,
    zh: (matters: string) => `相当：在 ±${matters} 之内，没有实际意义`,
  },
  unmeasured: { en: "not established: one set of seeds", zh: "未能确定：只有一组种子" },
  zero: { en: "not established: the interval includes 0", zh: "未能确定：区间包含 0" },
  small: {
    en: (matters: string) =>
      `not established: not 0, but below ${matters}, the size that would matter, fixed beforehand`,
    zh: (matters: string) => `未能确定：不是 0，但小于事先规定的界限 ${matters}`,
  },
  beyond: {
    en: (matters: string) =>
      `not established: not 0; the mean is below ${matters}, the size that would matter, fixed beforehand, and the interval reaches beyond it`,
    zh: (matters: string) => `未能确定：不是 0；均值小于事先规定的界限 ${matters}，而区间超过它`,
  },
  apart: {
    en: "not established: the two sets of seeds do not both show it",
    zh: "未能确定：两组种子并没有都显示出来",
  },
  figure: {
    en: "Dot: mean. Bar: 95% confidence interval. Ticks: single seeds. Of a difference also: wide band, sizes that would not matter (alike: both sets lie within it); thin lines, the intervals of the first and the second half of the seeds.",
    zh: "圆点：均值。横条：95% 置信区间。短竖线：各个种子。差的图上另有：宽带是没有实际意义的范围（“相当”：两组都在其中）；细线是前一半与后一半种子各自的区间。",
  },
  curves: {
    en: (curves: string, x: string) => `${curves}, by ${x}; bars are confidence intervals`,
    zh: (curves: string, x: string) => `${curves}，随${x}而变；竖条是置信区间`,
  },
  numbers: { en: "The numbers of the curves", zh: "曲线的数值" },
  how: { en: "Method", zh: "测量方法" },
  again: {
    en: (date: string, seeds: number) =>
      `These numbers are stored: measured on ${date} with ${seeds} seeds. To compute them again:`,
    zh: (date: string, seeds: number) => `这些数值是存好的：测于 ${date}，共 ${seeds} 个种子。要重新算出：`,
  },
});
