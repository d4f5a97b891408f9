import { describe, expect, it } from "vitest";
import { ELEMENTWISE } from "../../packages/onnx/src/export/elementwise.js";
import { exportOnnx } from "../../packages/onnx/src/index.js";
import { elementwise } from "../../packages/tidu/src/graph/ops/index.js";
import { concat, type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectSameInRuntime } from "./support/compare.js";
import { Custom } from "./support/custom.js";
import { onOneThread } from "./support/device.js";

onOneThread();

/** What a network of your own may do between layers. */
const OPERATIONS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "add, sub": (x) => x.add(1).sub(x.slice(1, 0, 1)),
  "div, abs": (x) => x.div(x.abs().add(0.5)),
  neg: (x) => x.neg(),
  "maximum, minimum": (x) => x.maximum(-0.3).minimum(0.4),
  exp: (x) => x.exp(),
  "log, sqrt": (x) => x.abs().add(0.5).log().abs().sqrt(),
  expm1: (x) => x.expm1(),
  log1p: (x) => x.abs().log1p(),
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  "erf, tanh, sigmoid, softplus, relu": (x) => x.erf().tanh().sigmoid().softplus().relu(),
  "pow, sign": (x) => x.pow(3).add(x.sign()),
  "floor, eq": (x) => x.mul(2).floor().eq(-1).toFloat(),
  "lt, le, not, where": (x) => x.lt(0.2).where(x, x.le(0.5).not().toFloat()),
  "toInt, gather": (x) => x.gather(x.slice(0, 0, 1).slice(1, 0, 1).reshape([6]).abs().mul(2).toInt(), 2),
  "whole numbers": (x) =>
    x
      .argmax(1)
      .eq(tensor(Int32Array.of(2)))
      .toFloat(),
  "sums, means": (x) => x.sum(2).add(x.mean([1, 2], true).squeeze(2)),
  "max, min": (x) => x.max(1).sub(x.min([1, 2], true).squeeze(1)),
  "slice, pad": (x) =>
    x.slice(2, 1, 5, 2).pad([
      [0, 0],
      [1, 0],
      [0, 2],
    ]),
  "flip, transpose": (x) => x.flip([1, 2]).transpose(1, 2),
  "slice of what was flipped": (x) => x.flip(2).slice(2, 1, 3),
  reshape: (x) => x.reshape([-1, 2, 9]).reshape([-1, 3]),
  "broadcastTo, unsqueeze": (x) => x.unsqueeze(1).broadcastTo([x.shape[0], 2, 3, 6]),
  "products of two": (x) => x.matmul(x.transpose()),
  "products with a constant": (x) => x.matmul(tensor([[1, 2, 3, 4, 5, 6]]).transpose()),
  "products of all that is left": (x) =>
    x
      .reshape([-1, 18])
      .matmul(x.reshape([-1, 18, 1]))
      .sum(1),
  concat: (x) => concat([x, x.neg(), x.square()], 2),
};

describe("what stands between layers, in ONNX Runtime", () => {
  it("has a form for every elementwise operation but random numbers and the watch for numbers out of range", () => {
    const names = Object.values(elementwise).flatMap((op) => ("arity" in op ? [op.name] : []));
    expect(names.filter((name) => !(name in ELEMENTWISE))).toEqual([
      "outside",
      "threefry",
      "threefrySecond",
      "bitsToUniform",
    ]);
  });

  it.each(Object.entries(OPERATIONS))("%s", async (_, apply) => {
    const net = new Custom(apply);
    await expectSameInRuntime(net, await exportOnnx(net, [3, 6]), [3, 6]);
  });
});
