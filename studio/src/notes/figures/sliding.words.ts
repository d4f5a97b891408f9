// The words of the sliding figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: { en: "Two functions slide over each other", zh: "两条曲线相互滑过" },
  caption: {
    en: "w is reversed and shifted by t, with the slider or the pointer over a plot. The shaded area under the product is s(t), one point of the convolution.",
    zh: "把 w 左右翻转，再平移 t；拖动滑块，或把指针移到图上。乘积下阴影的面积就是 s(t)，即卷积在这一点的值。",
  },
  x: { en: "x", zh: "x" },
  w: { en: "w", zh: "w" },
  t: { en: "t", zh: "t" },
  box: { en: "box", zh: "方波" },
  triangle: { en: "triangle", zh: "三角" },
  bell: { en: "bell", zh: "钟形" },
  decay: { en: "decay", zh: "衰减" },
  above: { en: "x(a), w(t − a) and their product over a", zh: "x(a)、w(t − a) 以及它们的乘积" },
  below: { en: "The convolution s(t); the dot is the chosen t", zh: "卷积 s(t)；圆点是选中的 t" },
  product: { en: "x(a) · w(t − a)", zh: "x(a) · w(t − a)" },
  area: {
    en: "Area under the product",
    zh: "乘积下的面积",
  },
  s: { en: "s(t) of the convolution", zh: "卷积的 s(t)" },
  diceTitle: { en: "The same with two dice", zh: "换成两颗骰子" },
  diceCaption: {
    en: "The first die's probabilities stay in place, the second's are reversed and shifted by s. Aligned values are multiplied, since one die shows a and the other s − a. The sum of the products is the probability of s.",
    zh: "第一颗骰子的概率不动，第二颗的左右翻转，再平移 s。上下对齐的两项相乘，因为一颗掷出 a 时另一颗要掷出 s − a。乘积之和就是和为 s 的概率。",
  },
  lists: {
    en: (sum: number) => `The probabilities of a and, reversed, those of ${sum} − a`,
    zh: (sum: number) => `a 的概率，以及翻转后 ${sum} − a 的概率`,
  },
  first: { en: "First die", zh: "第一颗" },
  second: { en: "Second die", zh: "第二颗" },
  fair: { en: "fair", zh: "均匀" },
  loaded: {
    en: "loaded, favors 6",
    zh: "灌铅，偏向 6",
  },
  low: { en: "loaded, never 6", zh: "灌铅，从不出 6" },
  sum: { en: "Sum s", zh: "和 s" },
  dice: {
    en: (chosen: number) => `Probabilities of the sums 2 to 12; ${chosen} is chosen`,
    zh: (chosen: number) => `和为 2 到 12 的概率；选中 ${chosen}`,
  },
  chance: { en: "probability", zh: "概率" },
  probability: { en: "Probability of s", zh: "和为 s 的概率" },
  ways: { en: "From", zh: "来自" },
});
