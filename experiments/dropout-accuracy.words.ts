// What the experiment dropout-accuracy asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Does dropout keep accuracy while it saves computation?", zh: "dropout 省了计算，准确率能保证吗？" },
  hypothesis: {
    en: "If dropout keeps accuracy while it saves computation, dropping whole units costs less than 0.5 percentage points of accuracy with as many steps, for few samples and for many.",
    zh: "如果 dropout 省了计算又能保住准确率，那么步数相同时，丢弃整个单元的准确率损失应小于 0.5 个百分点，样本少时如此，样本多时也如此。",
  },
  method: {
    en: "A network 784-192-192-10 learns from few (500) or from many (1600) samples, in as many steps. It has no dropout; or the usual one, which drops units for each sample (p = 0.5); or one that drops whole units for the mini-batch and does not compute them. This last form also trains 2.3 times as long, which makes about as many multiplications as training without dropout. Controls: as many steps as that without dropout, and a network of half the width without dropout, which has the multiplications of the kept units.",
    zh: "784-192-192-10 的网络，用少量（500 个）或较多（1600 个）样本训练，步数相同：不用 dropout；按通常做法，对每个样本逐个丢弃单元（p = 0.5）；对整个小批量丢弃整个单元，被丢弃的就不计算；同样的做法训练 2.3 倍长，使乘法总数与不用 dropout 时相当；同样多的步数但不用 dropout；再加一个不用 dropout、宽度减半的网络，它的乘法正好是留下的那些单元的。",
  },
  verdict: {
    en: "Yes, but only with more steps. If whole units are dropped, a step needs {products-units} multiplications for each sample, and {products-none} without dropout. With 2.3 times the steps, which makes as many multiplications in all, the accuracy on few samples is {long-few-none-few} percentage points above that without dropout. With the same number of steps it is {units-many-none-many:size} percentage points below on many samples.",
    zh: "能，但要训练更多步。丢弃整个单元时，每个样本一步要 {products-units} 次乘法，不用 dropout 要 {products-none} 次。把步数增加到 2.3 倍，乘法总数就与不用 dropout 时相当，这时若样本少，准确率比不用 dropout 高 {long-few-none-few} 个百分点。步数相同而样本多时，则低 {units-many-none-many:size} 个百分点。",
  },
  details: {
    en: "The usual dropout saves nothing: a step has {products-elements} multiplications with it. On few samples the gain comes from dropout. Whole units are {long-few-patient-few} percentage points ahead of as many steps without dropout, and {units-few-small-few} ahead of a network half as wide, which has as few multiplications. With the same number of steps, the difference from no dropout is {units-few-none-few:interval} percentage points for whole units and {elements-few-none-few:interval} for the usual form. On many samples, whole units with 2.3 times the steps differ from no dropout by {long-many-none-many:interval} percentage points, and from as many steps without it by {long-many-patient-many:interval}. The usual form is {elements-many-none-many:size} percentage points behind. The time of a step was not measured here.",
    zh: "通常的 dropout 什么都没省：用了它，一步仍有 {products-elements} 次乘法。样本少时，提高来自 dropout：丢弃整个单元比同样步数的无 dropout 高 {long-few-patient-few} 个百分点，比乘法同样少的半宽网络高 {units-few-small-few}。步数相同时，与不用 dropout 相比，整单元的差别是 {units-few-none-few:interval} 个百分点，通常的形式是 {elements-few-none-few:interval}。样本多时，2.3 倍步数的整单元与不用 dropout 相差 {long-many-none-many:interval} 个百分点，与同样步数的无 dropout 相差 {long-many-patient-many:interval}；通常的形式低 {elements-many-none-many:size} 个百分点。这里没有测量一步的时间。",
  },
  rests: { "long-few-none-few": "more", "long-few-patient-few": "more", "units-many-none-many": "less" },
  labels: {
    "none-few": { en: "few samples, no dropout", zh: "样本少，无 dropout" },
    "elements-few": { en: "few samples, usual dropout", zh: "样本少，通常的 dropout" },
    "units-few": { en: "few samples, whole units", zh: "样本少，整单元" },
    "long-few": { en: "few samples, whole units, 2.3 times the steps", zh: "样本少，整单元，步数 2.3 倍" },
    "patient-few": { en: "few samples, no dropout, 2.3 times the steps", zh: "样本少，无 dropout，步数 2.3 倍" },
    "small-few": { en: "few samples, half as wide", zh: "样本少，宽度减半" },
    "none-many": { en: "many samples, no dropout", zh: "样本多，无 dropout" },
    "elements-many": { en: "many samples, usual dropout", zh: "样本多，通常的 dropout" },
    "units-many": { en: "many samples, whole units", zh: "样本多，整单元" },
    "long-many": { en: "many samples, whole units, 2.3 times the steps", zh: "样本多，整单元，步数 2.3 倍" },
    "patient-many": { en: "many samples, no dropout, 2.3 times the steps", zh: "样本多，无 dropout，步数 2.3 倍" },
    "small-many": { en: "many samples, half as wide", zh: "样本多，宽度减半" },
    "products-none": { en: "no dropout, for each sample of a step", zh: "无 dropout，一步平均每个样本" },
    "products-elements": { en: "usual dropout, the same", zh: "通常的 dropout，同上" },
    "products-units": { en: "whole units, the same", zh: "整单元，同上" },
    "products-small": { en: "half as wide, the same", zh: "宽度减半，同上" },
  },
} satisfies ExperimentWords;
