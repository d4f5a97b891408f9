import { words } from "../i18n/words.js";

/** The sections of the notes in their order, by the folder of their page. */
export default words({
  network: { en: "A neural network", zh: "神经网络" },
  steps: { en: "Three steps", zh: "三个步骤" },
  "gradient-descent": { en: "Gradient descent", zh: "梯度下降" },
  backpropagation: { en: "Backpropagation", zh: "反向传播" },
  activation: {
    en: "Activation functions",
    zh: "激活函数",
  },
  maxout: { en: "Maxout", zh: "Maxout" },
  dropout: { en: "Dropout", zh: "Dropout" },
  regularization: { en: "Regularization", zh: "正则化" },
  "mini-batch": { en: "Mini-batches", zh: "小批量" },
  convolution: { en: "Convolution", zh: "卷积" },
  pooling: { en: "Pooling", zh: "池化" },
  glossary: { en: "Glossary", zh: "术语表" },
});
