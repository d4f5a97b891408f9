// The text of the note on regularization, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  over: {
    en: "A network with many weights can memorize its training examples, noise included. Its cost on them is low, and its answers to others are poor: that is [[overfitting|overfitting]].",
    zh: "权重很多的网络可以把训练样本记住，连噪声也一起记住。它在训练样本上代价很低，对别的样本却答得不好：这就是[[overfitting|过拟合]]。",
  },
  penalty: { en: "A penalty for large weights", zh: "对大权重的惩罚" },
  what: {
    en: "To keep a network from memorizing, its objective has to change. Regularization adds a term to the [[cost|cost]]: a penalty for large weights.",
    zh: "要让网络不去死记，就要改变它的目标。正则化在[[cost|代价]]里加一项：对大的权重施加惩罚。",
  },
  gradient: {
    en: "Training then follows the [[gradient|gradient]] of $J'$. The gradient of the squared penalty is $2\\lambda w$: strong for large weights and weak for small ones, so weights become small but rarely 0. The gradient of the absolute value is $\\lambda\\,\\mathrm{sign}(w)$, just as strong for small weights. At the minimum, weights that reduce the cost by less than their penalty are exactly 0. Steps along a [[subgradient|subgradient]] only jump around that 0; a [[proximal-step|proximal step]] reaches it.",
    zh: "训练于是沿 $J'$ 的[[gradient|梯度]]进行。平方惩罚的梯度是 $2\\lambda w$：权重大时强，权重小时弱，所以权重会变小，但很少变成 0。绝对值惩罚的梯度是 $\\lambda\\,\\mathrm{sign}(w)$，对小权重同样强。在最小值处，降低的代价抵不上惩罚的权重恰好为 0。沿[[subgradient|次梯度]]的步只在这个 0 附近跳动；[[proximal-step|近端步]]会到达它。",
  },
  lambda: {
    en: "$\\lambda$ balances the two goals and is found by trying values. If it is too small nothing changes; if it is too large the data no longer matter. Biases are usually not penalized, since they do not make a function more complex.",
    zh: "$\\lambda$ 平衡两个目标，要通过尝试来选择。太小，没有作用；太大，数据就不起作用。偏置通常不惩罚，因为它们不会让函数变得更复杂。",
  },
});
