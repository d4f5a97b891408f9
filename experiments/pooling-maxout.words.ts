// What the experiment pooling-maxout asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Is max pooling like maxout?", zh: "最大池化像 maxout 吗？" },
  hypothesis: {
    en: "If max pooling and maxout are alike, a maxout layer can be written that gives pooling's outputs, and networks of either kind have the same accuracy, to 1 percentage point, on unmoved and moved digits.",
    zh: "如果最大池化就像 maxout，那么应能写出一个输出与池化相同的 maxout 层；由两者之一组成的网络，在原样和移动过的数字上，准确率都应相同（差在 1 个百分点以内）。",
  },
  method: {
    en: "Both keep the largest of four. Pooling takes four neighboring places of one kernel, maxout four kernels at one place; maxout does so at every second place only. So both need as many multiplications and give as many numbers. Networks of two such stages and a linear layer classify digits. Controls: pooling of any four places, and a single kernel with ReLU. In addition, a maxout layer gets weights with which it computes what convolution and pooling do.",
    zh: "两者都取四个里的最大。池化取同一个核在四个相邻位置上的值，maxout 取四个核在同一位置上的值；后者只在隔一个的位置上算，于是算出结果的乘法一样多，得到的数也一样多。两级这样的层再加一个线性层，用来识别数字。对照：任意四个位置的池化，以及一个核加 ReLU。另外写出一个 maxout 层，它的权重使它恰好算出“卷积加池化”。",
  },
  verdict: {
    en: "As an operation yes, in its use no. A maxout layer can be written that gives max pooling's outputs (largest difference {difference}). On digits moved by 2 pixels networks with max pooling are {moved-pooling-moved-maxout} percentage points ahead of those with maxout.",
    zh: "运算上像，用途上不像。可以写出一个输出与最大池化相同的 maxout 层（最大差别 {difference}）。在移动 2 像素的数字上，用最大池化的网络比用 maxout 的高 {moved-pooling-moved-maxout} 个百分点。",
  },
  details: {
    en: "That maxout layer has {parameters-tied} parameters in place of {parameters-pooling} shared ones. On unmoved digits a difference is not established ({pooling-maxout:interval} percentage points). Both are ahead of one kernel with ReLU, by {pooling-relu} and {maxout-relu} percentage points; in the first stage pooling has {parameters-pooling} parameters and maxout {parameters-maxout}. Neighbors matter for pooling, but not for maxout: the largest of any four places is {pooling-scattered:size} percentage points behind. When a digit moves by 1 pixel, pooled features of the first stage change by {change-pooling}% and those of maxout by {change-maxout}%, so the gain on moved digits does not arise there.",
    zh: "那个 maxout 层有 {parameters-tied} 个参数，来代替共享的 {parameters-pooling} 个。在原样的数字上，差别未能确定（{pooling-maxout:interval} 个百分点）；两者都比一个核加 ReLU 高，分别高 {pooling-relu} 和 {maxout-relu} 个百分点，第一级的参数是 {parameters-pooling} 对 {parameters-maxout}。池化离不开“相邻”，这与 maxout 不同：任意四个位置取最大，低 {pooling-scattered:size} 个百分点。数字移动 1 像素时，第一级池化后的特征变 {change-pooling}%，maxout 的变 {change-maxout}%，所以在第一级里还看不出池化对移动的好处。",
  },
  rests: {
    "pooling-maxout": "open",
    "moved-pooling-moved-maxout": "more",
    "pooling-scattered": "more",
    "maxout-relu": "more",
  },
  labels: {
    pooling: { en: "max pooling", zh: "最大池化" },
    maxout: { en: "maxout of four kernels", zh: "四个核的 maxout" },
    scattered: { en: "max pooling of any four places", zh: "任意四个位置的最大池化" },
    relu: { en: "one kernel and ReLU", zh: "一个核加 ReLU" },
    "moved-pooling": { en: "digits moved by 2 pixels, max pooling", zh: "移动 2 像素的数字，最大池化" },
    "moved-maxout": { en: "digits moved by 2 pixels, maxout", zh: "移动 2 像素的数字，maxout" },
    "moved-scattered": { en: "digits moved by 2 pixels, any four places", zh: "移动 2 像素的数字，任意四个位置" },
    "moved-relu": { en: "digits moved by 2 pixels, one kernel and ReLU", zh: "移动 2 像素的数字，一个核加 ReLU" },
    "change-pooling": {
      en: "change of the first stage by 1 pixel, max pooling",
      zh: "移动 1 像素第一级的变化，最大池化",
    },
    "change-maxout": { en: "change of the first stage by 1 pixel, maxout", zh: "移动 1 像素第一级的变化，maxout" },
    "change-relu": {
      en: "change of the first stage by 1 pixel, one kernel and ReLU",
      zh: "移动 1 像素第一级的变化，一个核加 ReLU",
    },
    difference: {
      en: "largest difference of max pooling and the maxout layer written for it",
      zh: "最大池化与为它写出的 maxout 层的最大差别",
    },
    "parameters-pooling": { en: "first stage, convolution and max pooling", zh: "第一级，卷积加最大池化" },
    "parameters-maxout": { en: "first stage, convolution and maxout", zh: "第一级，卷积加 maxout" },
    "parameters-relu": { en: "first stage, one kernel and ReLU", zh: "第一级，一个核加 ReLU" },
    "parameters-tied": {
      en: "maxout layer that computes convolution and max pooling",
      zh: "算出“卷积加最大池化”的 maxout 层",
    },
    "products-pooling": { en: "max pooling, for each sample of a training step", zh: "最大池化，训练一步平均每个样本" },
    "products-maxout": { en: "maxout, the same", zh: "maxout，同上" },
    "products-relu": { en: "one kernel and ReLU, the same", zh: "一个核加 ReLU，同上" },
  },
} satisfies ExperimentWords;
