// Products whose operands are stored in several types, for devices that multiply in f16.
import { type DType, storeAs, type TypedArray } from "../../packages/tidu/src/base/dtype.js";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import { makeStorage, type Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import type { GpuExecutable, WebGpuDevice } from "../../packages/tidu/src/runtime/webgpu/device.js";
import { cast } from "../../packages/tidu/src/tensor/types.js";

export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly batch?: number;
  readonly types: readonly [DType, DType];
  /** Axes of the operands; default: neighbors along the sum, and along the columns. */
  readonly axes?: readonly [readonly string[], readonly string[]];
  readonly follows?: boolean;
}

/** Operands of every type and order, with and without a rest, and with what follows the sums. */
export const PRODUCTS: readonly Product[] = [
  { rows: 36, columns: 132, inner: 20, types: ["f32", "f16"] },
  { rows: 36, columns: 132, inner: 20, types: ["f16", "f32"] },
  { rows: 33, columns: 65, inner: 19, types: ["f16", "f16"], follows: true },
  { rows: 33, columns: 129, inner: 17, batch: 2, types: ["f16", "bf16"] },
  { rows: 40, columns: 64, inner: 700, types: ["f32", "f16"], axes: [["z", "k", "m"], ["z", "n", "k"]] }, // biome-ignore format: one line each
];

function numbers({ shape, dtype }: Storage, of: (i: number) => number): TypedArray {
  return storeAs(
    "the test",
    "numbers",
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => of(i)),
    dtype,
  );
}

/** The program of a product, and its operands: `of` gives their elements by number. */
export function productOf(one: Product, of: (i: number) => number) {
  const { rows, columns, inner, batch = 1, types, follows = false } = one;
  const axes = one.axes ?? [["z", "m", "k"], ["z", "k", "n"]]; // biome-ignore format: one line
  const size: Readonly<Record<string, number>> = { z: batch, m: rows, n: columns, k: inner };
  const operands = axes.map((names, i) =>
    makeStorage(
      names.map((n) => size[n]),
      types[i],
    ),
  );
  const [a, b] = operands.map((s) => cast(ops.fromStorage(s), "f32"));
  const product = ops.contract(a, b, { a: axes[0], b: axes[1], out: ["z", "m", "n"] });
  const value = follows ? ops.apply(ops.elementwise.relu, ops.apply(ops.elementwise.neg, product)) : product;
  const updates = [{ storage: makeStorage(value.shape, "f32"), value }];
  return { updates, contents: new Map(operands.map((s) => [s, numbers(s, of)])) };
}

/** Whether a program multiplies in f16. */
export const usesHalves = (device: WebGpuDevice, { updates }: ReturnType<typeof productOf>): boolean =>
  (device.prepare(updates) as GpuExecutable).dispatches.some(({ text }) => text.startsWith("enable f16;"));
