import { describe, expect, test } from "vitest";
import { ArgumentError, ShapeError } from "../../packages/tidu/src/base/errors.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import * as init from "../../packages/tidu/src/nn/init.js";
import * as loss from "../../packages/tidu/src/nn/loss.js";
import * as regularize from "../../packages/tidu/src/nn/regularize.js";
import { Generator } from "../../packages/tidu/src/tensor/random.js";
import { tensor, zeros } from "../../packages/tidu/src/tensor/tensor.js";

describe("arguments that are refused, by name, value and what is allowed", () => {
  test.each<[() => unknown, string]>([
    [() => nn.linear(0, 3), "linear: inFeatures is 0; it must be a whole number of at least 1"],
    [() => nn.linear(3, 1.5), "linear: outFeatures is 1.5; it must be a whole number of at least 1"],
    [() => nn.conv2d(3, 4, 0), "conv2d: kernel is 0; it must be a whole number of at least 1"],
    [() => nn.conv2d(3, 4, 3, { stride: 0 }), "conv2d: stride is 0; it must be a whole number of at least 1"],
    [() => nn.conv2d(3, 4, 3, { padding: -1 }), "conv2d: padding is -1; it must be a whole number of at least 0"],
    [
      () => nn.conv2d(3, 4, 3, { groups: 2 }),
      "conv2d: groups is 2; it must be a divisor of 3 input and 4 output channels",
    ],
    [
      () => nn.conv1d(4, 3, 3, { groups: 4 }),
      "conv1d: groups is 4; it must be a divisor of 4 input and 3 output channels",
    ],
    [
      () => nn.convTranspose2d(1, 1, 3, { stride: 2, outputPadding: 2 }),
      "convTranspose2d: outputPadding is [2, 2]; it must be below the stride or the dilation",
    ],
    [() => nn.maxPool2d(2, { padding: 2 }), "maxPool2d: padding is [2, 2]; it must be at most half the kernel, [2, 2]"],
    [() => nn.dropout(1), "dropout: p is 1; it must be at least 0 and below 1"],
    [() => nn.dropout(-0.1), "dropout: p is -0.1"],
    [() => nn.dropout(Number.NaN), "dropout: p is NaN"],
    [() => nn.maxout(4, 2, 0), "maxout: k is 0; it must be a whole number of at least 1"],
    [() => nn.maxoutChannels(0), "maxoutChannels: k is 0"],
    [() => nn.elu(0), "elu: alpha is 0; it must be a finite number above 0"],
    [() => nn.leakyRelu(Number.NaN), "leakyRelu: slope is NaN"],
    [() => nn.batchNorm1d(4, { eps: 0 }), "batchNorm1d: eps is 0; it must be a finite number above 0"],
    [() => nn.batchNorm2d(4, { momentum: 2 }), "batchNorm2d: momentum is 2"],
    [() => nn.embedding(0, 3), "embedding: count is 0"],
    [() => init.normal(0, -1), "normal: deviation is -1"],
    [() => init.uniform(1, 0), "uniform: low is 1; it must be at most high, 0"],
    [() => regularize.l2(-1), "l2: lambda is -1; it must be at least 0 and a finite number"],
    [() => regularize.l1(Number.POSITIVE_INFINITY), "l1: lambda is Infinity"],
    [() => loss.huber(tensor([1]), tensor([1]), { delta: 0 }), "huber: delta is 0"],
    [
      () => loss.mse(tensor([1]), tensor([1]), { reduction: "max" as "sum" }),
      'reduction is "max"; it must be "mean" or "sum"',
    ],
    [
      () => loss.crossEntropy(zeros([1, 2]), zeros([1, 2]), { labelSmoothing: 2 }),
      "labelSmoothing is 2; it must be from 0 to 1",
    ],
  ])("%s", (body, message) => {
    expect(body).toThrow(ArgumentError);
    expect(body).toThrow(message);
  });
});

describe("shapes that are refused, with the mend", () => {
  const images = zeros([2, 3, 5, 5]);
  test.each<[() => unknown, string]>([
    [() => nn.linear(4, 2).forward(zeros([3, 5])), "change the layer to linear(5, 2)"],
    [() => nn.maxout(4, 2, 3).forward(zeros([3, 5])), "change the layer to maxout(5, 2, 3)"],
    [() => nn.conv2d(4, 2, 3).forward(images), "change the layer to conv2d(3, 2, 3)"],
    [
      () => nn.conv2d(3, 2, 6).forward(images),
      "it must be at least 6 long in axis 2, padding included; use a smaller kernel or more padding",
    ],
    [() => nn.conv2d(3, 2, 3).forward(zeros([2, 3, 5])), "it must be [samples, channels, height, width]; reshape it"],
    [() => nn.conv1d(3, 2, 3).forward(images), "it must be [samples, channels, length]"],
    [() => nn.convTranspose2d(4, 2, 3).forward(images), "change the layer to convTranspose2d(3, 2, 3)"],
    [() => nn.convTranspose2d(3, 2, 1, { padding: 3 }).forward(images), "use less padding"],
    [() => nn.avgPool2d(6).forward(images), "use a smaller kernel or more padding"],
    [() => nn.globalAvgPool2d().forward(zeros([2, 3])), "it must be [samples, channels, height, width]"],
    [() => nn.batchNorm2d(4).forward(images), "change the layer to batchNorm2d(3)"],
    [() => nn.batchNorm1d(3).forward(images), "batchNorm1d(3): input is tensor f32 [2, 3, 5, 5]"],
    [() => nn.batchNorm1d(3).forward(zeros([1, 3])), "use larger batches"],
    [() => nn.layerNorm([5, 4]).forward(images), "it must be of last axes [5, 4]"],
    [() => nn.maxoutChannels(2).forward(images), "channels a multiple of 2"],
    [
      () => nn.embedding(3, 2).forward(zeros([2])),
      "it must be whole numbers (i32 or u8); use toInt(), tensor(Int32Array.of(…)), or a data set with { transform: (x) => x }",
    ],
    [
      () => loss.l1(zeros([2]), zeros([2, 1])),
      "target is tensor f32 [2, 1]; it must be of the shape of output, [2]; reshape one",
    ],
    [() => loss.crossEntropy(zeros([2, 3]), zeros([2])), "target is tensor f32 [2]; it must be whole numbers"],
    [() => loss.crossEntropy(zeros([2, 3]), zeros([2, 3]), { weight: [1, 2] }), "one for each class"],
    [
      () => nn.residual(nn.linear(2, 1)).forward(zeros([5, 2])),
      "residual: what its layers give is tensor f32 [5, 1]; it must be [5, 2], as what is added",
    ],
    [() => init.xavierNormal()([3], new Generator(1)), "it must be [out, in, …]"],
  ])("%s", (body, message) => {
    expect(body).toThrow(ShapeError);
    expect(body).toThrow(message);
  });
});

test("a sequential network names the layer, also where TypeScript knows the sizes only as numbers", () => {
  const size: number = 8;
  const net = nn.sequential(nn.linear(4, size), nn.relu(), nn.linear(9, 2));
  expect(() => net.forward(tensor([[1, 2, 3, 4]]))).toThrow(
    "layer 2 linear(9, 2): input is tensor f32 [1, 8]; it must be of 9 features (last axis); or change the layer to linear(8, 2)",
  );
});
