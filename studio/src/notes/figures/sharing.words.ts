// The words of the sharing figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: {
    en: "Parameter sharing in numbers",
    zh: "参数共享：数一数",
  },
  caption: {
    en: "Both layers take the same image and give equally many numbers. The convolution uses one small kernel at every position, so the number of its weights does not depend on the size of the image. It also saves multiplications.",
    zh: "两层的输入和输出个数相同。卷积在每个位置使用同一个小的核，所以权重个数与图像大小无关，乘法次数也更少。",
  },
  side: {
    en: "Image size",
    zh: "图像边长",
  },
  kernel: {
    en: "Kernel size",
    zh: "核边长",
  },
  channels: { en: "Channels in", zh: "输入通道" },
  out: { en: "Channels out", zh: "输出通道" },
  layer: { en: "Layer", zh: "层" },
  learned: {
    en: "Parameters",
    zh: "参数个数",
  },
  products: {
    en: "Multi\u00ADplications",
    zh: "乘法次数",
  },
  convolution: { en: "Convolution", zh: "卷积" },
  full: { en: "Fully connected", zh: "全连接" },
  ratio: {
    en: "Reduction in parameters",
    zh: "参数缩减倍数",
  },
});
