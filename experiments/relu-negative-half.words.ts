import type { ExperimentWords } from "tidu/experiment";

export default {
  question: { en: "Is dropping the negative half good for ReLU?", zh: "ReLU 舍掉负的一半，真是好事吗？" },
  method: {
    en: "Fully connected networks with hidden layers of 64 units, 2 or 10 of them, that differ in nothing but the bend: ReLU; its mirror image, which drops the positive half; leaky ReLU (slope 0.1) and ELU, which keep something of the negative half; |z|, which keeps all of its size; and no bend. Each takes the best of three learning rates by digits set apart. Also counted: zeros among ReLU's outputs, and units that are 0 for each of the digits set apart.",
    zh: "全连接网络，隐藏层每层 64 个单元，2 层或 10 层，除了“弯”以外完全一样：ReLU；它的镜像（舍掉正的一半）；保留一部分负半的 Leaky ReLU（斜率 0.1）和 ELU；保留全部大小的 |z|；以及完全不弯。每种都从三个学习率里用另留的数字选最好的一个。另数 ReLU 输出中的零，以及对所有另留的数字都输出 0 的单元。",
  },
  verdict: { en: "", zh: "" },
  labels: {
    "relu-2": { en: "ReLU, 2 layers", zh: "ReLU，2 层" },
    "positive-2": { en: "positive half dropped, 2 layers", zh: "舍正半，2 层" },
    "leaky-2": { en: "leaky ReLU, 2 layers", zh: "Leaky ReLU，2 层" },
    "elu-2": { en: "ELU, 2 layers", zh: "ELU，2 层" },
    "abs-2": { en: "|z|, 2 layers", zh: "|z|，2 层" },
    "none-2": { en: "no bend, 2 layers", zh: "不弯，2 层" },
    "relu-10": { en: "ReLU, 10 layers", zh: "ReLU，10 层" },
    "positive-10": { en: "positive half dropped, 10 layers", zh: "舍正半，10 层" },
    "leaky-10": { en: "leaky ReLU, 10 layers", zh: "Leaky ReLU，10 层" },
    "elu-10": { en: "ELU, 10 layers", zh: "ELU，10 层" },
    "abs-10": { en: "|z|, 10 layers", zh: "|z|，10 层" },
    "none-10": { en: "no bend, 10 layers", zh: "不弯，10 层" },
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
