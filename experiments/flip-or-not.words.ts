// What the experiment flip-or-not asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords } from "@tidu/cli/experiment";

export default {
  question: { en: "Are both operations convolution?", zh: "两种运算都叫“卷积”吗？" },
  hypothesis: {
    en: "If it mattered for learning which operation a layer computes, a network with convolution would be at least 0.5 percentage points better or worse than the same one with correlation.",
    zh: "如果一层算的是哪种运算对学习有影响，那么用卷积的网络应比用互相关的同样网络好或差至少 0.5 个百分点。",
  },
  method: {
    en: "The same network of two convolutional layers, once with cross-correlation, which slides the kernel as it is and which deep learning calls convolution, and once with convolution as mathematics defines it, which flips the kernel first. From mirrored kernels both compute the same at first. From the same numbers they do not; another draw of initial weights shows how large such differences are by chance. Then trained kernels are carried from one operation to the other. Last, it measures how much each result changes if image and kernel are exchanged.",
    zh: "同一个两层卷积的网络，一次用互相关（核照原样滑动，也就是深度学习里所说的“卷积”），一次用数学定义的卷积（先把核翻转）。核互为镜像时，两者一开始算得一样；用同样的数作起点则不一样；另抽一套初始权重也不一样，可以看出偶然的差别有多大。然后把训练好的核从一种运算搬到另一种。最后看：图像与核互换位置，结果变多少。",
  },
  verdict: {
    en: "In deep learning yes, in mathematics no. For learning it makes no difference: from mirrored initial kernels the accuracy is the same ({mirrored-correlation} percentage points apart). Kernels learned by one and used by the other fall from {correlation}% to {exchanged}%.",
    zh: "深度学习里都叫，数学里不是。对学习来说没有差别：从互为镜像的核起步，准确率相同（相差 {mirrored-correlation} 个百分点）。把用一种运算学到的核用于另一种，准确率就从 {correlation}% 降到 {exchanged}%。",
  },
  details: {
    en: "From mirrored kernels both compute the same at first; later differences are rounding errors that grow. From the same numbers, which then are different kernels, convolution differs by {convolution-correlation:interval} percentage points, and another draw of initial weights by {another-correlation:interval}; neither is established. With the kernels mirrored, all of the accuracy comes back. Only convolution is commutative: if image and kernel are exchanged, the largest change of correlation's values is {order-correlation}% of the largest value, averaged over the seeds.",
    zh: "从互为镜像的核起步，两者一开始算得一样，差别只是慢慢放大的舍入误差。从同样的数起步，核就不同了，卷积的差别是 {convolution-correlation:interval} 个百分点，另抽一套初始权重是 {another-correlation:interval}，都未能确定。把核翻成镜像，准确率全部恢复。只有卷积可交换：图像与核互换位置，互相关结果中最大的变化是最大值的 {order-correlation}%，这是各种子的平均。",
  },
  rests: {
    "mirrored-correlation": "alike",
    "exchanged-correlation": "less",
    "exchanged-mirrored-correlation": "alike",
    "order-correlation-order-convolution": "more",
  },
  labels: {
    correlation: { en: "correlation", zh: "互相关" },
    mirrored: { en: "convolution, from mirrored kernels", zh: "卷积，镜像的核起步" },
    convolution: { en: "convolution, from the same numbers", zh: "卷积，同样的数起步" },
    another: { en: "correlation, from other initial weights", zh: "互相关，另一套初始权重" },
    exchanged: { en: "learned by correlation, used by convolution", zh: "用互相关训练，用卷积计算" },
    "exchanged-mirrored": { en: "the same with kernels mirrored", zh: "同上，核翻成镜像" },
    "difference-before": {
      en: "largest difference of logits from mirrored kernels, before",
      zh: "镜像起步，logits 最大差别，训练前",
    },
    "difference-after": {
      en: "largest difference of logits from mirrored kernels, after",
      zh: "镜像起步，logits 最大差别，训练后",
    },
    "order-convolution": {
      en: "largest change if image and kernel change places, of the largest value, convolution",
      zh: "图像与核互换后的最大变化，占最大值的比例，卷积",
    },
    "order-correlation": {
      en: "largest change if image and kernel change places, of the largest value, correlation",
      zh: "图像与核互换后的最大变化，占最大值的比例，互相关",
    },
  },
} satisfies ExperimentWords;
