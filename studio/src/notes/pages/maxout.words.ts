import { words } from "../../i18n/words.js";

export default words({
  unit: {
    en: "A maxout unit does not bend one sum. It computes $k$ of them, each with weights of its own, and passes on the largest:",
    zh: "maxout 单元不去弯一个和，而是用各自的权重算出 $k$ 个，把最大的传下去：",
  },
  learned: {
    en: "So the activation itself is learned. With pieces 0 and $x$ it is ReLU, with $sx$ and $x$ leaky ReLU; with more pieces it follows any curve that bends upwards. The gradient goes only to the piece that won, and a piece that never wins never learns.",
    zh: "于是激励函数本身也是学出来的。两段取 0 与 $x$ 就是 ReLU，取 $sx$ 与 $x$ 就是 Leaky ReLU；段数再多，就能贴近任何向上弯的曲线。梯度只流向取胜的那一段，从未取胜的就永远学不到。",
  },
  group: {
    en: "Which sums compete is a matter of counting, not of place: all of them start from random weights, so neighbours are as good a group as any others. What matters is that the groups stay the same.",
    zh: "哪些和放在一起比较，只是编号问题，与位置无关：它们都从随机权重出发，相邻的一组与任意的一组没有区别。要紧的是分组始终不变。",
  },
  neighbours: {
    en: "In the margin: must the units that compete be neighbours?",
    zh: "页边的问题：参加比较的必须是相邻的单元吗？",
  },
});
