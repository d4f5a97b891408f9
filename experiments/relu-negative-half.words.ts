// What the experiment relu-negative-half asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Is dropping the negative half good for ReLU?", zh: "ReLU 丢弃负的一半，真是好事吗？" },
  hypothesis: {
    en: "If dropping the negative half is itself what makes ReLU good, ReLU is at least 0.5 percentage points better than leaky ReLU, ELU and |z|, which keep some or all of it.",
    zh: "如果“丢弃负的一半”本身就是 ReLU 好用的原因，那么 ReLU 应比保留一部分或全部负半的 Leaky ReLU、ELU 和 |z| 至少高 0.5 个百分点。",
  },
  method: {
    en: "Fully connected networks with 2 or 10 hidden layers of 64 units differ in the nonlinearity alone: ReLU; leaky ReLU (slope 0.1) and ELU, which keep something of the negative half; |z|, which keeps all of its size; and, as a control, no nonlinearity. Initial weights keep the size of values with each. Each takes the best of three learning rates by validation accuracy. The mirror image of ReLU, which drops the positive half, is no control: min(0, z) = −relu(−z), so that with the signs of weights changed it is the same network. For ReLU at the rate chosen, these are counted after each epoch on the images of the validation set: zeros among its outputs, and units that are 0 for each of them (“dead”).",
    zh: "全连接网络，隐藏层每层 64 个单元，2 层或 10 层，除了非线性以外完全一样：ReLU；保留一部分负半的 Leaky ReLU（斜率 0.1）和 ELU；保留全部大小的 |z|；以及作为对照的无非线性。初始权重对每一种都保持数值的大小。每种都从三个学习率里用验证集选最好的一个。ReLU 的镜像（丢弃正的一半）不能作对照：min(0, z) = −relu(−z)，把权重变号就是同一个网络。对选定学习率的 ReLU，每轮训练之后在验证集上数：输出中的零，以及对所有图像都输出 0 的单元（“死亡”单元）。",
  },
  verdict: {
    en: "No: dropping it is not what makes ReLU good. With 2 hidden layers ReLU has no advantage over leaky ReLU ({relu-2-leaky-2} percentage points) and is {relu-2-abs-2:size} percentage points behind |z|, which drops nothing. With 10 layers it is {relu-10-leaky-10:size} percentage points behind leaky ReLU and {relu-10-elu-10:size} behind ELU.",
    zh: "不是：ReLU 好用，并不是因为丢弃了负的一半。2 层隐藏层时，ReLU 并不比 Leaky ReLU 好（相差 {relu-2-leaky-2} 个百分点），比什么都不丢弃的 |z| 低 {relu-2-abs-2:size} 个百分点。10 层时比 Leaky ReLU 低 {relu-10-leaky-10:size} 个百分点，比 ELU 低 {relu-10-elu-10:size} 个百分点。",
  },
  details: {
    en: "What helps is the nonlinearity: with 2 layers ReLU is {relu-2-none-2} percentage points better than none. With 10 layers it is not established that ReLU is better than no nonlinearity at all ({relu-10-none-10:interval} percentage points), or differs from |z| ({relu-10-abs-10:interval}). At the learning rate chosen, {dead-2}% of ReLU's units in 2 layers and {dead-10}% in 10 are dead at the end of training, that is, 0 for every image of the validation set. {lost-2}% and {lost-10}% were dead from the middle of training on; {back-2}% and {back-10}% were dead after some epoch and came back. {zeros-2}% and {zeros-10}% of ReLU's outputs are 0; whether such outputs save time was not measured here.",
    zh: "有用的是非线性本身：2 层时 ReLU 比没有非线性高 {relu-2-none-2} 个百分点。10 层时，ReLU 是否比没有非线性更好（{relu-10-none-10:interval} 个百分点）、与 |z| 是否有差别（{relu-10-abs-10:interval}），都未能确定。在选定的学习率下，训练结束时 2 层网络有 {dead-2}% 的单元死亡，10 层有 {dead-10}%，即对验证集的每个图像都输出 0；从训练中途起就一直死亡的占 {lost-2}% 和 {lost-10}%，曾经死亡又恢复的占 {back-2}% 和 {back-10}%。ReLU 的输出有 {zeros-2}% 和 {zeros-10}% 是 0；这样的零能否省时间，这里没有测量。",
  },
  rests: {
    "relu-2-leaky-2": "alike",
    "relu-2-abs-2": "less",
    "relu-2-none-2": "more",
    "relu-10-leaky-10": "less",
    "relu-10-elu-10": "less",
  },
  labels: {
    "lost-2": {
      en: "units dead from the middle of training to its end, 2 layers",
      zh: "从训练中途到结束一直死亡的单元，2 层",
    },
    "back-2": {
      en: "units dead after some epoch, but not at the end, 2 layers",
      zh: "曾经死亡、结束时又恢复的单元，2 层",
    },
    "lost-10": {
      en: "units dead from the middle of training to its end, 10 layers",
      zh: "从训练中途到结束一直死亡的单元，10 层",
    },
    "back-10": {
      en: "units dead after some epoch, but not at the end, 10 layers",
      zh: "曾经死亡、结束时又恢复的单元，10 层",
    },
    "relu-2": { en: "ReLU, 2 layers", zh: "ReLU，2 层" },
    "leaky-2": { en: "leaky ReLU, 2 layers", zh: "Leaky ReLU，2 层" },
    "elu-2": { en: "ELU, 2 layers", zh: "ELU，2 层" },
    "abs-2": { en: "|z|, 2 layers", zh: "|z|，2 层" },
    "none-2": { en: "no nonlinearity, 2 layers", zh: "无非线性，2 层" },
    "relu-10": { en: "ReLU, 10 layers", zh: "ReLU，10 层" },
    "leaky-10": { en: "leaky ReLU, 10 layers", zh: "Leaky ReLU，10 层" },
    "elu-10": { en: "ELU, 10 layers", zh: "ELU，10 层" },
    "abs-10": { en: "|z|, 10 layers", zh: "|z|，10 层" },
    "none-10": { en: "no nonlinearity, 10 layers", zh: "无非线性，10 层" },
    "zeros-2": { en: "zeros among ReLU's outputs, 2 layers", zh: "ReLU 输出中的零，2 层" },
    "zeros-10": { en: "zeros among ReLU's outputs, 10 layers", zh: "ReLU 输出中的零，10 层" },
    "dead-2": { en: "units dead at the end, 2 layers", zh: "结束时死亡的单元，2 层" },
    "dead-10": { en: "units dead at the end, 10 layers", zh: "结束时死亡的单元，10 层" },
  },
} satisfies ExperimentWords;
