// What the experiment flip-or-not asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Are both operations convolution?", zh: "两种运算都叫“卷积”吗？" },
  hypothesis: {
    en: "If it mattered for learning which operation a layer computes, a network with convolution would be at least 0.5 percentage points better or worse than the same one with correlation.",
    zh: "如果一层算的是哪种运算对学习有影响，那么用卷积的网络应比同样的、用相关的网络好或差至少 0.5 个百分点。",
  },
  method: {
    en: "The same network of two convolutional layers, once with correlation, which slides the kernel as it is and which the field calls convolution, and once with convolution by the book, which flips the kernel first. From mirrored kernels both compute the same to begin with; from the same numbers they do not, and neither does another draw of initial weights, which shows what such differences are by chance. Then trained kernels are carried from one operation to the other. Last: by how much each changes if image and kernel change places.",
    zh: "同一个两层卷积的网络，一次用相关（核照原样滑动，也就是深度学习里所说的“卷积”），一次用书上的卷积（先把核翻转）。核互为镜像时，两者一开始算得一样；用同样的数作起点则不一样；另抽一套初始权重也不一样，可以看出偶然的差别有多大。然后把训练好的核从一种运算搬到另一种。最后看：图像与核互换位置，结果变多少。",
  },
  verdict: {
    en: "In deep learning yes, in mathematics no. For learning it makes no difference: from mirrored initial kernels the accuracy is the same ({mirrored-correlation} percentage points apart). Kernels learned by one and used by the other fall from {correlation}% to {exchanged}%.",
    zh: "深度学习里都叫，数学里不是。对学习来说没有差别：从互为镜像的核起步，准确率相同（相差 {mirrored-correlation} 个百分点）。用一种学到的核拿去做另一种，就从 {correlation}% 掉到 {exchanged}%。",
  },
  details: {
    en: "From mirrored kernels both compute the same to begin with, and differences are rounding that grows. From the same numbers, which are then other kernels, convolution differs by {convolution-correlation:interval} percentage points, and another draw of initial weights by {another-correlation:interval}; neither is established. With the kernels mirrored, all of the accuracy comes back. Only convolution is commutative: if image and kernel change places, the largest change of correlation's values is {order-correlation}% of the largest value, as a mean over the seeds.",
    zh: "从互为镜像的核起步，两者一开始算得一样，差别只是慢慢放大的舍入误差。从同样的数起步，核就不同了，卷积的差别是 {convolution-correlation:interval} 个百分点，另抽一套初始权重是 {another-correlation:interval}，都未能确定。把核翻成镜像，准确率全部恢复。只有卷积可交换：图像与核互换位置，相关的结果中最大的变化是最大值的 {order-correlation}%，这是各种子的平均。",
  },
  rests: {
    "mirrored-correlation": "alike",
    "exchanged-correlation": "less",
    "exchanged-mirrored-correlation": "alike",
    "order-correlation-order-convolution": "more",
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
      en: "largest change if image and kernel change places, of the largest value, convolution",
      zh: "图像与核互换后的最大变化，占最大值的比例，卷积",
    },
    "order-correlation": {
      en: "largest change if image and kernel change places, of the largest value, correlation",
      zh: "图像与核互换后的最大变化，占最大值的比例，相关",
    },
  },
} satisfies ExperimentWords;
