// What the experiment permuted-pixels asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: {
    en: "Which data gain nothing from convolution?",
    zh: "哪些数据用卷积毫无好处？",
  },
  method: {
    en: "The same digits twice: as they are, and with their pixels in one random order, the same for all images. A small convolutional network against fully connected ones with as many parameters, and with as many products in a training step. In between, pixels change places only inside squares of a given side.",
    zh: "同样的数字用两次：一次照原样，一次把像素按同一个随机次序打乱（所有图片次序相同）。一个小卷积网络，对比参数一样多的、以及每步乘法一样多的全连接网络。中间情形：像素只在给定边长的方块内部互换位置。",
  },
  verdict: {
    en: "Data in which neighbors have nothing to do with each other, such as digits with their pixels shuffled: there the CNN falls from 93.8 % to 82.2 % and is 8.6 points behind a fully connected network with as many products, which reads 90.7 % either way. It is not only that it generalizes worse: even of its own training digits it reads no more than 90.0 %. On digits as they are the CNN is 3.1 points ahead. It depends on how far neighborhood is destroyed: with pixels exchanged only inside squares of side 2 the CNN still has 92.8 %, with side 4 already only 89.2 %. Against a network with as few parameters the shuffled CNN shows no clear loss or gain (5 points, from −4 to 14): sharing weights still saves weights, but no longer buys accuracy.",
    zh: "相邻的数值彼此无关的数据，例如像素被打乱的数字：卷积网络从 93.8 % 掉到 82.2 %，比乘法一样多的全连接网络低 8.6 个百分点，而后者打不打乱都是 90.7 %。并不只是泛化变差：连自己的训练数字，准确率也只有 90.0 %。在原样的数字上，卷积网络高出 3.1 个百分点。这取决于邻近关系被破坏到多大范围：只在边长 2 的方块里互换，卷积网络还有 92.8 %；边长到 4 就只剩 89.2 %。与参数一样少的全连接网络相比，打乱后看不出明显的好坏（相差 5 个百分点，区间从 −4 到 14）：共享权重仍然省参数，却不再换来准确率。",
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
