// The text of the note on network, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  unit: {
    en: "A [[unit|unit]] (a neuron) multiplies each input by a [[weight|weight]], adds the products and a [[bias|bias]], and applies an [[activation|activation function]]: $a = \\sigma(\\mathbf{w} \\cdot \\mathbf{x} + b)$.",
    zh: "一个[[unit|单元]]（神经元）把每个输入乘以[[weight|权重]]，把乘积相加，再加上[[bias|偏置]]（bias），最后应用[[activation|激活函数]]：$a = \\sigma(\\mathbf{w} \\cdot \\mathbf{x} + b)$。",
  },
  layer: {
    en: "Units side by side form a layer. In a fully connected layer every unit receives all outputs of the layer before. Such a layer is a weight matrix, a vector of biases and one activation function:",
    zh: "并排的单元组成一层。在全连接层中，每个单元都接收前一层的全部输出。这样一层就是一个权重矩阵、一个偏置向量和一个激活函数：",
  },
  bend: {
    en: "The [[nonlinearity|nonlinearity]] is what makes depth useful. Without it, two layers are one: $W_2(W_1 \\mathbf{x} + \\mathbf{b}_1) + \\mathbf{b}_2$ is again a matrix times $\\mathbf{x}$ plus a vector. Switch it off in the figure.",
    zh: "有了[[nonlinearity|非线性]]，深度才有用。没有它，两层等于一层：$W_2(W_1 \\mathbf{x} + \\mathbf{b}_1) + \\mathbf{b}_2$ 仍是一个矩阵乘 $\\mathbf{x}$ 再加一个向量。可以在图中把它关掉。",
  },
});
