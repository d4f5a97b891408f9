// What the experiment pooling-invariance asks, how it measures, and what it found, in English and Chinese.
import type { ExperimentWords, Text } from "@tidu/cli/experiment";

export default {
  question: { en: "How invariant is pooling?", zh: "池化到底有多“平移不变”？" },
  hypothesis: {
    en: "If pooling makes features invariant, most active outputs stay about the same when a digit moves by 1 pixel, at least 10 percentage points more of them than without pooling.",
    zh: "如果池化使特征平移不变，那么数字移动 1 像素时，大多数活跃的输出应大致不变，而且比不池化时至少多 10 个百分点。",
  },
  method: {
    en: "Two convolutions with ReLU, each followed by one of three ways to halve the sides, none with parameters: the largest of 2 × 2, their mean, or stride-2 subsampling. Digits move by whole pixels, in four directions. Measured are how far the first stage's output changes (relative, all outputs together), how many of the active outputs stay about the same (to a tenth), and the accuracy on moved digits. A fourth network uses stride-2 subsampling and learns from digits moved at random by up to 2 pixels.",
    zh: "两层卷积加 ReLU，每层后面用三种都不带参数的办法之一把边长减半：取 2 × 2 的最大值、取平均、步幅 2 下采样。数字整像素地向四个方向移动。测三样：第一级的输出变了多少（全部输出合起来的相对变化），活跃的输出有多少大致不变（变化小于一成），移动后的准确率是多少。第四个网络用步幅 2 下采样，但训练时数字会随机移动至多 2 个像素。",
  },
  verdict: {
    en: "Hardly more than without pooling. When a digit moves by 1 pixel, {same-max}% of the active outputs stay about the same with 2 × 2 max pooling and {same-before}% without it. At a shift of 2 pixels its accuracy is {moved-max-moved-second} percentage points above that of stride-2 subsampling.",
    zh: "不比不池化强多少。数字移动 1 像素时，用 2 × 2 最大池化，活跃的输出有 {same-max}% 大致不变，不池化是 {same-before}%。移动 2 像素时，它的准确率比步幅 2 下采样高 {moved-max-moved-second} 个百分点。",
  },
  details: {
    en: "So most active outputs do stay, but nearly as many stay without pooling: the difference, {same-max-same-before} percentage points, is less than the 10 that would matter. All outputs together change less: by {change-max}% of their size instead of {change-before}%, by {change-max4}% with 4 × 4 and {change-global}% with the whole image. Pooling improves accuracy at every shift: it is {still-max-still-second} percentage points above stride-2 subsampling for unmoved digits, and {far-max-far-second} at 4 pixels, twice the side of its square. Training on moved digits does more: a network without pooling that learned from digits moved by up to 2 pixels is {moved-taught-moved-max} percentage points ahead of max pooling at a shift of 2.",
    zh: "所以多数活跃的输出确实大致不变，但不池化也差不多：相差 {same-max-same-before} 个百分点，不到有实际意义的 10。全部输出合起来的变化小了一些：相当于自身大小的 {change-max}%，不池化是 {change-before}%，4 × 4 是 {change-max4}%，整幅取最大是 {change-global}%。就准确率而言，池化在每种移动下都有好处：原样的数字比步幅 2 下采样高 {still-max-still-second} 个百分点，移动 4 像素（方块边长的两倍）时高 {far-max-far-second}。用移动过的数字训练更有效：不池化的网络，训练时数字随机移动至多 2 像素，在移动 2 像素时比最大池化还高 {moved-taught-moved-max} 个百分点。",
  },
  rests: {
    "same-max-same-before": "alike",
    "change-max-change-before": "less",
    "moved-max-moved-second": "more",
    "moved-taught-moved-max": "more",
  },
  pixels: { en: "pixels moved", zh: "移动的像素数" },
  labels: {
    "far-max": { en: "accuracy at 4-pixel shift, largest of 2 × 2", zh: "移动 4 像素后的准确率，2 × 2 最大" },
    "far-second": { en: "accuracy at 4-pixel shift, stride-2 subsampling", zh: "移动 4 像素后的准确率，步幅 2 下采样" },
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
