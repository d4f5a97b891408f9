// What the experiment flip-or-not asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Are both operations convolution?", zh: "两种运算都叫“卷积”吗？" },
  method: {
    en: "The same network of two convolutional layers, once with correlation, which slides the kernel as it is and which the field calls convolution, and once with convolution by the book, which flips the kernel first. From mirrored kernels both compute the same to begin with; from the same numbers they do not, and neither does another draw of initial weights, which shows what such differences are by chance. Then trained kernels are carried from one operation to the other. Last: by how much each changes if image and kernel change places.",
    zh: "同一个两层卷积的网络，一次用相关（核照原样滑动，也就是深度学习里所说的“卷积”），一次用书上的卷积（先把核翻转）。核互为镜像时，两者一开始算得一样；用同样的数作起点则不一样；另抽一套初始权重也不一样，可以看出偶然的差别有多大。然后把训练好的核从一种运算搬到另一种。最后看：图像与核互换位置，结果变多少。",
  },
  verdict: {
    en: "They are two operations, and learning does not care which one it gets. From mirrored initial kernels both read 92.5 % of the digits (difference from −0.033 to 0.041 points, which is rounding that grows); from the same numbers convolution reads 0.16 points less (from −0.46 to 0.14), no more than another draw of initial weights changes (0.2, from −0.3 to 0.7). It does matter once kernels are given: learned by correlation and used by convolution they read 12.9 %, and all of it again when mirrored. And only convolution is commutative: if image and kernel change places, correlation's values change by 112 % of the largest, on average.",
    zh: "是两种运算，而学习并不在乎用哪一种。从互为镜像的核起步，两者的准确率都是 92.5 %（相差 −0.033 到 0.041 个百分点，是舍入误差慢慢放大的）；从同样的数起步，卷积低 0.16 个百分点（−0.46 到 0.14），不超过换一套初始权重的差别（0.2，−0.3 到 0.7）。核一旦定下来就有区别了：用相关学到的核拿去做卷积，准确率只有 12.9 %；翻成镜像又全部恢复。而且只有卷积可交换：图像与核互换位置，相关的结果会变，平均达最大值的 112 %。",
  },
  labels: {
    correlation: { en: "correlation", zh: "相关" },
    mirrored: { en: "convolution, from mirrored kernels", zh: "卷积，镜像的核起步" },
    convolution: { en: "convolution, from the same numbers", zh: "卷积，同样的数起步" },
    another: { en: "correlation, from other initial weights", zh: "相关，另一套初始权重" },
    exchanged: { en: "learned by correlation, used by convolution", zh: "用相关学，用卷积算" },
    "exchanged-mirrored": { en: "the same with kernels mirrored", zh: "同上，核翻成镜像" },
    "difference-before": {
      en: "largest difference of scores from mirrored kernels, before",
      zh: "镜像起步，logits 最大差别，训练前",
    },
    "difference-after": {
      en: "largest difference of scores from mirrored kernels, after",
      zh: "镜像起步，logits 最大差别，训练后",
    },
    "order-convolution": {
      en: "change if image and kernel change places, convolution",
      zh: "图像与核互换后的变化，卷积",
    },
    "order-correlation": {
      en: "change if image and kernel change places, correlation",
      zh: "图像与核互换后的变化，相关",
    },
  },
} satisfies ExperimentWords;
