import type { ExperimentWords } from "tidu/experiment";

export default {
  question: { en: "Is dropout really ensemble learning?", zh: "dropout 真的是集成学习吗？" },
  method: {
    en: "A network of 10 hidden units is tried under all 1,024 masks. A larger one, 784-256-256-10, learns with dropout (p = 0.5) and is tried under 40 random masks: one by one, their mean, and with all units. Against it: 8 networks of the size that a mask leaves (784-128-128-10), trained apart without dropout; 8 networks with dropout; a network without dropout, also under masks it never learned with; and one whose units are multiplied by random factors of the same mean and variance, so that none is ever left out.",
    zh: "先把一个 10 个隐藏单元的网络在全部 1,024 种掩码下各试一遍。再让较大的 784-256-256-10 用 dropout（p = 0.5）学习，然后用 40 个随机掩码来试：逐个看、取平均、以及用全部单元。对照有：8 个与掩码留下部分同样大小的网络（784-128-128-10），不用 dropout，各学各的；8 个用 dropout 的网络；一个不用 dropout 的网络，也拿从没学过的掩码来试；还有一个网络，单元乘以同均值同方差的随机因子，因此从没有单元被撇开。",
  },
  verdict: { en: "", zh: "" },
  labels: {
    "few-single": { en: "10 units: one mask", zh: "10 单元：单个掩码" },
    "few-average": { en: "10 units: mean of all 1,024 masks", zh: "10 单元：全部 1,024 个掩码平均" },
    "few-scaled": { en: "10 units: all of them, scaled", zh: "10 单元：全部单元，按比例" },
    "few-difference": {
      en: "10 units: largest difference of scores, mean and scaled",
      zh: "10 单元：平均与按比例的得分最大差别",
    },
    plain: { en: "no dropout", zh: "无 dropout" },
    single: { en: "dropout: one mask", zh: "dropout：单个掩码" },
    average: { en: "dropout: mean of 40 masks", zh: "dropout：40 个掩码平均" },
    scaled: { en: "dropout: all units, scaled", zh: "dropout：全部单元，按比例" },
    noise: { en: "random factors, no unit left out", zh: "随机因子，不撇开单元" },
    "apart-single": { en: "half as wide, one network", zh: "半宽，单个网络" },
    "apart-average": { en: "half as wide, mean of 8 trained apart", zh: "半宽，8 个各学各的取平均" },
    "dropouts-average": { en: "mean of 8 networks with dropout", zh: "8 个 dropout 网络取平均" },
    "untaught-single": { en: "no dropout, under one mask", zh: "无 dropout，套单个掩码" },
    "untaught-average": { en: "no dropout, mean of 40 masks", zh: "无 dropout，40 个掩码平均" },
    "disagree-masks": { en: "two masks differ in their answer", zh: "两个掩码答案不同" },
    "disagree-apart": { en: "two networks trained apart differ in their answer", zh: "两个各学各的网络答案不同" },
  },
} satisfies ExperimentWords;
