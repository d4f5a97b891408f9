// What the experiment dropout-accuracy asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Does dropout keep accuracy while it saves computation?", zh: "dropout 省了计算，准确率能保证吗？" },
  method: {
    en: "A network 784-384-384-10 learns from few or from many digits, in as many steps: without dropout; with units dropped one by one for each sample (p = 0.5), as is usual; with whole units dropped for the mini-batch, which are then not computed; the same for 2.5 times as long, so that it comes to as many products in all as without dropout; as many steps as that without dropout; and a network of half the width without dropout, which has the products of the kept units.",
    zh: "784-384-384-10 的网络，用少量或较多的数字学习，步数相同：不用 dropout；按通常做法，对每个样本逐个丢弃单元（p = 0.5）；对整个小批量丢弃整个单元，被丢弃的就不计算；同样的做法训练 2.5 倍长，使乘法总数与不用 dropout 时相当；同样多的步数但不用 dropout；再加一个不用 dropout、宽度减半的网络，它的乘法正好是留下的那些单元的。",
  },
  verdict: {
    en: "It depends on which dropout, and on how many digits there are. The usual dropout saves nothing: a step has 1,056,000 products for each sample with and without it. Dropping whole units saves them in truth: 417,408, and a step takes 543 µs in the place of 951 µs (on one machine; 934 µs with the usual form). With few digits (500) accuracy is not only kept but gains, by 0.66 points with whole units and 0.75 with the usual form, and a network half as wide, which has as few products, is 0.99 behind whole units. With many (4000) and as many steps it loses: 1.05 points with whole units, 0.56 with the usual form. Given 2.5 times the steps, and so as many products in all as without dropout, whole units gain 1.01 points with few digits and 0.32 with many. With few that is dropout's doing (0.98 points ahead of as many steps without it); with many it is the steps', and as many without dropout read as much (difference 0.03, from −0.09 to 0.16), at 2.5 times the products.",
    zh: "要看是哪种 dropout，也要看数字有多少。通常的 dropout 什么都没省：用不用它，每个样本一步都是 1,056,000 次乘法。丢弃整个单元才真的省：417,408 次，一步从 951 µs 降到 543 µs（在一台机器上；通常的形式 934 µs）。数字少（500 个）时，准确率不但保住还有提高：整单元 0.66 个百分点，通常形式 0.75；乘法同样少的半宽网络比整单元低 0.99。数字较多（4000 个）、步数相同时则有损失：整单元 1.05 个百分点，通常形式 0.56。给整单元 2.5 倍的步数，使乘法总数与不用 dropout 时相当，则数字少时提高 1.01 个百分点，多时提高 0.32。数字少时这是 dropout 的功劳（比同样步数的无 dropout 高 0.98）；数字多时则是步数的功劳，同样步数的无 dropout 一样好（相差 0.03，−0.09 到 0.16），只是乘法要 2.5 倍。",
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
