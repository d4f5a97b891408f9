// What the experiment maxout-neighbours asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: { en: "Must maxout group neighbors?", zh: "maxout 必须把相邻的单元分成一组吗？" },
  hypothesis: {
    en: "If maxout needed neighbors, units made of distant pieces, or of arbitrary ones, would have an accuracy at least 0.5 percentage points lower.",
    zh: "如果 maxout 必须把相邻的片段分成一组，那么片段分散或任意选取的单元，准确率应至少低 0.5 个百分点。",
  },
  method: {
    en: "One layer of 240 linear pieces, four to a maxout unit, in a network that recognizes digits. The four are neighbors, or as far apart as possible, or chosen at random, or regrouped in every step. One network has its pieces apart but begins with the neighbors' own weights, each moved along with its piece. The curve has as many pieces and more or fewer to a unit.",
    zh: "一层 240 个线性片段，四个归一个 maxout 单元，网络用来识别数字。四个片段可以相邻，可以尽量分散，可以任意选取，也可以每一步重新分组。另有一个网络，片段分散摆放，但初始权重就是“相邻”网络的权重，跟着片段一起移动。曲线则保持片段总数不变，改变每个单元分到的片段数。",
  },
  verdict: {
    en: "No, they need not. Units made of distant pieces, and of arbitrary ones, have the accuracy of neighbors (differences of {apart-neighbors} and {random-neighbors} percentage points). A grouping that changes in every step reduces it to {changing}%.",
    zh: "不必相邻。片段分散或任意选取的单元，准确率与相邻的相当（相差 {apart-neighbors} 和 {random-neighbors} 个百分点）。每步都换分组，就只剩 {changing}%。",
  },
  details: {
    en: "Between fully connected layers the order of pieces means nothing: with initial weights moved along with their pieces, the network with pieces far apart ends with the very same logits (largest difference {difference}). How many pieces a unit has matters more. With one, accuracy is {single-neighbors:size} percentage points lower. With the same number of pieces in all it is {by-pieces@2}% with 2, {by-pieces@4}% with 4 and {by-pieces@12}% with 12.",
    zh: "全连接层之间，片段的次序没有意义：让初始权重跟着片段一起移动，分散的网络训练后 logits 与相邻的完全相同（最大差别 {difference}）。每个单元分到几个片段影响更大：只有一个时，准确率低 {single-neighbors:size} 个百分点；片段总数不变，2 个时是 {by-pieces@2}%，4 个 {by-pieces@4}%，12 个 {by-pieces@12}%。",
  },
  rests: {
    "apart-neighbors": "alike",
    "random-neighbors": "alike",
    "moved-neighbors": "alike",
    "changing-neighbors": "less",
  },
  pieces: { en: "pieces to a unit", zh: "每个单元的片段数" },
  labels: {
    single: { en: "one piece to a unit", zh: "每单元一个片段" },
    neighbors: { en: "four neighbors", zh: "相邻的四个" },
    apart: { en: "four far apart", zh: "分散的四个" },
    random: { en: "any four", zh: "任意四个" },
    changing: { en: "other fours in every step", zh: "每步换四个" },
    moved: { en: "far apart, with the neighbors' initial weights", zh: "分散，初始权重与相邻的相同" },
    difference: {
      en: "largest difference of logits of these two after training",
      zh: "训练后这两者 logits 的最大差别",
    },
    "by-pieces": { en: "240 pieces, so many to a unit", zh: "共 240 个片段，每单元若干" },
  },
} satisfies ExperimentWords & { pieces: Text };
