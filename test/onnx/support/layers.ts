// Every layer, with the ONNX operators that it must become.
import * as nn from "../../../packages/tidu/src/nn/index.js";

/** A layer, the shape of one sample that it takes, and the ONNX operations that it must be written as. */
export interface LayerCase {
  readonly make: () => nn.Module;
  readonly input: readonly number[];
  readonly dtype?: "i32";
  readonly ops: readonly string[];
  /**
   * What becomes of it when what was read of it is written again, where that is not the same layer: other operations that
   * compute the same, or nothing, since the importer makes it of operations that only layers are written with.
   */
  readonly again?: "otherwise" | "refused";
}

const on = (input: readonly number[], ops: string, make: () => nn.Module, dtype?: "i32"): LayerCase => ({
  make,
  input,
  ops: ops.split(" ").filter((op) => op !== ""),
  dtype,
});

const image = [4, 7, 6];

const again = (again: LayerCase["again"], layer: LayerCase): LayerCase => ({ ...layer, again });

/** Every layer of `nn` by the function that makes it, in each of its forms. */
export const LAYERS: Readonly<Record<string, readonly LayerCase[]>> = {
  linear: [
    on([5], "Gemm", () => nn.linear(5, 3)),
    on([5], "Gemm", () => nn.linear(5, 3, { bias: false })),
    on([2, 5], "Transpose MatMul Add", () => nn.linear(5, 3)),
    on([2, 3, 5], "Transpose MatMul", () => nn.linear(5, 3, { bias: false })),
  ],
  maxout: [
    on([5], "Gemm Reshape ReduceMax", () => nn.maxout(5, 3, 4)),
    on([2, 5], "Transpose MatMul Add Reshape ReduceMax", () => nn.maxout(5, 3, 2)),
  ],
  maxoutChannels: [on(image, "Reshape ReduceMax", () => nn.maxoutChannels(2))],
  conv1d: [
    on([4, 9], "Conv", () => nn.conv1d(4, 6, 3)),
    on([4, 9], "Conv", () => nn.conv1d(4, 6, 3, { stride: 2, padding: 2, dilation: 2, groups: 2, bias: false })),
  ],
  conv2d: [
    on(image, "Conv", () => nn.conv2d(4, 6, 3)),
    on(image, "Conv", () => nn.conv2d(4, 6, 3, { bias: false })),
    on(image, "Conv", () => nn.conv2d(4, 6, [3, 2], { stride: [2, 1], padding: [1, 0], dilation: [1, 2] })),
    on(image, "Conv", () => nn.conv2d(4, 8, 3, { groups: 4, padding: 1 })),
  ],
  convTranspose2d: [
    on(image, "ConvTranspose", () => nn.convTranspose2d(4, 6, 3)),
    on(image, "ConvTranspose", () =>
      nn.convTranspose2d(4, 6, [3, 2], { stride: [2, 3], padding: [1, 0], outputPadding: [1, 2], groups: 2 }),
    ),
    on(image, "ConvTranspose", () => nn.convTranspose2d(4, 2, 3, { dilation: 2, bias: false })),
  ],
  maxPool2d: [
    on(image, "MaxPool", () => nn.maxPool2d(2)),
    on(image, "MaxPool", () => nn.maxPool2d([3, 2], { stride: [1, 2], padding: [1, 1] })),
  ],
  avgPool2d: [
    on(image, "AveragePool", () => nn.avgPool2d(2)),
    on(image, "AveragePool", () => nn.avgPool2d(3, { stride: 2, padding: 1 })),
    on(image, "AveragePool", () => nn.avgPool2d(3, { stride: 2, padding: [1, 0], countIncludePad: false })),
  ],
  globalAvgPool2d: [on(image, "GlobalAveragePool", () => nn.globalAvgPool2d())],
  batchNorm1d: [
    on([5], "BatchNormalization", () => nn.batchNorm1d(5)),
    on([5, 6], "BatchNormalization", () => nn.batchNorm1d(5, { eps: 0.1, momentum: 0.3 })),
  ],
  batchNorm2d: [
    on(image, "BatchNormalization", () => nn.batchNorm2d(4)),
    on(image, "BatchNormalization", () => nn.batchNorm2d(4, { affine: false })),
  ],
  batchNorm3d: [on([2, 3, 4, 3], "BatchNormalization", () => nn.batchNorm3d(2))],
  layerNorm: [
    on([5], "LayerNormalization", () => nn.layerNorm(5)),
    on(image, "LayerNormalization", () => nn.layerNorm([7, 6], { eps: 0.1 })),
    on(image, "LayerNormalization", () => nn.layerNorm(6, { affine: false })),
  ],
  embedding: [
    on([6], "Gather", () => nn.embedding(4, 3), "i32"),
    on([2, 3], "Gather", () => nn.embedding(4, 3), "i32"),
  ],
  relu: [on(image, "Relu", () => nn.relu())],
  leakyRelu: [on(image, "LeakyRelu", () => nn.leakyRelu(0.3))],
  elu: [on(image, "Elu", () => nn.elu(0.7))],
  sigmoid: [on(image, "Sigmoid", () => nn.sigmoid())],
  tanh: [on(image, "Tanh", () => nn.tanh())],
  softplus: [on(image, "Softplus", () => nn.softplus())],
  gelu: [on(image, "Mul Erf Add Mul Mul", () => nn.gelu())],
  silu: [on(image, "Sigmoid Mul", () => nn.silu())],
  softmax: [on([5], "Softmax", () => nn.softmax()), on(image, "Softmax", () => nn.softmax(1))],
  logSoftmax: [on([5], "LogSoftmax", () => nn.logSoftmax()), on(image, "LogSoftmax", () => nn.logSoftmax(-2))],
  flatten: [on(image, "Flatten", () => nn.flatten()), on(image, "Reshape", () => nn.flatten(2))],
  dropout: [
    on(image, "Identity", () => nn.dropout(0.3)),
    on(image, "Mul", () => nn.dropout(0.3, { scale: "test" })),
    on(image, "Identity", () => nn.dropout(0.5, { drop: "units" })),
  ],
  adaptiveAvgPool: [
    on(
      image,
      "Reshape ReduceSum Div Slice ReduceSum Reshape Div Slice ReduceSum Reshape Div Slice ReduceSum Reshape Div Concat",
      () => nn.adaptiveAvgPool([3, 2]),
    ),
  ],
  adaptiveMaxPool: [
    on(image, "Reshape ReduceMax Slice ReduceMax Reshape Slice ReduceMax Reshape Slice ReduceMax Reshape Concat", () =>
      nn.adaptiveMaxPool([3, 2]),
    ),
  ],
  alphaDropout: [on(image, "Identity", () => nn.alphaDropout(0.5))],
  avgPool: [
    on(image, "AveragePool", () => nn.avgPool([2, 2])),
    on(image, "AveragePool", () => nn.avgPool([3, 3], { stride: 2, padding: 1, countIncludePad: false })),
    again(
      "otherwise",
      on([2, 6, 5], "AveragePool", () =>
        nn.avgPool([1, 2], { stride: [3, 2], ceilMode: true, countIncludePad: false }),
      ),
    ),
  ],
  maxPool: [
    on(image, "MaxPool", () => nn.maxPool([2, 2])),
    again(
      "refused",
      on([4, 9], "MaxPool", () => nn.maxPool([3], { stride: 2, padding: 1, dilation: 2 })),
    ),
    again(
      "otherwise",
      on(image, "MaxPool", () => nn.maxPool([3, 2], { ceilMode: true })),
    ),
    // The last window that rounding up counts starts behind the image.
    again(
      "otherwise",
      on([2, 4, 4], "MaxPool", () => nn.maxPool([2, 2], { stride: [3, 1], padding: [1, 0], ceilMode: true })),
    ),
  ],
  branches: [on([5], "Gemm Gemm Concat", () => nn.branches(nn.linear(5, 2), nn.linear(5, 3)))],
  celu: [on(image, "Less Less Where Mul Exp Sub Mul Where", () => nn.celu(1.5))],
  conv3d: [
    again(
      "refused",
      on([2, 4, 5, 3], "Conv", () => nn.conv3d(2, 3, 2)),
    ),
  ],
  convTranspose1d: [
    again(
      "refused",
      on([4, 9], "ConvTranspose", () => nn.convTranspose1d(4, 3, 3)),
    ),
  ],
  convTranspose3d: [
    again(
      "refused",
      on([2, 3, 4, 3], "ConvTranspose", () => nn.convTranspose3d(2, 3, 2)),
    ),
  ],
  dropPath: [on(image, "Identity", () => nn.dropPath(0.3))],
  embeddingBag: [on([4], "Gather ReduceSum Div", () => nn.embeddingBag(6, 3), "i32")],
  glu: [on([6], "Slice Slice Sigmoid Mul", () => nn.glu())],
  groupNorm: [
    on(
      image,
      "Reshape Slice Sub ReduceSum Reshape Div Sub Mul ReduceSum Reshape Div Add Sqrt Div Mul Reshape Reshape Mul Reshape Add",
      () => nn.groupNorm(2, 4),
    ),
  ],
  gru: [
    on(
      [2, 3],
      "Transpose Einsum Add Slice Reshape Slice Slice Shape Concat Expand Einsum Add Slice Add Sigmoid Slice Mul Add Tanh Slice Slice Add Sigmoid Sub Mul Add Reshape Slice Reshape Slice Slice Einsum Add Slice Add Sigmoid Slice Mul Add Tanh Slice Slice Add Sigmoid Sub Mul Add Reshape Concat Transpose",
      () => nn.gru(3, 4),
    ),
  ],
  lstm: [
    on(
      [2, 3],
      "Transpose Einsum Add Slice Reshape Shape Concat Expand Einsum Add Add Slice Sigmoid Slice Sigmoid Mul Slice Sigmoid Slice Tanh Mul Add Tanh Mul Reshape Slice Reshape Einsum Add Add Slice Sigmoid Slice Sigmoid Mul Slice Sigmoid Slice Tanh Mul Add Tanh Mul Reshape Concat Transpose",
      () => nn.lstm(3, 4),
    ),
  ],
  rnn: [
    on(
      [2, 3],
      "Transpose Einsum Add Slice Reshape Shape Concat Expand Einsum Add Add Tanh Reshape Slice Reshape Einsum Add Add Tanh Reshape Concat Transpose",
      () => nn.rnn(3, 4),
    ),
  ],
  hardSigmoid: [on(image, "Add LessOrEqual LessOrEqual Where Where Mul", () => nn.hardSigmoid())],
  hardSwish: [on(image, "Add Less Less Where Where Mul Mul", () => nn.hardSwish())],
  instanceNorm: [
    on(image, "Reshape Slice Sub ReduceSum Reshape Div Sub Mul ReduceSum Reshape Div Add Sqrt Div Mul Reshape", () =>
      nn.instanceNorm(4),
    ),
  ],
  learnedPositions: [
    again(
      "otherwise",
      on([7, 4], "Add", () => nn.learnedPositions(7, 4)),
    ),
  ],
  mish: [on(image, "Softplus Tanh Mul", () => nn.mish())],
  multiHeadAttention: [
    again(
      "otherwise",
      on(
        [5, 4],
        "Einsum Add Slice Reshape Transpose Mul Slice Reshape Transpose Transpose MatMul ReduceMax Reshape Sub Exp ReduceSum Reshape Div Slice Reshape Transpose MatMul Transpose Reshape Transpose MatMul Add",
        () => nn.multiHeadAttention(4, 2),
      ),
    ),
  ],
  pixelShuffle: [on(image, "Reshape Transpose Reshape", () => nn.pixelShuffle(2))],
  prelu: [on(image, "Less Reshape Mul Where", () => nn.prelu(4))],
  relu6: [on(image, "LessOrEqual LessOrEqual Where Where", () => nn.relu6())],
  residual: [on([5], "Gemm Add", () => nn.residual(nn.linear(5, 5)))],
  recompute: [
    on([5], "Gemm Relu Gemm", () => nn.recompute(nn.sequential(nn.linear(5, 7), nn.relu(), nn.linear(7, 5)))),
  ],
  rmsNorm: [on([5], "Mul ReduceSum Reshape Div Add Sqrt Div Mul", () => nn.rmsNorm(5))],
  selu: [on(image, "Less Less Where Mul Exp Sub Mul Where Mul", () => nn.selu())],
  transformerBlock: [
    again(
      "otherwise",
      on(
        [5, 4],
        "Einsum Add Slice Reshape Transpose Mul Slice Reshape Transpose Transpose MatMul ReduceMax Reshape Sub Exp ReduceSum Reshape Div Slice Reshape Transpose MatMul Transpose Reshape Transpose MatMul Add Add LayerNormalization Transpose MatMul Add Relu Transpose MatMul Add Add LayerNormalization",
        () => nn.transformerBlock(4, 2),
      ),
    ),
  ],
  upsample: [on(image, "Gather Gather", () => nn.upsample({ scale: 2 }))],
  sinusoidalPositions: [
    again(
      "otherwise",
      on([7, 4], "Add", () => nn.sinusoidalPositions(7, 4)),
    ),
  ],
  softsign: [on(image, "Abs Add Div", () => nn.softsign())],
  weightNorm: [
    again(
      "otherwise",
      on([5], "Gemm", () => nn.weightNorm(nn.linear(5, 3))),
    ),
    again(
      "otherwise",
      on(image, "Conv ConvTranspose", () =>
        nn.sequential(nn.weightNorm(nn.conv2d(4, 2, 3)), nn.weightNorm(nn.convTranspose2d(2, 1, 3))),
      ),
    ),
  ],
  spectralNorm: [
    again(
      "otherwise",
      on([5], "Gemm", () => nn.spectralNorm(nn.linear(5, 3))),
    ),
  ],
  sequential: [
    on([5], "Gemm Relu Gemm", () => nn.sequential(nn.linear(5, 3), nn.sequential(nn.relu(), nn.linear(3, 2)))),
  ],
};
