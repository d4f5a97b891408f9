import { words } from "../../i18n/words.js";

export default words({
  what: {
    en: "The cost is a sum over all examples, and its gradient needs all of them. But the mean over a few, drawn by chance, points about the same way and costs far less. So the examples are shuffled and cut into batches, and each batch gives one update of all parameters:",
    zh: "代价是对全部样本求和，它的梯度也就要用到全部样本。但随机取几个求平均，方向大致相同，花费却少得多。于是把样本打乱、切成小批，每批更新一次全部参数：",
  },
  epoch: {
    en: "When every batch has had its turn, an epoch is over. The error of the batch's gradient falls with the root of its size only: four times the samples, half the noise. Beyond some size more samples in a step do less than more steps.",
    zh: "每一批都轮过一次，就是一个 epoch。小批梯度的误差只随批量的平方根下降：样本四倍，噪声减半。批量大到一定程度，一步多看几个样本，就不如多走几步。",
  },
  size: {
    en: "The noise is no mere loss: it can shake the parameters out of poor places. And a computer multiplies matrices of many samples at once more efficiently than one sample after the other.",
    zh: "噪声也不全是坏事：它能把参数从不好的地方摇出来。而且对计算机来说，许多样本拼成矩阵一起乘，比一个一个来划算。",
  },
});
