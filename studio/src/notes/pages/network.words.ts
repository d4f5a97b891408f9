import { words } from "../../i18n/words.js";

export default words({
  unit: {
    en: "A unit takes the numbers that reach it, weighs each, adds them up with an offset, and bends the sum by an activation: $a = \\sigma(\\mathbf{w} \\cdot \\mathbf{x} + b)$.",
    zh: "一个神经元把收到的数各乘一个权重，求和，再加偏置，最后用激励函数“弯”一下：$a = \\sigma(\\mathbf{w} \\cdot \\mathbf{x} + b)$。",
  },
  layer: {
    en: "Units side by side make a layer. In a fully connected one each unit reads all outputs of the layer before, so a layer is a matrix of weights, a row of offsets and one bending function:",
    zh: "许多单元并排成一层。全连接层的每个单元都读取前一层的全部输出，所以一层就是一个权重矩阵、一行偏置和一个弯曲函数：",
  },
  bend: {
    en: "The bending is what makes depth worth anything. Without it two layers are one: $W_2(W_1 \\mathbf{x} + \\mathbf{b}_1) + \\mathbf{b}_2$ is again a matrix times $\\mathbf{x}$ plus a row. The figure lets you switch it off.",
    zh: "正是这一弯让深度有了意义。没有它，两层就等于一层：$W_2(W_1 \\mathbf{x} + \\mathbf{b}_1) + \\mathbf{b}_2$ 仍是一个矩阵乘 $\\mathbf{x}$ 再加一行数。图中可以把它关掉看看。",
  },
});
