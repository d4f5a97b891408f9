// Compares networks with ONNX Runtime and with each other.
import { expect } from "vitest";
import type { Module } from "../../../packages/tidu/src/nn/module.js";
import { Generator } from "../../../packages/tidu/src/tensor/random.js";
import type { Tensor } from "../../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "../../nn/support/close.js";
import { open, run } from "./runtime.js";

/** Largest distance between two implementations, as a share of the largest magnitude. */
const LIMIT = 1e-5;

/** Gives all variables random values, running variances positive ones. */
export function randomize<M extends Module>(net: M, seed: number): M {
  const generator = new Generator(seed);
  for (const [name, v] of net.state()) {
    if (name.endsWith("num_batches_tracked")) continue;
    const spread = v.rank < 2 ? 0.5 : 1 / Math.sqrt(v.size / v.shape[0]);
    v.assign(
      name.endsWith("running_var") ? generator.uniform(v.shape).add(0.5) : generator.normal(v.shape).mul(spread),
    );
  }
  return net;
}

/** A random batch; whole numbers from 0 to 3 for networks that take such. */
export function randomBatch(shape: readonly number[], dtype: "f32" | "i32" = "f32", seed = 1): Tensor {
  const numbers = new Generator(seed).normal(shape);
  return dtype === "f32" ? numbers : numbers.abs().mul(1.5).minimum(3).toInt();
}

/** Fails unless ONNX Runtime computes from a file what the network does, for 1 and for 3 samples. */
export async function expectSameInRuntime(
  net: Module,
  model: Uint8Array,
  input: readonly number[],
  dtype?: "f32" | "i32",
  batches: readonly number[] = [1, 3],
): Promise<void> {
  const session = await open(model);
  for (const samples of batches) {
    const x = randomBatch([samples, ...input], dtype, samples);
    const want = await net.predict(x);
    const got = await run(session, x);
    expect(got.shape).toEqual(want.shape);
    expectNumbers(`output for ${samples} samples`, got.data, await want.data(), LIMIT);
  }
  await session.release();
}

/** Fails unless two networks give the same outputs. */
export async function expectSameOutputs(
  a: Module,
  b: Module,
  input: readonly number[],
  dtype?: "f32" | "i32",
): Promise<void> {
  const x = randomBatch([2, ...input], dtype);
  const [want, got] = [await a.predict(x), await b.predict(x)];
  expect(got.shape).toEqual(want.shape);
  expectNumbers("output", await got.data(), await want.data(), LIMIT);
}

/** Numbers around 0 that depend on a name alone. */
export function randomNumbers(count: number, name: string): Float32Array {
  let state = [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}
