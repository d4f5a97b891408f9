// What the experiment permuted-pixels asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: {
    en: "Which data gain nothing from convolution?",
    zh: "哪些数据用卷积毫无好处？",
  },
  hypothesis: {
    en: "If convolution gains by neighborhood alone, a CNN is at least 1 point better than a fully connected network with as many products on digits as they are, and no better once their pixels are shuffled.",
    zh: "如果卷积的好处全在于邻近关系，那么在原样的数字上，卷积网络应比乘法一样多的全连接网络至少高 1 个百分点；像素打乱以后则不再更高。",
  },
  method: {
    en: "The same digits twice: as they are, and with their pixels in one random order, the same for all images. A small convolutional network against fully connected ones with as many parameters, and with as many products in a training step. In between, pixels change places only inside squares of a given side.",
    zh: "同样的数字用两次：一次照原样，一次把像素按同一个随机次序打乱（所有图片次序相同）。一个小卷积网络，对比参数一样多的、以及每步乘法一样多的全连接网络。中间情形：像素只在给定边长的方块内部互换位置。",
  },
  verdict: {
    en: "Data whose neighbors have nothing to do with each other seem to gain nothing: in these seeds the CNN was {cnn-plain-wide-plain} points ahead of a fully connected network with as many products on digits as they are, and {cnn-shuffled-wide-shuffled:size} behind with their pixels shuffled.",
    zh: "相邻数值彼此无关的数据，看来毫无好处：在这些种子里，原样的数字上，卷积网络比乘法一样多的全连接网络高 {cnn-plain-wide-plain} 个百分点，打乱像素后反而低 {cnn-shuffled-wide-shuffled:size} 个百分点。",
  },
  details: {
    en: "With its pixels shuffled the CNN reached {cnn-shuffled-training} % even of its own training digits, and {cnn-shuffled} % of others, in the place of {cnn-plain} %. With pixels exchanged only inside squares of side 4 it had {cnn-by-square@4} %. Whether the shuffled CNN is better or worse than a fully connected network with as few parameters is open ({cnn-shuffled-narrow-shuffled:interval} points): that comparison is inconclusive, not zero.",
    zh: "像素打乱以后，卷积网络连自己的训练数字也只有 {cnn-shuffled-training} %，别的数字是 {cnn-shuffled} %，而原样的是 {cnn-plain} %。只在边长 4 的方块里互换像素时是 {cnn-by-square@4} %。打乱以后，它与参数一样少的全连接网络相比是好是坏还不清楚（{cnn-shuffled-narrow-shuffled:interval} 个百分点）：这个比较没有结论，并不等于零。",
  },
  rests: {
    "cnn-plain-wide-plain": "open",
    "cnn-shuffled-wide-shuffled": "open",
    "cnn-plain-cnn-shuffled": "open",
    "cnn-shuffled-narrow-shuffled": "open",
  },
  square: { en: "side of the squares in which pixels change places", zh: "像素互换位置的方块的边长" },
  labels: {
    "cnn-plain": { en: "CNN, digits as they are", zh: "卷积网络，原样数字" },
    "cnn-shuffled": { en: "CNN, pixels shuffled", zh: "卷积网络，打乱像素" },
    "cnn-shuffled-training": { en: "CNN, pixels shuffled, on its training digits", zh: "卷积网络，打乱像素，训练集上" },
    "wide-plain": { en: "as many products, fully connected, as they are", zh: "同乘法数全连接，原样数字" },
    "wide-shuffled": { en: "as many products, fully connected, shuffled", zh: "同乘法数全连接，打乱像素" },
    "narrow-plain": { en: "as many parameters, fully connected, as they are", zh: "同参数全连接，原样数字" },
    "narrow-shuffled": { en: "as many parameters, fully connected, shuffled", zh: "同参数全连接，打乱像素" },
    "cnn-by-square": { en: "CNN", zh: "卷积网络" },
    "cnn-parameters": { en: "CNN", zh: "卷积网络" },
    "narrow-parameters": { en: "as many parameters, fully connected", zh: "同参数全连接" },
    "wide-parameters": { en: "as many products, fully connected", zh: "同乘法数全连接" },
    "cnn-products": { en: "CNN, for each sample of a training step", zh: "卷积网络，训练一步平均每个样本" },
    "narrow-products": { en: "as many parameters, the same", zh: "同参数全连接，同上" },
    "wide-products": { en: "as many products, the same", zh: "同乘法数全连接，同上" },
  },
} satisfies ExperimentWords & { square: Text };
