// The text of the note on convolution, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  integral: {
    en: "Convolution combines two functions into a third. Reverse one of them, slide it over the other, and at each position record the area under their product:",
    zh: "卷积把两个函数合成第三个。把其中一个左右翻转，让它滑过另一个，在每个位置记下乘积下的面积：",
  },
  chance: {
    en: "Probability theory uses the same operation: if $x$ and $w$ are the densities of two independent random variables, $s$ is the density of their sum. For dice, the integral is a sum.",
    zh: "概率论里有同样的运算：若 $x$ 与 $w$ 是两个独立随机变量的概率密度，$s$ 就是它们之和的概率密度。对于骰子，积分变成求和。",
  },
  imageTitle: {
    en: "For images",
    zh: "在图像上",
  },
  image: {
    en: "An image has two directions, so the kernel is a small table of weights that is flipped in both:",
    zh: "图像有两个方向，所以卷积核是一张小的权重表，在两个方向上都翻转：",
  },
  correlation: {
    en: "Without the flip, the minus signs become plus. This is [[cross-correlation|cross-correlation]]:",
    zh: "不翻转，减号就变成加号。这就是[[cross-correlation|互相关]]运算：",
  },
  both: {
    en: "The two differ only by the flip, and not at all if the kernel is symmetric. A network learns its kernels, so with a flip it would learn the flipped kernels. That is why its layers leave the flip out, and are still called convolutional. In mathematics the flip matters: only with it can the two functions be exchanged, $x * w = w * x$.",
    zh: "两者只差一次翻转；如果核是对称的，就毫无差别。网络的核是学出来的，若运算翻转核，学到的核也会相应翻转。所以网络的层省去翻转，仍称为卷积层。在数学上翻转有意义：有了它，两个函数才能交换，$x * w = w * x$。",
  },
  called: {
    en: "In the margin: are both operations called convolution?",
    zh: "页边的问题：两种运算都叫“卷积”吗？",
  },
  useTitle: {
    en: "What it is good for",
    zh: "它有什么用",
  },
  use: {
    en: "A kernel detects one small pattern, and the same one everywhere: if the image is shifted, the output is shifted with it. So a layer needs only the weights of its kernels, whatever the size of the image.",
    zh: "一个卷积核检测一种小的模式，在每个位置都一样：图像平移，输出也随之平移。因此不论图像多大，一层只需要卷积核的那些权重。",
  },
  limits: {
    en: "This rests on two assumptions: related values are close together, and a pattern means the same wherever it is. They hold for sound and images. They do not hold for a table whose columns can be in any order.",
    zh: "这依赖两个假设：相关的值彼此靠近；同一模式在任何位置含义相同。声音和图像满足这两点，列的次序可以任意调换的表格则不满足。",
  },
  which: {
    en: "In the margin: which data gain nothing from it?",
    zh: "页边的问题：哪些数据得不到好处？",
  },
});
