import { words } from "../../i18n/words.js";

export default words({
  title: { en: "A kernel slides over a digit", zh: "卷积核滑过一个数字" },
  caption: {
    en: "The frame is where the kernel lies: drag it, click, or use the arrow keys; nine products are added to one cell of the output. With the flip on the kernel is turned round first: that is convolution by the book. Without it, it is correlation, which is what layers of networks compute.",
    zh: "方框是卷积核所在之处，可拖动、点选，或用方向键移动；九个乘积相加，得到输出的一格。打开翻转，核先旋转半圈，这是书上的卷积；不翻转则是相关运算，也就是网络的卷积层实际所算的。",
  },
  digit: { en: "Digit", zh: "数字" },
  kernel: { en: "Kernel", zh: "卷积核" },
  edge: { en: "upright edges", zh: "竖直边缘" },
  corner: { en: "a corner", zh: "角" },
  shift: { en: "one pixel aside", zh: "移动一格" },
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
    en: (value: string) => `What comes out, 26 by 26; at the frame ${value}; arrow keys move it`,
    zh: (value: string) => `输出，26 × 26；方框处为 ${value}；方向键可移动`,
  },
  lying: { en: "The kernel as it lies there", zh: "此处放着的核" },
  seen: { en: "What it meets", zh: "它遇到的像素" },
  sum: { en: "Sum of the nine products", zh: "九个乘积之和" },
  cell: { en: "The output there, by the engine", zh: "引擎算出的该处输出" },
  loading: { en: "Loading the digits…", zh: "正在载入数字……" },
});
