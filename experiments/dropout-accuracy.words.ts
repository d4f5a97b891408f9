// What the experiment dropout-accuracy asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Does dropout keep accuracy while it saves computation?", zh: "dropout 省了计算，准确率能保证吗？" },
  hypothesis: {
    en: "If dropout keeps accuracy while it saves computation, whole dropped units cost less than 0.5 points of accuracy with as many steps, for few digits and for many.",
    zh: "如果 dropout 省了计算又能保住准确率，那么步数相同时，丢弃整个单元的准确率损失应小于 0.5 个百分点，数字少时如此，数字多时也如此。",
  },
  method: {
    en: "A network 784-192-192-10 learns from few (500) or from many (1600) digits, in as many steps: without dropout; with units dropped one by one for each sample (p = 0.5), as is usual; with whole units dropped for the mini-batch, which are then not computed; the same for 2.3 times as long, so that it comes to about as many products in all as without dropout; as many steps as that without dropout; and a network of half the width without dropout, which has the products of the kept units.",
    zh: "784-192-192-10 的网络，用少量（500 个）或较多（1600 个）的数字学习，步数相同：不用 dropout；按通常做法，对每个样本逐个丢弃单元（p = 0.5）；对整个小批量丢弃整个单元，被丢弃的就不计算；同样的做法训练 2.3 倍长，使乘法总数与不用 dropout 时相当；同样多的步数但不用 dropout；再加一个不用 dropout、宽度减半的网络，它的乘法正好是留下的那些单元的。",
  },
  verdict: {
    en: "It depends on the steps: whole dropped units save products ({products-units} for each sample of a step in the place of {products-none}), and given 2.3 times the steps, as many products in all, they are {long-few-none-few} points ahead of no dropout with few digits, but in as many steps they are {units-many-none-many:size} points behind with many.",
    zh: "要看步数：丢弃整个单元确实省乘法（每个样本一步 {products-units} 次，不用 dropout 是 {products-none} 次），给它 2.3 倍的步数，使乘法总数相当，数字少时比不用 dropout 高 {long-few-none-few} 个百分点，但步数相同时，数字多则低 {units-many-none-many:size} 个百分点。",
  },
  details: {
    en: "The usual dropout saves nothing: a step has {products-elements} products with it. With few digits the gain is dropout's doing: against as many steps without it whole units are {long-few-patient-few} points ahead, and {units-few-small-few} ahead of a network half as wide, which has as few products. In as many steps the difference from no dropout is {units-few-none-few:interval} points for whole units and {elements-few-none-few:interval} for the usual form. With many digits, whole units with 2.3 times the steps differ from no dropout by {long-many-none-many:interval} points, and from as many steps without it by {long-many-patient-many:interval}; the usual form is {elements-many-none-many:size} points behind. What a step takes in time was not measured here.",
    zh: "通常的 dropout 什么都没省：用了它，一步仍有 {products-elements} 次乘法。数字少时，提高是 dropout 的功劳：比同样步数的无 dropout 高 {long-few-patient-few} 个百分点，比乘法同样少的半宽网络高 {units-few-small-few}。步数相同时，与不用 dropout 相比，整单元的差别是 {units-few-none-few:interval} 个百分点，通常的形式是 {elements-few-none-few:interval}。数字多时，2.3 倍步数的整单元与不用 dropout 相差 {long-many-none-many:interval} 个百分点，与同样步数的无 dropout 相差 {long-many-patient-many:interval}；通常的形式低 {elements-many-none-many:size} 个百分点。一步要多少时间，这里没有测。",
  },
  rests: { "long-few-none-few": "more", "long-few-patient-few": "more", "units-many-none-many": "less" },
  labels: {
    "none-few": { en: "few digits, no dropout", zh: "少量数字，无 dropout" },
    "elements-few": { en: "few digits, usual dropout", zh: "少量数字，通常的 dropout" },
    "units-few": { en: "few digits, whole units", zh: "少量数字，整单元" },
    "long-few": { en: "few digits, whole units, 2.3 times as long", zh: "少量数字，整单元，2.3 倍长" },
    "patient-few": { en: "few digits, no dropout, 2.3 times as long", zh: "少量数字，无 dropout，2.3 倍长" },
    "small-few": { en: "few digits, half as wide", zh: "少量数字，宽度减半" },
    "none-many": { en: "many digits, no dropout", zh: "较多数字，无 dropout" },
    "elements-many": { en: "many digits, usual dropout", zh: "较多数字，通常的 dropout" },
    "units-many": { en: "many digits, whole units", zh: "较多数字，整单元" },
    "long-many": { en: "many digits, whole units, 2.3 times as long", zh: "较多数字，整单元，2.3 倍长" },
    "patient-many": { en: "many digits, no dropout, 2.3 times as long", zh: "较多数字，无 dropout，2.3 倍长" },
    "small-many": { en: "many digits, half as wide", zh: "较多数字，宽度减半" },
    "products-none": { en: "no dropout, for each sample of a step", zh: "无 dropout，一步平均每个样本" },
    "products-elements": { en: "usual dropout, the same", zh: "通常的 dropout，同上" },
    "products-units": { en: "whole units, the same", zh: "整单元，同上" },
    "products-small": { en: "half as wide, the same", zh: "宽度减半，同上" },
  },
} satisfies ExperimentWords;
