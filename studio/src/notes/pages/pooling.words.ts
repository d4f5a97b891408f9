// The text of the note on pooling, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  what: {
    en: "Pooling makes an image smaller: it replaces each window by one number. [[pooling|Max pooling]] takes the largest. It keeps whether a pattern was found in the window, but not exactly where.",
    zh: "池化让图像变小：它用一个数代替每个窗口。[[pooling|最大池化]]取窗口中的最大值。它保留窗口里是否找到了模式，不保留确切的位置。",
  },
  maxout: {
    en: "Maxout also takes a maximum, but over several learned sums at one place. Pooling takes it over one sum at adjacent places. In maxout every candidate has parameters to learn; pooling has none.",
    zh: "maxout 也取最大值，但它比较的是同一位置上几个各自学到的和；池化比较的是同一个和在相邻位置上的值。maxout 的每个候选都有要学的参数，池化没有参数。",
  },
  like: {
    en: "In the margin: is it like maxout?",
    zh: "页边的问题：它像 maxout 吗？",
  },
  invariance: {
    en: "A small shift of the input can leave the same maximum in the same window; then the output does not change. A maximum at the border of a window leaves it after a shift by one pixel. How often each happens has to be measured.",
    zh: "输入稍微平移，最大值可能仍在同一个窗口里，输出就不变。位于窗口边缘的最大值，平移一个像素就会离开窗口。两种情况各有多常见，需要测量。",
  },
  how: {
    en: "In the margin: how invariant is it really?",
    zh: "页边的问题：它到底有多“不变”？",
  },
});
