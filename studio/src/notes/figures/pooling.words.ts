// The words of the pooling figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: { en: "max pooling of a pattern that you shift", zh: "移动图案，看最大池化" },
  caption: {
    en: "Drag the pattern, or move it with the arrow keys or the buttons; click cells to draw. A ring marks the maximum of each window. Compare the share of inputs that changed with the share of outputs: a shift inside the windows changes little, a shift across their borders much. Invariance is approximate, and it depends on where the pattern was.",
    zh: "拖动图案，或用方向键、按钮移动它；点格子可以自己画。圆圈标出各窗口的最大值。比较变化了的输入和输出各占多少：在窗口之内平移变化很少，跨过窗口边界变化很多。不变性只是近似的，取决于图案原来的位置。",
  },
  size: { en: "Window", zh: "窗口" },
  kind: { en: "Pooling", zh: "池化方式" },
  max: {
    en: "max",
    zh: "最大",
  },
  average: { en: "average", zh: "取平均" },
  up: { en: "Up", zh: "上移" },
  down: { en: "Down", zh: "下移" },
  left: { en: "Left", zh: "左移" },
  right: { en: "Right", zh: "右移" },
  back: { en: "Back to the middle", zh: "回到原位" },
  input: {
    en: "The pattern: arrow keys move it, Shift and arrow keys the frame, space turns the framed cell over",
    zh: "图案：方向键移动图案，Shift 加方向键移动方框，空格键翻转方框中的格子",
  },
  output: {
    en: (values: string) => `The output of pooling, row by row: ${values}`,
    zh: (values: string) => `池化的结果，逐行为：${values}`,
  },
  moved: {
    en: (down: number, right: number) => `Moved ${down} down, ${right} right.`,
    zh: (down: number, right: number) => `已下移 ${down}，右移 ${right}。`,
  },
  inputChanged: { en: "Inputs changed", zh: "变了的输入" },
  outputChanged: { en: "Outputs changed", zh: "变了的输出" },
});
