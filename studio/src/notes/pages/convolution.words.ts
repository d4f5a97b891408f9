import { words } from "../../i18n/words.js";

export default words({
  integral: {
    en: "Convolution joins two functions into a third. Turn one of them round, slide it over the other, and at each place note the area of their product:",
    zh: "卷积把两个函数合成第三个。把其中一个左右翻转，让它滑过另一个，在每个位置记下乘积的面积：",
  },
  chance: {
    en: "Probability has the same operation: if $x$ and $w$ are the densities of two independent numbers, $s$ is the density of their sum. With dice the integral is a sum.",
    zh: "概率论里的卷积是同一回事：若 $x$ 与 $w$ 是两个独立随机数的密度，$s$ 就是它们之和的密度。换成骰子，积分就成了求和。",
  },
  imageTitle: { en: "Over pictures", zh: "在图像上" },
  image: {
    en: "A picture has two directions, so the kernel is a small table of weights that is turned in both:",
    zh: "图像有两个方向，卷积核便是一张小小的权重表，在两个方向上都翻转：",
  },
  correlation: {
    en: "Leave out the turning and the minus signs become plus; that is correlation:",
    zh: "不翻转，减号就变成加号，这就是相关运算：",
  },
  both: {
    en: "The two differ by the turning alone, and with a kernel that looks the same when turned not at all. A network learns its kernels, so it would simply learn them turned; that is why its layers leave the turning out and are called convolutions all the same. Mathematics keeps it for what it brings: only with the turning may the two be exchanged, $x * w = w * x$.",
    zh: "两者只差一次翻转；若核翻转后与原来相同，就毫无差别。网络的核是学出来的，翻不翻转，它都会相应地学成另一面，所以网络的层省去翻转，仍叫卷积。数学上保留翻转自有道理：只有这样，两个函数才能交换，$x * w = w * x$。",
  },
  called: { en: "In the margin: are both operations called convolution?", zh: "页边的问题：两种运算都叫“卷积”吗？" },
  useTitle: { en: "What it is good for", zh: "它有什么用" },
  use: {
    en: "A kernel looks for one small pattern, and for the same one everywhere: move the picture and the answer moves with it. So a layer needs only as many weights as its kernels have, however large the picture is.",
    zh: "一个核只找一种小图样，而且处处找的都是同一种：图像移动，答案跟着移动。因此不论图像多大，一层的参数只有那几个核的大小。",
  },
  limits: {
    en: "That rests on two beliefs: what belongs together lies close together, and a pattern means the same wherever it is. Sound and pictures are like that. A table whose columns could stand in any order is not.",
    zh: "这依赖两个信念：有关联的东西挨得近；同一图样在哪里意思都一样。声音和图像如此；列的次序可以随意调换的表格则不然。",
  },
  which: { en: "In the margin: which data gain nothing from it?", zh: "页边的问题：哪些数据用它毫无好处？" },
});
