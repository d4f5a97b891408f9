// The text of the note on activation, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  intro: {
    en: "An [[activation|activation function]] applies a [[nonlinearity|nonlinearity]] to the weighted sum. Its derivative matters as much as its shape, because backpropagation multiplies the [[gradient|gradient]] by it once per layer. Move the pointer over the curves, and, on the right, watch a gradient pass through ten layers.",
    zh: "[[activation|激活函数]]对加权和施加[[nonlinearity|非线性]]变换。它的导数和形状同样重要，因为反向传播每过一层，[[gradient|梯度]]就要乘一次导数。把指针移到曲线上查看斜率；右边显示梯度穿过十层的情形。",
  },
  sigmoidTitle: {
    en: "Sigmoid",
    zh: "Sigmoid",
  },
  sigmoid: {
    en: "The sigmoid maps every number to the interval from 0 to 1, which suits a probability. It has two drawbacks. Both ends are flat, so a saturated unit hardly learns. And its outputs are positive, so they are not centered on 0.",
    zh: "Sigmoid 把任何数映射到 0 与 1 之间，适合表示概率。它有两个缺点。两端都很平，单元进入饱和区后几乎学不动。输出全为正，不以 0 为中心。",
  },
  exponential: {
    en: "In the margin: is its exponential really costly?",
    zh: "页边的问题：它的指数运算真的很费时吗？",
  },
  reluTitle: {
    en: "ReLU",
    zh: "ReLU",
  },
  relu: {
    en: "ReLU sets negative numbers to 0 and leaves positive ones unchanged. It costs one comparison. A unit that is active passes its gradient on unchanged, whatever the number of layers. A unit that is inactive passes nothing; if it is inactive for every example, it stops learning.",
    zh: "ReLU 把负数变为 0，正数保持不变，只需要一次比较。激活的单元把梯度原样传下去，与层数无关。未激活的单元什么也不传；如果它对所有样本都不激活，就不再学习。",
  },
  negative: {
    en: "In the margin: is it good to drop the negative half?",
    zh: "页边的问题：舍去负半轴是好事吗？",
  },
  leakyTitle: {
    en: "Leaky ReLU",
    zh: "Leaky ReLU",
  },
  leaky: {
    en: "Negative inputs get a small slope $s$, so every unit always has a gradient. While $s$ is below 1, the function is the larger of the two lines.",
    zh: "负的输入得到一个小斜率 $s$，所以每个单元总有梯度。只要 $s$ 小于 1，这个函数就是两条直线中较大的那个。",
  },
  eluTitle: {
    en: "ELU",
    zh: "ELU",
  },
  elu: {
    en: "For negative inputs ELU is an exponential curve that approaches $-\\alpha$. Outputs can be negative, so their mean is closer to 0. All very negative inputs give nearly the same output.",
    zh: "对负的输入，ELU 是一条趋近 $-\\alpha$ 的指数曲线。输出可以为负，因此均值更接近 0。很负的输入，输出几乎相同。",
  },
});
