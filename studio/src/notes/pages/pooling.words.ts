import { words } from "../../i18n/words.js";

export default words({
  what: {
    en: "Pooling makes a picture smaller by putting one number in the place of each window. Max pooling takes the largest: whether a pattern was found in the window counts, not where exactly.",
    zh: "池化用一个数代替每个窗口，图像随之变小。最大池化取其中最大的：只问窗口里有没有找到图样，不问究竟在哪。",
  },
  maxout: {
    en: "Maxout also takes a largest number, but across several learned sums at one place; pooling takes it over one and the same sum at neighbouring places. The first has weights to learn for each candidate, the second none at all.",
    zh: "maxout 也取最大，但它比较的是同一位置上几个各自学出来的和；池化比较的是同一个和在相邻位置上的值。前者的每个候选都有自己的参数要学，后者一个也没有。",
  },
  like: { en: "In the margin: is it like maxout?", zh: "页边的问题：它像 maxout 吗？" },
  invariance: {
    en: "A small move of the input can leave the same winners in the same windows, and then nothing changes after pooling. But a winner at a window's border leaves it by the smallest move. How often which of the two happens is a matter of measuring.",
    zh: "输入稍微移动，各窗口的优胜者可能还在原来的窗口里，那么池化后毫无变化；但优胜者若在窗口边上，挪一格就出去了。哪种情形有多常见，要测了才知道。",
  },
  how: { en: "In the margin: how invariant is it really?", zh: "页边的问题：它到底有多“不变”？" },
});
