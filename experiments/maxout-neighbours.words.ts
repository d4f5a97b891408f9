// What the experiment maxout-neighbours asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: { en: "Must maxout group neighbors?", zh: "maxout 必须把相邻的单元分成一组吗？" },
  method: {
    en: "One layer of 240 linear pieces, four to a maxout unit, in a network that reads digits. The four are neighbors, or as far apart as can be, or any four; or other fours in every step. One network has its pieces apart but begins with the neighbors' own weights, each moved along with its piece. The curve has as many pieces and more or fewer to a unit.",
    zh: "一层 240 个线性片段，四个归一个 maxout 单元，用来认数字。四个片段可以相邻，可以尽量分散，可以随便挑，也可以每一步重新分组。另有一个网络，片段分散摆放，但初始权重就是“相邻”网络的权重，跟着片段一起搬家。曲线则保持片段总数不变，改变每个单元分到的片段数。",
  },
  verdict: {
    en: "No. Units of four neighboring pieces, of four far apart and of any four read the same share of digits (90.8 %; far apart less neighbors: 0.05 points, from −0.08 to 0.17). Between fully connected layers the order of pieces means nothing: with initial weights moved along with their pieces, the network with pieces far apart ends with the very same scores (difference 0). What matters is that the grouping stays: with other fours in every step only 16.2 % are read. The number of pieces to a unit matters more than their places: 87.5 % with 1, 90.2 % with 2, 91.0 % with 12.",
    zh: "不必。一组四个片段，不论相邻、分散还是随便挑，准确率相同（90.8 %；分散减相邻为 0.05 个百分点，区间 −0.08 到 0.17）。全连接层之间，片段的次序没有意义：让初始权重跟着片段一起搬家，分散的网络训练后 logits 与相邻的完全相同（差别为 0）。要紧的是分组要固定：每步换一次分组，准确率只有 16.2 %。每个单元分到几个片段，比片段在哪儿更重要：1 个时 87.5 %，2 个 90.2 %，12 个 91.0 %。",
  },
  pieces: { en: "pieces to a unit", zh: "每个单元的片段数" },
  labels: {
    neighbours: { en: "four neighbors", zh: "相邻的四个" },
    apart: { en: "four far apart", zh: "分散的四个" },
    random: { en: "any four", zh: "随便四个" },
    changing: { en: "other fours in every step", zh: "每步换四个" },
    moved: { en: "far apart, with the neighbors' initial weights", zh: "分散，初始权重与相邻的相同" },
    difference: { en: "largest difference of scores of these two after training", zh: "训练后这两者logits的最大差别" },
    "by-pieces": { en: "240 pieces, so many to a unit", zh: "共 240 个片段，每单元若干" },
  },
} satisfies ExperimentWords & { pieces: Text };
