// What the experiment dropout-scaling asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: { en: "Why multiply by 1 − p?", zh: "为什么要乘以 1 − p？" },
  method: {
    en: "Networks 784-256-256-10 learn with dropout at p = 0.2, 0.5 and 0.8 in the notes' form, which leaves kept units as they are. First, how large the second layer's sums are during training, over 100 masks, by what they are with all units. Then the network is used with its units multiplied by factors from 0.05 to 1.5: which one gives the lowest loss on digits not learned from, and what is lost where one forgets the factor. Beside it: the other form, which divides by 1 − p during training, and the sentence to the letter, with all parameters multiplied, biases and first layer too.",
    zh: "784-256-256-10 的网络用 dropout 学习，p 取 0.2、0.5、0.8，用笔记里的形式：留下的单元照原样。先看训练时（100 个掩码平均）第二层的和，与全部单元都在时相比是多少。再在使用时把单元乘以 0.05 到 1.5 的各种系数：哪个在没学过的数字上损失最低，忘了乘会损失什么。对照：另一种形式（训练时就除以 1 − p），以及照字面办：把所有参数都乘上，偏置和第一层也不例外。",
  },
  verdict: {
    en: "Because during training the next layer's sums are on average 1 − p times what they are with all units: 0.800, 0.500 and 0.200 of them at p = 0.2, 0.5 and 0.8. Without the factor, sums have another size, and above all predictions are overconfident: the loss rises from 0.452 to 1.18 at p = 0.5, from 0.901 to 5.95 at p = 0.8. Which digit is read hardly changes, against what one often hears: 86.3 % with and 86.2 % without at p = 0.5, only 0.45 points less without at p = 0.8. Nor is 1 − p always the factor of the lowest loss: it is 0.481 at p = 0.5, within the interval, but 0.656 at p = 0.2, where smaller scores make a too sure network milder. The sentence to the letter, all parameters by 1 − p, is wrong by one factor, since nothing is dropped in front of the first layer: the same digits are read, with a loss of 0.582. Dividing by 1 − p during training instead needs no factor at inference, and learned faster here (87.46 %).",
    zh: "因为训练时，下一层的和平均只有全部单元都在时的 1 − p 倍：p 为 0.2、0.5、0.8 时，分别是 0.800、0.500、0.200。忘了乘，和的大小就不对，尤其是概率过于自信：p = 0.5 时损失从 0.452 升到 1.18，p = 0.8 时从 0.901 升到 5.95。但与常听到的说法不同，认成哪个数字几乎不变：p = 0.5 时乘了是 86.3 %，不乘 86.2 %，p = 0.8 时不乘只低 0.45 个百分点。1 − p 也不总是损失最低的系数：p = 0.5 时是 0.481，在区间之内；p = 0.2 时却是 0.656，因为 logits 小一些，正好让过于自信的网络缓和下来。照字面把所有参数都乘 1 − p，就多乘了一次，因为第一层前面没有丢弃过单元：准确率一样，损失却是 0.582。改在训练时除以 1 − p，推理时就什么也不必乘，在这里还学得更快（87.46 %）。",
  },
  factor: { en: "factor of the units in use", zh: "使用时单元的系数" },
  labels: {
    "sum-20": { en: "p = 0.2: sums during training over sums at inference", zh: "p = 0.2：训练时的和与推理时的和之比" },
    "sum-50": { en: "p = 0.5: sums during training over sums at inference", zh: "p = 0.5：训练时的和与推理时的和之比" },
    "sum-80": { en: "p = 0.8: sums during training over sums at inference", zh: "p = 0.8：训练时的和与推理时的和之比" },
    "best-20": { en: "p = 0.2: factor of the lowest loss", zh: "p = 0.2：损失最低的系数" },
    "best-50": { en: "p = 0.5: factor of the lowest loss", zh: "p = 0.5：损失最低的系数" },
    "best-80": { en: "p = 0.8: factor of the lowest loss", zh: "p = 0.8：损失最低的系数" },
    "loss-scaled-20": { en: "loss, p = 0.2, units by 1 − p", zh: "损失，p = 0.2，单元乘 1 − p" },
    "loss-forgotten-20": { en: "loss, p = 0.2, units as they are", zh: "损失，p = 0.2，单元照原样" },
    "loss-scaled-50": { en: "loss, p = 0.5, units by 1 − p", zh: "损失，p = 0.5，单元乘 1 − p" },
    "loss-forgotten-50": { en: "loss, p = 0.5, units as they are", zh: "损失，p = 0.5，单元照原样" },
    "loss-scaled-80": { en: "loss, p = 0.8, units by 1 − p", zh: "损失，p = 0.8，单元乘 1 − p" },
    "loss-forgotten-80": { en: "loss, p = 0.8, units as they are", zh: "损失，p = 0.8，单元照原样" },
    "loss-inverted-50": { en: "loss, p = 0.5, divided during training instead", zh: "损失，p = 0.5，改在训练时除" },
    "loss-everything-50": { en: "loss, p = 0.5, all parameters by 1 − p", zh: "损失，p = 0.5，所有参数乘 1 − p" },
    "scaled-20": { en: "p = 0.2, units by 1 − p", zh: "p = 0.2，单元乘 1 − p" },
    "forgotten-20": { en: "p = 0.2, units as they are", zh: "p = 0.2，单元照原样" },
    "scaled-50": { en: "p = 0.5, units by 1 − p", zh: "p = 0.5，单元乘 1 − p" },
    "forgotten-50": { en: "p = 0.5, units as they are", zh: "p = 0.5，单元照原样" },
    "scaled-80": { en: "p = 0.8, units by 1 − p", zh: "p = 0.8，单元乘 1 − p" },
    "forgotten-80": { en: "p = 0.8, units as they are", zh: "p = 0.8，单元照原样" },
    "inverted-50": { en: "p = 0.5, divided during training instead", zh: "p = 0.5，改在训练时除" },
    "everything-50": { en: "p = 0.5, all parameters by 1 − p", zh: "p = 0.5，所有参数乘 1 − p" },
    "loss-by-factor": { en: "loss, p = 0.5", zh: "损失，p = 0.5" },
    "accuracy-by-factor": { en: "accuracy, p = 0.5", zh: "准确率，p = 0.5" },
  },
} satisfies ExperimentWords & { factor: Text };
