// The text of the note on maxout, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  unit: {
    en: "A maxout unit has no fixed [[activation|activation function]]. It computes $k$ weighted sums, each with its own weights, and outputs the largest:",
    zh: "maxout 单元没有固定的[[activation|激活函数]]。它用各自的权重计算 $k$ 个加权和，输出其中最大的一个：",
  },
  learned: {
    en: "So the activation function itself is learned. With the [[linear-piece|linear pieces]] 0 and $x$ it is ReLU, with $sx$ and $x$ leaky ReLU. With more pieces it approximates any convex function. The [[gradient|gradient]] goes only to the largest piece; a piece that is never the largest does not learn.",
    zh: "于是激活函数本身也是学出来的。[[linear-piece|线性片段]]取 0 与 $x$ 就是 ReLU，取 $sx$ 与 $x$ 就是 Leaky ReLU。片段再多，就能逼近任何凸函数。[[gradient|梯度]]只流向最大的片段；从未成为最大值的片段学不到东西。",
  },
  group: {
    en: "Which sums form a group does not matter: all of them start from random weights, so adjacent units are no better a group than any others. What matters is that the groups do not change.",
    zh: "哪些和组成一组并不重要：它们都从随机权重开始，相邻的单元组成一组，并不比其他分法更好。重要的是分组保持不变。",
  },
  neighbours: {
    en: "In the margin: must the units of a group be adjacent?",
    zh: "页边的问题：同一组的单元必须相邻吗？",
  },
});
