// What the experiment relu-negative-half asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Is dropping the negative half good for ReLU?", zh: "ReLU 舍掉负的一半，真是好事吗？" },
  method: {
    en: "Fully connected networks with hidden layers of 64 units, 2 or 10 of them, that differ in nothing but the nonlinearity: ReLU; its mirror image, which drops the positive half; leaky ReLU (slope 0.1) and ELU, which keep something of the negative half; |z|, which keeps all of its size; and no nonlinearity. Each takes the best of three learning rates by digits set apart. Also counted: zeros among ReLU's outputs, and units that are 0 for each of the digits set apart.",
    zh: "全连接网络，隐藏层每层 64 个单元，2 层或 10 层，除了非线性以外完全一样：ReLU；它的镜像（舍掉正的一半）；保留一部分负半的 Leaky ReLU（斜率 0.1）和 ELU；保留全部大小的 |z|；以及没有非线性。每种都从三个学习率里用验证集选最好的一个。另数 ReLU 输出中的零，以及对所有验证集都输出 0 的单元。",
  },
  verdict: {
    en: "No: what helps is the nonlinearity, not the dropping. With 2 layers ReLU and its mirror image, which drops the positive half, come out alike (89.4 % both, difference from −0.25 to 0.34 points), nonlinearities that keep something of the negative half are no worse, and |z|, which drops nothing, is better (90.2 %); without any nonlinearity it is 87.6 %. With 10 layers, dropping does harm: ReLU 86.4 %, leaky ReLU 87.6 %, ELU 89.2 %. What is dropped is often lost for good: 22 % of the units in 2 layers are 0 for every digit, and 29.5 % in 10 layers at the highest learning rate. ReLU's zeros (64 % of its outputs) are no gain in accuracy by themselves; they are cheap, which was not measured here.",
    zh: "不是：有用的是非线性，不是丢弃负半轴。2 层时，ReLU 与舍掉正半的镜像不分上下（都是 89.4 %，相差 −0.25 到 0.34 个百分点），保留一部分负半的也不差，什么都不舍的 |z| 反而更好（90.2 %）；没有非线性是 87.6 %。10 层时，舍掉反而有害：ReLU 86.4 %，Leaky ReLU 87.6 %，ELU 89.2 %。舍掉的往往再也回不来：2 层里有 22 % 的单元对每个数字都输出 0；10 层用最大学习率时是 29.5 %。ReLU 输出里的零（占 64 %）本身并不带来准确率；它们算起来便宜，这里没有测。",
  },
  labels: {
    "relu-2": { en: "ReLU, 2 layers", zh: "ReLU，2 层" },
    "positive-2": { en: "positive half dropped, 2 layers", zh: "舍正半，2 层" },
    "leaky-2": { en: "leaky ReLU, 2 layers", zh: "Leaky ReLU，2 层" },
    "elu-2": { en: "ELU, 2 layers", zh: "ELU，2 层" },
    "abs-2": { en: "|z|, 2 layers", zh: "|z|，2 层" },
    "none-2": { en: "no nonlinearity, 2 layers", zh: "无非线性，2 层" },
    "relu-10": { en: "ReLU, 10 layers", zh: "ReLU，10 层" },
    "positive-10": { en: "positive half dropped, 10 layers", zh: "舍正半，10 层" },
    "leaky-10": { en: "leaky ReLU, 10 layers", zh: "Leaky ReLU，10 层" },
    "elu-10": { en: "ELU, 10 layers", zh: "ELU，10 层" },
    "abs-10": { en: "|z|, 10 layers", zh: "|z|，10 层" },
    "none-10": { en: "no nonlinearity, 10 layers", zh: "无非线性，10 层" },
    "zeros-2": { en: "zeros among ReLU's outputs, 2 layers", zh: "ReLU 输出中的零，2 层" },
    "zeros-10": { en: "zeros among ReLU's outputs, 10 layers", zh: "ReLU 输出中的零，10 层" },
    "dead-2": { en: "units always 0, 2 layers", zh: "始终为 0 的单元，2 层" },
    "dead-10": { en: "units always 0, 10 layers", zh: "始终为 0 的单元，10 层" },
    "dead-10-fast": {
      en: "units always 0, 10 layers, highest learning rate",
      zh: "始终为 0 的单元，10 层，最大学习率",
    },
  },
} satisfies ExperimentWords;
