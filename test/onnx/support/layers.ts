import * as nn from "../../../packages/tidu/src/nn/index.js";

/** A layer, the shape of one sample that it takes, and the ONNX operations that it must be written as. */
export interface LayerCase {
  readonly make: () => nn.Module;
  readonly input: readonly number[];
  readonly dtype?: "i32";
  readonly ops: readonly string[];
}

const on = (input: readonly number[], ops: string, make: () => nn.Module, dtype?: "i32"): LayerCase => ({
  make,
  input,
  ops: ops.split(" ").filter((op) => op !== ""),
  dtype,
});

const image = [4, 7, 6];

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
  sequential: [
    on([5], "Gemm Relu Gemm", () => nn.sequential(nn.linear(5, 3), nn.sequential(nn.relu(), nn.linear(3, 2)))),
  ],
};
