// The words of the kernel figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: { en: "A kernel slides over a digit", zh: "卷积核滑过一个数字" },
  caption: {
    en: "The frame shows where the kernel lies. Drag it, click, or use the arrow keys: nine products add up to one cell of the output. With the flip, the kernel is first rotated by 180°; that is convolution. Without it, it is cross-correlation, which is what the layers of networks compute.",
    zh: "方框表示卷积核所在的位置，可以拖动、点选或用方向键移动：九个乘积相加得到输出的一格。打开翻转，核先旋转 180°，这就是卷积；不翻转则是互相关，也就是网络的卷积层所计算的。",
  },
  digit: { en: "Image", zh: "图像" },
  kernel: { en: "Kernel", zh: "卷积核" },
  edge: {
    en: "vertical edges",
    zh: "竖直边缘",
  },
  corner: { en: "a corner", zh: "角" },
  shift: {
    en: "shift by one pixel",
    zh: "平移一个像素",
  },
  blur: { en: "blur", zh: "模糊" },
  own: { en: "your own", zh: "自定义" },
  flip: { en: "Flip the kernel", zh: "翻转卷积核" },
  number: {
    en: (row: number, column: number) => `Kernel, row ${row}, column ${column}`,
    zh: (row: number, column: number) => `卷积核第 ${row} 行第 ${column} 列`,
  },
  numbers: { en: "The kernel's numbers", zh: "卷积核的数值" },
  image: { en: "The digit; arrow keys move the kernel's frame", zh: "数字；方向键移动卷积核的方框" },
  output: {
    en: (value: string) => `The output, 26 by 26; at the frame ${value}; arrow keys move it`,
    zh: (value: string) => `输出，26 × 26；方框处为 ${value}；方向键可移动`,
  },
  lying: {
    en: "The kernel at this position",
    zh: "当前位置的卷积核",
  },
  seen: {
    en: "Pixels covered",
    zh: "覆盖的像素",
  },
  sum: { en: "Sum of the nine products", zh: "九个乘积之和" },
  cell: {
    en: "The output there, by the engine",
    zh: "引擎算出的该处输出",
  },
  loading: { en: "Loading the digits…", zh: "正在载入数字……" },
});
