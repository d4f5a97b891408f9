// What the experiment dropout-ensemble asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Is dropout really ensemble learning?", zh: "dropout 真的是集成学习吗？" },
  method: {
    en: "A network of 10 hidden units is tried under all 1,024 masks. A larger one, 784-256-256-10, learns with dropout (p = 0.5) and is tried under 40 random masks: one by one, their mean, and with all units. Against it: 8 networks of the size that a mask leaves (784-128-128-10), trained apart without dropout; 8 networks with dropout; a network without dropout, also under masks it never learned with; and one whose units are multiplied by random factors of the same mean and variance, so that none is ever left out.",
    zh: "先把一个 10 个隐藏单元的网络在全部 1,024 种掩码下各试一遍。再让较大的 784-256-256-10 用 dropout（p = 0.5）学习，然后用 40 个随机掩码来试：逐个看、取平均、以及用全部单元。对照有：8 个与掩码留下部分同样大小的网络（784-128-128-10），不用 dropout，各学各的；8 个用 dropout 的网络；一个不用 dropout 的网络，也拿从没学过的掩码来试；还有一个网络，单元乘以同均值同方差的随机因子，因此从没有单元被丢弃。",
  },
  verdict: {
    en: "As an average it is; as networks trained apart it is not. The network with all units, scaled, reads what the mean of its masks reads: 87.2 % both (difference from −0.23 to 0.28 points), 3.59 points more than one mask; with 10 units the mean of the logits of all 1,024 masks equals the scaled logits to rounding. It is even 0.64 points ahead of 8 networks of half the width trained apart. But that is no proof that averaging is what helps: random factors that leave no unit out do as well (87.2 %), and a network that never learned with masks, averaged over them, is no better than without, rather worse (difference −0.37, from −0.71 to −0.04). Two masks differ in 13.5 % of their answers, networks trained apart in 3.98 %: single masks are poor networks, not independent good ones. So the ensemble is a right way to see what the scaled network computes; noise that regularizes explains the gain as well.",
    zh: "作为平均，是；作为各学各的网络，不是。全部单元按比例使用，与掩码的平均准确率相同：都是 87.2 %（相差 −0.23 到 0.28 个百分点），比单个掩码高 3.59；只有 10 个单元时，全部 1,024 个掩码的 logits 的平均就是按比例的 logits，差别只是舍入。它甚至比 8 个半宽、各学各的网络高 0.64 个百分点。但这并不证明好处来自平均：从不丢弃单元的随机因子同样好（87.2 %）；从没学过掩码的网络，对掩码取平均也不比原来好，还略差（相差 −0.37，−0.71 到 −0.04）。两个掩码有 13.5 % 的答案不同，各学各的网络只有 3.98 %：单个掩码是较差的网络，而不是彼此独立的好网络。所以，用集成来理解“按比例的网络算的是什么”是对的；至于为何有好处，“起正则作用的噪声”也解释得通。",
  },
  labels: {
    "few-single": { en: "10 units: one mask", zh: "10 单元：单个掩码" },
    "few-average": { en: "10 units: mean of all 1,024 masks", zh: "10 单元：全部 1,024 个掩码平均" },
    "few-scaled": { en: "10 units: all of them, scaled", zh: "10 单元：全部单元，按比例" },
    "few-difference": {
      en: "10 units: largest difference of scores, mean and scaled",
      zh: "10 单元：平均与按比例的logits最大差别",
    },
    plain: { en: "no dropout", zh: "无 dropout" },
    single: { en: "dropout: one mask", zh: "dropout：单个掩码" },
    average: { en: "dropout: mean of 40 masks", zh: "dropout：40 个掩码平均" },
    scaled: { en: "dropout: all units, scaled", zh: "dropout：全部单元，按比例" },
    noise: { en: "random factors, no unit left out", zh: "随机因子，不丢弃单元" },
    "apart-single": { en: "half as wide, one network", zh: "半宽，单个网络" },
    "apart-average": { en: "half as wide, mean of 8 trained apart", zh: "半宽，8 个各学各的取平均" },
    "dropouts-average": { en: "mean of 8 networks with dropout", zh: "8 个 dropout 网络取平均" },
    "untaught-single": { en: "no dropout, under one mask", zh: "无 dropout，套单个掩码" },
    "untaught-average": { en: "no dropout, mean of 40 masks", zh: "无 dropout，40 个掩码平均" },
    "disagree-masks": { en: "two masks differ in their answer", zh: "两个掩码答案不同" },
    "disagree-apart": { en: "two networks trained apart differ in their answer", zh: "两个各学各的网络答案不同" },
  },
} satisfies ExperimentWords;
