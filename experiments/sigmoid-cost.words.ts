// What the experiment sigmoid-cost asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: { en: "How costly is sigmoid's exponential?", zh: "sigmoid 的指数运算有多费时？" },
  hypothesis: {
    en: "If sigmoid costs little, a step with it takes hardly longer than with ReLU, and its accuracy is within 1 point of ReLU's, with 2 hidden layers and with 8.",
    zh: "如果 sigmoid 的代价很小，那么用它的一步应不比 ReLU 长多少；不论 2 层还是 8 层隐藏层，准确率与 ReLU 相差应在 1 个百分点以内。",
  },
  method: {
    en: "Counted: how many numbers go through a nonlinearity in a training step, and how many products the step has beside. Timed, rounds in turn: ReLU, tanh and sigmoid of 131,072 numbers by themselves, and whole steps (64 samples) of a fully connected and of a convolutional network that differ in the nonlinearity only. And what the nonlinearity costs during training: networks of 2 and 8 hidden layers, each with initial weights of a fitting size (deviation 4/√n for sigmoid, n inputs; also 1/√n, as is usual) and the best of three learning rates, by digits set apart.",
    zh: "数：训练一步里有多少个数要经过激活函数，另有多少次乘法。计时（轮流进行）：单独对 131,072 个数做 ReLU、tanh、sigmoid；以及只有非线性不同的全连接网络和卷积网络的整个训练步（64 个样本）。再看非线性对学习的代价：2 层和 8 层隐藏层的网络，初始权重的大小各自合适（sigmoid 的标准差取 4/√n，n 为输入数；另试常用的 1/√n），学习率各从三个里用验证集选最好的。",
  },
  verdict: {
    en: "By itself sigmoid takes {element-sigmoid} µs for 131,072 numbers where ReLU takes {element-relu} µs, but only {bent-mlp} numbers beside {products-mlp} products go through it in a step of a fully connected network, and in these seeds it lost {sigmoid-8-relu-8:size} points of accuracy to ReLU with 8 hidden layers.",
    zh: "单独看，131,072 个数的 sigmoid 要 {element-sigmoid} µs，ReLU 要 {element-relu} µs，但全连接网络的一步里只有 {bent-mlp} 个数经过它，乘法却有 {products-mlp} 次，而在这些种子里，8 层隐藏层时准确率比 ReLU 低 {sigmoid-8-relu-8:size} 个百分点。",
  },
  details: {
    en: "Times are of one machine. A whole step takes {mlp-sigmoid} µs with sigmoid and {mlp-relu} µs with ReLU in the fully connected network, {cnn-sigmoid} and {cnn-relu} µs in a convolutional one, where {bent-cnn} numbers go through it beside {products-cnn} products. With 2 layers no difference of accuracy is clear ({sigmoid-2-relu-2:interval} points). From the small initial weights that are usual, 8 layers with sigmoid reached {small-8} %, since gradients vanish.",
    zh: "时间只对一台机器成立。全连接网络整步用 sigmoid 是 {mlp-sigmoid} µs，用 ReLU 是 {mlp-relu} µs，卷积网络是 {cnn-sigmoid} 和 {cnn-relu} µs，其中 {bent-cnn} 个数经过它，乘法有 {products-cnn} 次。2 层时准确率看不出明显差别（{sigmoid-2-relu-2:interval} 个百分点）。从常用的小初始权重开始，8 层的 sigmoid 只有 {small-8} %，因为梯度消失。",
  },
  rests: { "sigmoid-2-relu-2": "open", "sigmoid-8-relu-8": "open", "sigmoid-8-small-8": "open" },
  epochs: { en: "epochs", zh: "训练轮数" },
  labels: {
    "relu-2": { en: "ReLU, 2 layers", zh: "ReLU，2 层" },
    "tanh-2": { en: "tanh, 2 layers", zh: "tanh，2 层" },
    "sigmoid-2": { en: "sigmoid, 2 layers", zh: "sigmoid，2 层" },
    "small-2": { en: "sigmoid from small weights, 2 layers", zh: "sigmoid，小的初始权重，2 层" },
    "relu-8": { en: "ReLU, 8 layers", zh: "ReLU，8 层" },
    "tanh-8": { en: "tanh, 8 layers", zh: "tanh，8 层" },
    "sigmoid-8": { en: "sigmoid, 8 layers", zh: "sigmoid，8 层" },
    "small-8": { en: "sigmoid from small weights, 8 layers", zh: "sigmoid，小的初始权重，8 层" },
    "by-epoch-relu": { en: "ReLU, 8 layers, digits set apart", zh: "ReLU，8 层，验证集" },
    "by-epoch-tanh": { en: "tanh, 8 layers, digits set apart", zh: "tanh，8 层，验证集" },
    "by-epoch-sigmoid": { en: "sigmoid, 8 layers, digits set apart", zh: "sigmoid，8 层，验证集" },
    "by-epoch-small": {
      en: "sigmoid from small weights, 8 layers, digits set apart",
      zh: "sigmoid，小的初始权重，8 层，验证集",
    },
    "bent-mlp": {
      en: "activation evaluations per sample, 784-256-128-10",
      zh: "每个样本的激活函数计算次数，784-256-128-10",
    },
    "products-mlp": {
      en: "products of a step for each sample, 784-256-128-10",
      zh: "一步里每个样本的乘法，784-256-128-10",
    },
    "bent-cnn": {
      en: "activation evaluations per sample, two convolutions",
      zh: "每个样本的激活函数计算次数，两层卷积",
    },
    "products-cnn": {
      en: "products of a step for each sample, two convolutions",
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
