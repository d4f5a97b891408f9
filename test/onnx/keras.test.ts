import { describe, expect, it } from "vitest";
import { importOnnx } from "../../packages/onnx/src/index.js";
import { loss, nn, optim } from "../../packages/tidu/src/index.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectSameInRuntime, randomBatch } from "./support/compare.js";
import { onOneThread } from "./support/device.js";
import { float, ints, model, node, string, weights, whole } from "./support/graph.js";

onOneThread();

const CONV = "sequential/conv2d/Conv2D/ReadVariableOp:0";
const DENSE = "sequential/dense/MatMul/ReadVariableOp:0";
const BIAS = "sequential/dense/BiasAdd/ReadVariableOp:0";

/** A small network as the converter from Keras writes it: channels last outside, first inside; names with slashes. */
const keras = model({
  opset: 15,
  input: ["n", 8, 9, 2],
  initializers: [
    weights(CONV, [4, 2, 3, 3]),
    weights("bias of conv2d", [4]),
    ...["gamma", "beta", "mean"].map((name) => weights(`bn/${name}`, [4])),
    weights("bn/variance", [4], [1, 2, 0.5, 1.5]),
    weights(DENSE, [80, 3]),
    weights(BIAS, [3]),
    whole("flat", [-1, 80]),
  ],
  nodes: [
    node("Transpose", ["x"], ["first"], { perm: ints([0, 3, 1, 2]) }),
    node("Conv", ["first", CONV, "bias of conv2d"], ["conv"], {
      auto_pad: string("SAME_LOWER"),
      strides: ints([1, 1]),
    }),
    node("BatchNormalization", ["conv", "bn/gamma", "bn/beta", "bn/mean", "bn/variance"], ["bn"], {
      epsilon: float(0.001),
    }),
    node("Relu", ["bn"], ["relu"]),
    node("MaxPool", ["relu"], ["pool"], {
      kernel_shape: ints([2, 2]),
      strides: ints([2, 2]),
      auto_pad: string("SAME_UPPER"),
    }),
    node("Transpose", ["pool"], ["last"], { perm: ints([0, 2, 3, 1]) }),
    node("Reshape", ["last", "flat"], ["flattened"]),
    node("MatMul", ["flattened", DENSE], ["product"]),
    node("Add", ["product", BIAS], ["scores"]),
    node("Softmax", ["scores"], ["y"]),
  ],
});

describe("a file of Keras' converter", () => {
  it("computes what ONNX Runtime does", () => expectSameInRuntime(importOnnx(keras), keras, [8, 9, 2]));

  it("becomes layers and parameters", () => {
    const net = importOnnx(keras);
    expect([...net.state()].map(([name, v]) => `${name} [${v.shape}]`)).toEqual([
      `${BIAS} [3]`,
      "the Conv of conv.weight [4,2,3,3]",
      "the Conv of conv.bias [4]",
      "the BatchNormalization of bn.weight [4]",
      "the BatchNormalization of bn.bias [4]",
      "the BatchNormalization of bn.running_mean [4]",
      "the BatchNormalization of bn.running_var [4]",
      "the BatchNormalization of bn.num_batches_tracked []",
      "the MatMul of product.weight [3,80]",
    ]);
    const rows = nn.summary(net, [8, 9, 2]).layers.map(({ layer }) => layer);
    expect(rows).toEqual(["conv2d(2, 4, 3)", "batchNorm(4)", "relu()", "maxPool2d(2)", "linear(80, 3)", "softmax(-1)"]);
  });

  it("learns, in all its parameters", async () => {
    const net = importOnnx(keras);
    const before = new Map<string, ArrayLike<number>>();
    for (const [name, p] of net.namedParameters()) before.set(name, await p.data());
    const optimizer = optim.sgd({ lr: 0.1 });
    const step = compile((x: Tensor, t: Tensor) =>
      optimizer.minimize(loss.crossEntropy(net.forward(x).log(), t), net.parameters()),
    );
    const [x, t] = [randomBatch([6, 8, 9, 2]), tensor(Int32Array.of(0, 1, 2, 0, 1, 2))];
    const costs: number[] = [];
    for (let i = 0; i < 8; i++) costs.push(await (await step(x, t)).item());
    expect(costs[7]).toBeLessThan(costs[0] / 2);
    for (const [name, p] of net.namedParameters()) {
      // What normalizes next takes the mean away again, and with it a bias: its gradient is 0 but for rounding.
      if (!name.endsWith("conv.bias")) expect(await p.data(), name).not.toEqual(before.get(name));
    }
  });
});

describe("names in a file", () => {
  it("do not hide what networks have: they get a dash", async () => {
    const net = importOnnx(
      model({
        nodes: [node("Add", ["x", "state"], ["a"]), node("Mul", ["a", "__proto__"], ["y"])],
        initializers: [weights("state", [1], [2]), weights("__proto__", [1], [3])],
      }),
    );
    expect([...net.state().keys()]).toEqual(["state_", "__proto___"]);
    expect(await (await net.predict(tensor([1, 2]))).array()).toEqual([9, 12]);
  });
});
