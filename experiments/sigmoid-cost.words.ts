// What the experiment sigmoid-cost asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: { en: "How costly is sigmoid's exponential?", zh: "sigmoid 的指数运算有多费时？" },
  hypothesis: {
    en: "If sigmoid costs little, a step with it takes hardly longer than with ReLU, and its accuracy is within 1 percentage point of ReLU's, with 2 hidden layers and with 8.",
    zh: "如果 sigmoid 的代价很小，那么用它的一步应不比 ReLU 长多少；不论 2 层还是 8 层隐藏层，准确率与 ReLU 相差应在 1 个百分点以内。",
  },
  method: {
    en: "Counted: how many numbers go through a nonlinearity in a training step, and how many multiplications the step has besides. Timed, rounds in turn: ReLU, tanh and sigmoid of 131,072 numbers by themselves, and whole steps (64 samples) of a fully connected and of a convolutional network that differ in the nonlinearity only. And what the nonlinearity costs during training: networks of 2 and 8 hidden layers, each with initial weights of a fitting size (standard deviation 4/√n for sigmoid, n inputs; also 1/√n, as is usual) and the best of three learning rates by validation accuracy.",
    zh: "数：训练一步里有多少个数要经过激活函数，另有多少次乘法。计时（轮流进行）：单独对 131,072 个数做 ReLU、tanh、sigmoid；以及只有非线性不同的全连接网络和卷积网络的整个训练步（64 个样本）。再看非线性对学习的代价：2 层和 8 层隐藏层的网络，初始权重的大小各自合适（sigmoid 的标准差取 4/√n，n 为输入数；另试常用的 1/√n），学习率各从三个里用验证集选最好的。",
  },
  verdict: {
    en: "No: it takes less than a quarter of a training step. For 131,072 numbers sigmoid takes {element-sigmoid} µs and ReLU {element-relu}, but a step of a fully connected network takes {mlp-sigmoid} µs with sigmoid and {mlp-relu} with ReLU. Its real cost is slower learning: with 8 hidden layers sigmoid is {sigmoid-8-relu-8:size} percentage points of accuracy behind ReLU after as many epochs.",
    zh: "不算费时：它占一步训练的时间不到四分之一。单独算 131,072 个数，sigmoid 要 {element-sigmoid} µs，ReLU 要 {element-relu} µs，但全连接网络的一步是 {mlp-sigmoid} 对 {mlp-relu} µs。真正的代价是学得慢：8 层隐藏层时，训练轮数相同，sigmoid 的准确率比 ReLU 低 {sigmoid-8-relu-8:size} 个百分点。",
  },
  details: {
    en: "Times are of one machine. Few numbers go through a nonlinearity: {bent-mlp} for each sample of the fully connected network, which has {products-mlp} multiplications, and {bent-cnn} in a convolutional one, which has {products-cnn}. A step of the latter takes {cnn-sigmoid} µs with sigmoid and {cnn-relu} with ReLU. With 2 layers sigmoid is {sigmoid-2-relu-2:size} percentage points behind ReLU; a difference from tanh is not established ({sigmoid-2-tanh-2:interval}). With 8 layers its curve still rises at the last epoch, at a validation accuracy of {by-epoch-sigmoid@8}%, where ReLU has {by-epoch-relu@8}%. It learns more slowly, and more epochs could bring it nearer. From the usual small initial weights it reaches {small-8}%, because gradients vanish.",
    zh: "时间只对一台机器成立。要经过激活函数的数很少：全连接网络每个样本 {bent-mlp} 个，乘法有 {products-mlp} 次；卷积网络 {bent-cnn} 个，乘法 {products-cnn} 次，整步用 sigmoid 是 {cnn-sigmoid} µs，用 ReLU 是 {cnn-relu} µs。2 层时 sigmoid 比 ReLU 低 {sigmoid-2-relu-2:size} 个百分点；与 tanh 的差别未能确定（{sigmoid-2-tanh-2:interval}）。8 层时，它的曲线到最后一轮还在上升，验证集准确率 {by-epoch-sigmoid@8}%，而 ReLU 是 {by-epoch-relu@8}%：它学得慢，多训练几轮也许能接近。从常用的小初始权重开始，只有 {small-8}%，因为梯度消失。",
  },
  rests: { "sigmoid-2-relu-2": "less", "sigmoid-8-relu-8": "less", "sigmoid-8-small-8": "more" },
  epochs: { en: "epochs", zh: "训练轮数" },
  labels: {
    "relu-2": { en: "ReLU, 2 layers", zh: "ReLU，2 层" },
    "tanh-2": { en: "tanh, 2 layers", zh: "tanh，2 层" },
    "sigmoid-2": { en: "sigmoid, 2 layers", zh: "sigmoid，2 层" },
    "relu-8": { en: "ReLU, 8 layers", zh: "ReLU，8 层" },
    "tanh-8": { en: "tanh, 8 layers", zh: "tanh，8 层" },
    "sigmoid-8": { en: "sigmoid, 8 layers", zh: "sigmoid，8 层" },
    "small-8": { en: "sigmoid from small weights, 8 layers", zh: "sigmoid，小的初始权重，8 层" },
    "by-epoch-relu": { en: "ReLU, 8 layers, validation set", zh: "ReLU，8 层，验证集" },
    "by-epoch-tanh": { en: "tanh, 8 layers, validation set", zh: "tanh，8 层，验证集" },
    "by-epoch-sigmoid": { en: "sigmoid, 8 layers, validation set", zh: "sigmoid，8 层，验证集" },
    "by-epoch-small": {
      en: "sigmoid from small weights, 8 layers, validation set",
      zh: "sigmoid，小的初始权重，8 层，验证集",
    },
    "bent-mlp": {
      en: "activation evaluations per sample, 784-256-128-10",
      zh: "每个样本的激活函数计算次数，784-256-128-10",
    },
    "products-mlp": {
      en: "multiplications of a step for each sample, 784-256-128-10",
      zh: "一步里每个样本的乘法，784-256-128-10",
    },
    "bent-cnn": {
      en: "activation evaluations per sample, two convolutions",
      zh: "每个样本的激活函数计算次数，两层卷积",
    },
    "products-cnn": {
      en: "multiplications of a step for each sample, two convolutions",
      zh: "一步里每个样本的乘法，两层卷积",
    },
    "element-relu": { en: "ReLU of 131,072 numbers", zh: "131,072 个数的 ReLU" },
    "element-tanh": { en: "tanh of 131,072 numbers", zh: "131,072 个数的 tanh" },
    "element-sigmoid": { en: "sigmoid of 131,072 numbers", zh: "131,072 个数的 sigmoid" },
    "mlp-relu": { en: "step of 784-256-128-10 with ReLU", zh: "784-256-128-10 的一步，ReLU" },
    "mlp-tanh": { en: "step of 784-256-128-10 with tanh", zh: "784-256-128-10 的一步，tanh" },
    "mlp-sigmoid": { en: "step of 784-256-128-10 with sigmoid", zh: "784-256-128-10 的一步，sigmoid" },
    "cnn-relu": { en: "step of two convolutions with ReLU", zh: "两层卷积的一步，ReLU" },
    "cnn-tanh": { en: "step of two convolutions with tanh", zh: "两层卷积的一步，tanh" },
    "cnn-sigmoid": { en: "step of two convolutions with sigmoid", zh: "两层卷积的一步，sigmoid" },
  },
} satisfies ExperimentWords & { epochs: Text };
