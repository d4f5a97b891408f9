// What the experiment dropout-accuracy asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Does dropout keep accuracy while it saves computation?", zh: "dropout 省了计算，准确率能保证吗？" },
  hypothesis: {
    en: "If dropout keeps accuracy while it saves computation, whole dropped units cost less than 0.5 points of accuracy with as many steps, for few digits and for many.",
    zh: "如果 dropout 省了计算又能保住准确率，那么步数相同时，丢弃整个单元的准确率损失应小于 0.5 个百分点，数字少时如此，数字多时也如此。",
  },
  method: {
    en: "A network 784-384-384-10 learns from few or from many digits, in as many steps: without dropout; with units dropped one by one for each sample (p = 0.5), as is usual; with whole units dropped for the mini-batch, which are then not computed; the same for 2.5 times as long, so that it comes to as many products in all as without dropout; as many steps as that without dropout; and a network of half the width without dropout, which has the products of the kept units.",
    zh: "784-384-384-10 的网络，用少量或较多的数字学习，步数相同：不用 dropout；按通常做法，对每个样本逐个丢弃单元（p = 0.5）；对整个小批量丢弃整个单元，被丢弃的就不计算；同样的做法训练 2.5 倍长，使乘法总数与不用 dropout 时相当；同样多的步数但不用 dropout；再加一个不用 dropout、宽度减半的网络，它的乘法正好是留下的那些单元的。",
  },
  verdict: {
    en: "Whole dropped units save computation, {products-units} products for each sample of a step in the place of {products-none}, and in these seeds accuracy gained {units-few-none-few} points with few digits and lost {units-many-none-many:size} with many, in as many steps.",
    zh: "丢弃整个单元确实省计算，每个样本一步的乘法从 {products-none} 降到 {products-units} 次，而在这些种子里，步数相同时，数字少则准确率高 {units-few-none-few} 个百分点，数字多则低 {units-many-none-many:size} 个百分点。",
  },
  details: {
    en: "The usual dropout saves nothing: a step has as many products with and without it. Given 2.5 times the steps, and so about as many products in all as without dropout, whole units were {long-few-none-few} points ahead with few digits and {long-many-none-many} with many; against as many steps without dropout the differences are {long-few-patient-few} and {long-many-patient-many} points ({long-many-patient-many:interval}), so that with many digits the steps may be what helps.",
    zh: "通常的 dropout 什么都没省：用不用它，一步的乘法一样多。给整单元 2.5 倍的步数，使乘法总数与不用 dropout 时相当，则数字少时高 {long-few-none-few} 个百分点，多时高 {long-many-none-many}；与同样步数的无 dropout 相比，相差 {long-few-patient-few} 和 {long-many-patient-many} 个百分点（{long-many-patient-many:interval}），所以数字多时，起作用的可能只是步数。",
  },
  rests: {
    "units-few-none-few": "open",
    "units-many-none-many": "open",
    "long-few-patient-few": "open",
    "long-many-patient-many": "open",
  },
  labels: {
    "none-few": { en: "few digits, no dropout", zh: "少量数字，无 dropout" },
    "elements-few": { en: "few digits, usual dropout", zh: "少量数字，通常的 dropout" },
    "units-few": { en: "few digits, whole units", zh: "少量数字，整单元" },
    "long-few": { en: "few digits, whole units, 2.5 times as long", zh: "少量数字，整单元，2.5 倍长" },
    "patient-few": { en: "few digits, no dropout, 2.5 times as long", zh: "少量数字，无 dropout，2.5 倍长" },
    "small-few": { en: "few digits, half as wide", zh: "少量数字，宽度减半" },
    "none-many": { en: "many digits, no dropout", zh: "较多数字，无 dropout" },
    "elements-many": { en: "many digits, usual dropout", zh: "较多数字，通常的 dropout" },
    "units-many": { en: "many digits, whole units", zh: "较多数字，整单元" },
    "long-many": { en: "many digits, whole units, 2.5 times as long", zh: "较多数字，整单元，2.5 倍长" },
    "patient-many": { en: "many digits, no dropout, 2.5 times as long", zh: "较多数字，无 dropout，2.5 倍长" },
    "small-many": { en: "many digits, half as wide", zh: "较多数字，宽度减半" },
    "products-none": { en: "no dropout, for each sample of a step", zh: "无 dropout，一步平均每个样本" },
    "products-elements": { en: "usual dropout, the same", zh: "通常的 dropout，同上" },
    "products-units": { en: "whole units, the same", zh: "整单元，同上" },
    "products-small": { en: "half as wide, the same", zh: "宽度减半，同上" },
    "step-none": { en: "step without dropout", zh: "一步，无 dropout" },
    "step-elements": { en: "step with usual dropout", zh: "一步，通常的 dropout" },
    "step-units": { en: "step with whole units dropped", zh: "一步，丢弃整单元" },
    "step-small": { en: "step of a network half as wide", zh: "一步，宽度减半" },
  },
} satisfies ExperimentWords;
