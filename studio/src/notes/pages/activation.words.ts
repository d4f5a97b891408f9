import { words } from "../../i18n/words.js";

export default words({
  intro: {
    en: "An activation bends what a layer adds up. Its derivative matters as much as its shape, since on the way back every layer multiplies the gradient by it once. Move the pointer over the curves, and see at the right what ten layers in a row make of a gradient.",
    zh: "激励函数把一层的和“弯”一下。它的导数和它的形状一样要紧，因为反向传播时每过一层就要乘一次。把指针移到曲线上看斜率，右边则是十层叠起来之后梯度还剩多少。",
  },
  sigmoidTitle: { en: "Sigmoid", zh: "Sigmoid" },
  sigmoid: {
    en: "Everything is squeezed between 0 and 1, which suits a probability. The price: both ends are flat, so a unit that is far out hardly learns, and all outputs are positive, so they are not centred on 0.",
    zh: "任何数都被压进 0 与 1 之间，适合表示概率。代价是两端都很平，单元一旦跑远就几乎学不动；而且输出全为正，不以 0 为中心。",
  },
  exponential: { en: "In the margin: is its exponential really costly?", zh: "页边的问题：它的指数运算真的很费时吗？" },
  reluTitle: { en: "ReLU", zh: "ReLU" },
  relu: {
    en: "Half of it is nothing, half is the number itself. It costs one comparison, and where it is open a gradient passes whole, however many layers there are. Where it is shut nothing passes; a unit that is shut for every example no longer learns.",
    zh: "一半是零，一半就是它自己。只需一次比较；打开的一侧，不论多少层，梯度都原样通过。关着的一侧什么也过不去；若一个单元对所有样本都关着，它就再也学不了。",
  },
  negative: {
    en: "In the margin: is it a good thing to drop the negative half?",
    zh: "页边的问题：舍掉负的一半，真是好事吗？",
  },
  leakyTitle: { en: "Leaky ReLU", zh: "Leaky ReLU" },
  leaky: {
    en: "The shut half gets a small slope $s$, so that a gradient always finds a way back. As long as $s$ is below 1 the larger of the two lines is the right one.",
    zh: "给关着的一半一个小斜率 $s$，梯度便总有路可回。只要 $s$ 小于 1，两条线中较大的正好就是所要的那条。",
  },
  eluTitle: { en: "ELU", zh: "ELU" },
  elu: {
    en: "Here the left half is a curve that settles at $-\\alpha$. Outputs can be negative, which brings their mean nearer to 0, and very negative inputs all look alike.",
    zh: "这里左半边是一条趋于 $-\\alpha$ 的曲线。输出可以为负，均值因此更接近 0；而很负的输入看起来都差不多。",
  },
});
