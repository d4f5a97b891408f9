import { words } from "../../i18n/words.js";

export default words({
  what: {
    en: "A network that could learn its examples by heart needs a reason not to. Regularization adds one to the cost: large weights are charged for.",
    zh: "一个足以把样本背下来的网络，需要一个不去背的理由。正则化把理由写进代价：权重大，就要多付钱。",
  },
  gradient: {
    en: "Learning then follows the gradient of $J'$. Under the square the pull is $2\\lambda w$: strong on large weights, fading as they shrink, so they become small but rarely 0. Under the absolute value it is $\\lambda\\,\\mathrm{sign}(w)$, as strong on small ones: weights that help less than they are charged for end at 0.",
    zh: "于是学习沿 $J'$ 的梯度走。平方惩罚的拉力是 $2\\lambda w$：权重越大拉得越狠，越小越松，所以权重会变小，却很少变成 0。绝对值惩罚的拉力是 $\\lambda\\,\\mathrm{sign}(w)$，对小权重一样有力：用处抵不上收费的权重，就停在 0。",
  },
  lambda: {
    en: "$\\lambda$ weighs the two wishes. It is found by trying: too small and nothing changes, too large and the data no longer count. Offsets are usually spared, since they do not make a function wiggle.",
    zh: "$\\lambda$ 在两个愿望之间权衡，要靠试：太小等于没有，太大数据就不算数了。偏置通常不罚，因为它不会让函数变得弯弯曲曲。",
  },
});
