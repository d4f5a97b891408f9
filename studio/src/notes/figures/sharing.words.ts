import { words } from "../../i18n/words.js";

export default words({
  title: { en: "Sharing, counted", zh: "参数共享，数一数" },
  caption: {
    en: "Both layers take the same picture and give as many numbers. The convolution reuses one small kernel everywhere, so the picture's size does not count for its weights; it saves products as well.",
    zh: "两层的输入、输出个数完全一样。卷积处处使用同一个小核，因此图像大小与参数个数无关；乘法次数也随之减少。",
  },
  side: { en: "Picture", zh: "图像边长" },
  kernel: { en: "Kernel", zh: "核边长" },
  channels: { en: "Channels in", zh: "输入通道" },
  out: { en: "Channels out", zh: "输出通道" },
  layer: { en: "Layer", zh: "层" },
  learned: { en: "Numbers learned", zh: "参数个数" },
  products: { en: "Products for one picture", zh: "每幅图的乘法次数" },
  convolution: { en: "Convolution", zh: "卷积" },
  full: { en: "Fully connected", zh: "全连接" },
  ratio: { en: "Times fewer numbers", zh: "参数缩减倍数" },
});
