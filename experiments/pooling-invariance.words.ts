// What the experiment pooling-invariance asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: { en: "How invariant is pooling?", zh: "池化到底有多“平移不变”？" },
  method: {
    en: "Two convolutions with ReLU, each followed by one of three ways to halve the sides, none with parameters: the largest of 2 × 2, their mean, or stride-2 subsampling. Digits move by whole pixels, in four directions. Measured are how far the first stage's output changes (relative, all outputs together), how many of the active outputs stay about the same (to a tenth), and how many moved digits are still read. A fourth network uses stride-2 subsampling and learns from digits moved at random by up to 2 pixels.",
    zh: "两层卷积加 ReLU，每层后面用三种都不带参数的办法之一把边长减半：取 2 × 2 的最大值、取平均、每隔一个取一个。数字整像素地向四个方向移动。测三样：第一级的输出变了多少（全部输出合起来的相对变化），活跃的输出有多少大致不变（变化小于一成），移动后还认得出多少。第四个网络每隔一个取一个，但训练时数字会随机移动至多 2 个像素。",
  },
  verdict: {
    en: "Somewhat, and only to moves smaller than its square. When a digit moves by 1 pixel, max pooling of 2 × 2 lowers the change of the features from 41.5 % to 33.9 %, and hardly more of the active outputs stay about the same than without it (57 % against 54 %): “most outputs do not change” does not hold here. The larger the square the better: 25.1 % for 4 × 4, 0.006 % for the whole image. In use it still pays: of digits moved by 2 pixels, 75.8 % are read with max pooling, 68.9 % with mean pooling and 62.6 % with stride-2 subsampling. But learning from moved digits does more than pooling: without any pooling such a network reads 87.4 % of them.",
    zh: "有一些，但只对小于池化方块的移动有效。数字移动 1 像素时，2 × 2 最大池化把特征的变化从 41.5 % 降到 33.9 %；大致不变的活跃输出也只比不池化略多（57 % 对 54 %），“大多数输出不变”在这里并不成立。方块越大越稳：4 × 4 是 25.1 %，整幅取最大是 0.006 %。用起来确有好处：移动 2 像素的数字，最大池化的准确率为 75.8 %，平均池化 68.9 %，步幅 2 下采样 62.6 %。但让网络从移动过的数字里学，比池化更管用：完全不池化准确率也有 87.4 %。",
  },
  pixels: { en: "pixels moved", zh: "移动的像素数" },
  labels: {
    "change-before": { en: "change by 1 pixel, before pooling", zh: "移动 1 像素的变化，池化前" },
    "change-max": { en: "change by 1 pixel, largest of 2 × 2", zh: "移动 1 像素的变化，2 × 2 最大" },
    "change-average": { en: "change by 1 pixel, mean of 2 × 2", zh: "移动 1 像素的变化，2 × 2 平均" },
    "change-second": { en: "change by 1 pixel, stride-2 subsampling", zh: "移动 1 像素的变化，步幅 2 下采样" },
    "change-max4": { en: "change by 1 pixel, largest of 4 × 4", zh: "移动 1 像素的变化，4 × 4 最大" },
    "change-global": { en: "change by 1 pixel, largest of the whole image", zh: "移动 1 像素的变化，整幅最大" },
    "same-before": { en: "active outputs about the same, before pooling", zh: "大致不变的活跃输出，池化前" },
    "same-max": { en: "active outputs about the same, largest of 2 × 2", zh: "大致不变的活跃输出，2 × 2 最大" },
    "same-second": {
      en: "active outputs about the same, stride-2 subsampling",
      zh: "大致不变的活跃输出，步幅 2 下采样",
    },
    "still-max": { en: "accuracy, largest of 2 × 2", zh: "准确率，2 × 2 最大" },
    "still-average": { en: "accuracy, mean of 2 × 2", zh: "准确率，2 × 2 平均" },
    "still-second": { en: "accuracy, stride-2 subsampling", zh: "准确率，步幅 2 下采样" },
    "still-taught": {
      en: "accuracy, stride-2 subsampling, shift-augmented training",
      zh: "准确率，步幅 2 下采样，训练时随机平移",
    },
    "moved-max": { en: "accuracy at 2-pixel shift, largest of 2 × 2", zh: "移动 2 像素后的准确率，2 × 2 最大" },
    "moved-average": { en: "accuracy at 2-pixel shift, mean of 2 × 2", zh: "移动 2 像素后的准确率，2 × 2 平均" },
    "moved-second": {
      en: "accuracy at 2-pixel shift, stride-2 subsampling",
      zh: "移动 2 像素后的准确率，步幅 2 下采样",
    },
    "moved-taught": {
      en: "accuracy at 2-pixel shift, stride-2 subsampling, shift-augmented training",
      zh: "移动 2 像素后的准确率，步幅 2 下采样，训练时随机平移",
    },
    "change-by-shift-before": { en: "change, before pooling", zh: "变化，池化前" },
    "change-by-shift-max": { en: "change, largest of 2 × 2", zh: "变化，2 × 2 最大" },
    "change-by-shift-max4": { en: "change, largest of 4 × 4", zh: "变化，4 × 4 最大" },
    "change-by-shift-global": { en: "change, largest of the whole image", zh: "变化，整幅最大" },
    "accuracy-by-shift-max": { en: "accuracy, largest of 2 × 2", zh: "准确率，2 × 2 最大" },
    "accuracy-by-shift-average": { en: "accuracy, mean of 2 × 2", zh: "准确率，2 × 2 平均" },
    "accuracy-by-shift-second": { en: "accuracy, stride-2 subsampling", zh: "准确率，步幅 2 下采样" },
    "accuracy-by-shift-taught": {
      en: "accuracy, stride-2 subsampling, shift-augmented training",
      zh: "准确率，步幅 2 下采样，训练时随机平移",
    },
  },
} satisfies ExperimentWords & { pixels: Text };
