// What the experiment dropout-ensemble asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Is dropout really ensemble learning?", zh: "dropout 真的是集成学习吗？" },
  hypothesis: {
    en: "If dropout works as an ensemble does, four things hold. The scaled network has the accuracy of the mean of its masks. It is at least 0.5 percentage points better than without dropout. It is no worse than independently trained networks of the same budget. And noise that drops no unit does less.",
    zh: "如果 dropout 像集成一样起作用，那么按比例的网络应与掩码的平均同样准确；应比不用 dropout 至少高 0.5 个百分点；应不低于预算相同、独立训练的网络的平均；而从不丢弃单元的噪声应不如它。",
  },
  method: {
    en: "A network of 10 hidden units is tried under all 1,024 masks. A larger one, 784-192-192-10, learns with dropout (p = 0.5) and is tried under 20 random masks: one by one, the mean of their probabilities, and with all units, scaled. Rivals have the same budget: as many parameters, samples and epochs. The rival of that network is the average of 2 networks 784-105-105-10, trained independently without dropout. The rival of 4 averaged networks of the size that a mask leaves (784-96-96-10) is one network with dropout and as many parameters as they have together (784-310-310-10). Controls: a network without dropout, also under masks that it never learned with; and one whose units are multiplied by random factors of the same mean and variance, so that none is dropped.",
    zh: "先把一个 10 个隐藏单元的网络在全部 1,024 种掩码下各试一遍。再用 dropout（p = 0.5）训练较大的 784-192-192-10，然后用 20 个随机掩码来试：逐个看、取概率的平均、以及按比例使用全部单元。预算（参数、样本和轮数）相同的对手：对这个网络，是 2 个独立训练、不用 dropout 的 784-105-105-10 网络的平均；对 4 个与掩码留下部分同样大小的网络（784-96-96-10）的平均，是参数与它们合起来一样多的一个 dropout 网络（784-310-310-10）。对照：一个不用 dropout 的网络，也在训练时没用过的掩码下试；还有一个网络，单元乘以同均值同方差的随机因子，因此从没有单元被丢弃。",
  },
  verdict: {
    en: "Only in part. The scaled network is {scaled-single} percentage points better than a single mask and alike to a rival of the same budget, 2 independently trained networks ({scaled-pair-average} percentage points). Random factors that drop no unit do as well ({noise-scaled} percentage points). After these few epochs no advantage over training without dropout is established ({scaled-plain:interval} percentage points).",
    zh: "只说对了一部分。按比例的网络比单个掩码高 {scaled-single} 个百分点，与预算相同的对手（2 个独立训练的网络）相当（相差 {scaled-pair-average} 个百分点）。从不丢弃单元的随机因子同样好（相差 {noise-scaled} 个百分点）。只训练这么几轮时，并不能确定比不用 dropout 好（{scaled-plain:interval} 个百分点）。",
  },
  details: {
    en: "The scaled network is {scaled-average} percentage points ahead of the mean of the probabilities of its masks ({scaled-average:interval}); whether that is too small to matter is not established. With 10 units, the mean of the logits of all 1,024 masks equals the scaled logits up to rounding (largest difference {few-difference}). The mean of their probabilities is something else. For the larger budget, one network with dropout against 4 of half the width, the difference is {large-apart-average:interval} percentage points, not established. A network that never learned with masks is {untaught-average-plain:size} percentage points worse when averaged over them. Two masks differ in {disagree-masks}% of their answers, independently trained networks in {disagree-apart}%: single masks are poor networks, not independent good ones. So the ensemble rightly describes what the scaled network computes, but regularizing noise explains its accuracy as well.",
    zh: "按比例的网络比掩码的概率平均高 {scaled-average} 个百分点（{scaled-average:interval}），这个差别是否小到没有实际意义，未能确定。10 个单元时，全部 1,024 个掩码的 logits 的平均就是按比例的 logits，差别只是舍入（最大 {few-difference}）；概率的平均是另一回事。预算更大时，一个 dropout 网络对 4 个半宽网络，相差 {large-apart-average:interval} 个百分点，未能确定。训练时没用过掩码的网络，对掩码取平均后比原来低 {untaught-average-plain:size} 个百分点。两个掩码有 {disagree-masks}% 的答案不同，独立训练的网络是 {disagree-apart}%：单个掩码是较差的网络，而不是彼此独立的好网络。所以，用集成来理解“按比例的网络算的是什么”是对的，“起正则作用的噪声”同样能解释它的准确率。",
  },
  rests: { "scaled-single": "more", "scaled-pair-average": "alike", "noise-scaled": "alike", "scaled-plain": "open" },
  labels: {
    "few-logits": {
      en: "10 units: mean of the logits of all 1,024 masks",
      zh: "10 单元：全部 1,024 个掩码的 logits 平均",
    },
    "pair-average": { en: "2 networks of the same budget, mean of probabilities", zh: "2 个预算相同的网络，概率平均" },
    large: { en: "dropout, as many parameters as 4 of half the width", zh: "dropout，参数与 4 个半宽网络一样多" },
    "few-single": { en: "10 units: one mask", zh: "10 单元：单个掩码" },
    "few-average": {
      en: "10 units: mean of the probabilities of all 1,024 masks",
      zh: "10 单元：全部 1,024 个掩码的概率平均",
    },
    "few-scaled": { en: "10 units: all of them, scaled", zh: "10 单元：全部单元，按比例" },
    "few-difference": {
      en: "10 units: largest difference of logits, mean of the masks and scaled",
      zh: "10 单元：掩码平均与按比例的 logits 最大差别",
    },
    plain: { en: "no dropout", zh: "无 dropout" },
    single: { en: "dropout: one mask", zh: "dropout：单个掩码" },
    average: { en: "dropout: mean of the probabilities of 20 masks", zh: "dropout：20 个掩码的概率平均" },
    scaled: { en: "dropout: all units, scaled", zh: "dropout：全部单元，按比例" },
    noise: { en: "random factors, no unit dropped", zh: "随机因子，不丢弃单元" },
    "apart-single": { en: "half as wide, one network", zh: "半宽，单个网络" },
    "apart-average": {
      en: "half as wide, mean of the probabilities of 4 trained apart",
      zh: "半宽，4 个独立训练的概率平均",
    },
    "untaught-single": { en: "no dropout, under one mask", zh: "无 dropout，套单个掩码" },
    "untaught-average": {
      en: "no dropout, mean of the probabilities of 20 masks",
      zh: "无 dropout，20 个掩码的概率平均",
    },
    "disagree-masks": { en: "two masks differ in their answer", zh: "两个掩码答案不同" },
    "disagree-apart": {
      en: "two independently trained networks differ in their answer",
      zh: "两个独立训练的网络答案不同",
    },
  },
} satisfies ExperimentWords;
