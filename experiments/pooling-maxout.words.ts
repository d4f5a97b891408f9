// What the experiment pooling-maxout asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Is max pooling like maxout?", zh: "最大池化像 maxout 吗？" },
  method: {
    en: "Both keep the largest of four. Pooling takes four neighboring places of one kernel, maxout four kernels at one place; with the second at every other place only, both multiply as often for their outputs and give as many numbers. Networks of two such stages and a linear layer read digits. Beside them: pooling of any four places, and a single kernel with ReLU. And a maxout layer whose weights are written so that it computes what convolution and pooling do.",
    zh: "两者都取四个里的最大。池化取同一个核在四个相邻位置上的值，maxout 取四个核在同一位置上的值；后者只在隔一个的位置上算，于是算出结果的乘法一样多，得到的数也一样多。两级这样的层再加一个线性层，用来认数字。对照：随便四个位置的池化，以及一个核加 ReLU。另外写出一个 maxout 层，它的权重使它恰好算出“卷积加池化”。",
  },
  verdict: {
    en: "Yes as an operation, no in what it is for. Max pooling is a maxout whose pieces are one kernel at neighboring places: a maxout layer written so gives the same outputs (to 0.0000006), but has 4,923,520 parameters for 208 shared ones. As layers of networks they read alike (90.6 % and 90.7 %), both better than one kernel with ReLU (88.5 %), at 208 against 832 parameters in the first stage. Neighbors matter for pooling, other than for maxout: the largest of any four places reads 88.6 %. Neither shows invariance in the first stage: by 1 pixel pooled features change by 42.1 %, maxout's by 36.2 %; yet of digits moved by 2 pixels both networks read more (68.8 % and 67.7 %) than the one with ReLU (61.6 %).",
    zh: "就运算而言是，就用途而言不是。最大池化就是一种 maxout，它的片段是同一个核放在相邻位置上：照此写出的 maxout 层给出同样的输出（误差 0.0000006），只是要 4,923,520 个参数来代替共享的 208 个。作为网络的层，两者认字一样好（90.6 % 和 90.7 %），都好过一个核加 ReLU（88.5 %），第一级的参数是 208 对 832。池化离不开“相邻”，这与 maxout 不同：随便四个位置取最大，只有 88.6 %。第一级里两者都谈不上不变：移动 1 像素，池化后的特征变 42.1 %，maxout 的变 36.2 %；不过移动 2 像素的数字，两个网络（68.8 % 和 67.7 %）都比 ReLU 的（61.6 %）认得多。",
  },
  labels: {
    pooling: { en: "max pooling", zh: "最大池化" },
    maxout: { en: "maxout of four kernels", zh: "四个核的 maxout" },
    scattered: { en: "max pooling of any four places", zh: "随便四个位置的最大池化" },
    relu: { en: "one kernel and ReLU", zh: "一个核加 ReLU" },
    "moved-pooling": { en: "digits moved by 2 pixels, max pooling", zh: "移动 2 像素的数字，最大池化" },
    "moved-maxout": { en: "digits moved by 2 pixels, maxout", zh: "移动 2 像素的数字，maxout" },
    "moved-scattered": { en: "digits moved by 2 pixels, any four places", zh: "移动 2 像素的数字，随便四个位置" },
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
