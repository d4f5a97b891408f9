// What the experiment permuted-pixels asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: {
    en: "Which data gain nothing from convolution?",
    zh: "哪些数据用卷积毫无好处？",
  },
  hypothesis: {
    en: "If convolution gains by neighborhood alone, a CNN is at least 1 percentage point better than a fully connected network with as many multiplications on digits as they are, and no better once their pixels are shuffled.",
    zh: "如果卷积的好处全在于邻近关系，那么在原样的数字上，卷积网络应比乘法一样多的全连接网络至少高 1 个百分点；像素打乱以后则不再更高。",
  },
  method: {
    en: "The same digits twice: as they are, and with their pixels in one random order, the same for all images. A small convolutional network against fully connected ones with as many parameters, and with as many multiplications in a training step. In between, pixels change places only inside squares of a given side.",
    zh: "同样的数字用两次：一次照原样，一次把像素按同一个随机次序打乱（所有图像次序相同）。一个小卷积网络，对比参数一样多的、以及每步乘法一样多的全连接网络。中间情形：像素只在给定边长的方块内部互换位置。",
  },
  verdict: {
    en: "Data whose neighbors have nothing to do with each other. On digits with shuffled pixels the CNN is {cnn-shuffled-wide-shuffled:size} percentage points behind a fully connected network with as many multiplications. On digits as they are it is {cnn-plain-wide-plain} percentage points ahead.",
    zh: "相邻数值彼此无关的数据。在像素被打乱的数字上，卷积网络比乘法一样多的全连接网络低 {cnn-shuffled-wide-shuffled:size} 个百分点。在原样的数字上，它高 {cnn-plain-wide-plain} 个百分点。",
  },
  details: {
    en: "The fully connected network has the same accuracy either way ({wide-plain} and {wide-shuffled}%), because it does not use neighborhood. The CNN falls from {cnn-plain} to {cnn-shuffled}%. That is not only worse generalization: with shuffled pixels, even its training accuracy is {cnn-shuffled-training}%. If pixels change places only inside squares of side 4, its accuracy is {cnn-by-square@4}%. On unchanged digits the CNN is {cnn-plain-narrow-plain} percentage points ahead of a network with as few parameters. With pixels shuffled a difference is not established ({cnn-shuffled-narrow-shuffled:interval} percentage points), which does not mean that there is none. All networks have the same learning rate and the same few epochs.",
    zh: "全连接网络打不打乱都一样（{wide-plain} 和 {wide-shuffled}%），因为它不利用邻近关系；卷积网络从 {cnn-plain} 降到 {cnn-shuffled}%。这不只是泛化变差：像素打乱以后，连训练准确率也只有 {cnn-shuffled-training}%。只在边长 4 的方块里互换像素时是 {cnn-by-square@4}%。与参数一样少的网络相比，原样的数字上卷积网络高 {cnn-plain-narrow-plain} 个百分点；打乱以后差别未能确定（{cnn-shuffled-narrow-shuffled:interval} 个百分点），这并不等于没有差别。所有网络用同样的学习率和同样少的训练轮数。",
  },
  rests: { "cnn-plain-wide-plain": "more", "cnn-shuffled-wide-shuffled": "less", "wide-plain-wide-shuffled": "alike" },
  square: { en: "side of the squares in which pixels change places", zh: "像素互换位置的方块的边长" },
  labels: {
    "cnn-plain": { en: "CNN, digits as they are", zh: "卷积网络，原样数字" },
    "cnn-shuffled": { en: "CNN, pixels shuffled", zh: "卷积网络，打乱像素" },
    "cnn-shuffled-training": { en: "CNN, pixels shuffled, on its training digits", zh: "卷积网络，打乱像素，训练集上" },
    "wide-plain": { en: "as many multiplications, fully connected, as they are", zh: "同乘法数全连接，原样数字" },
    "wide-shuffled": { en: "as many multiplications, fully connected, shuffled", zh: "同乘法数全连接，打乱像素" },
    "narrow-plain": { en: "as many parameters, fully connected, as they are", zh: "同参数全连接，原样数字" },
    "narrow-shuffled": { en: "as many parameters, fully connected, shuffled", zh: "同参数全连接，打乱像素" },
    "cnn-by-square": { en: "CNN", zh: "卷积网络" },
    "cnn-parameters": { en: "CNN", zh: "卷积网络" },
    "narrow-parameters": { en: "as many parameters, fully connected", zh: "同参数全连接" },
    "wide-parameters": { en: "as many multiplications, fully connected", zh: "同乘法数全连接" },
    "cnn-products": { en: "CNN, for each sample of a training step", zh: "卷积网络，训练一步平均每个样本" },
    "narrow-products": { en: "as many parameters, the same", zh: "同参数全连接，同上" },
    "wide-products": { en: "as many multiplications, the same", zh: "同乘法数全连接，同上" },
  },
} satisfies ExperimentWords & { square: Text };
