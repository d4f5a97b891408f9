// Compilers of shaders may add and multiply in another order, and need not know NaN: what is computed has to come out
// right all the same. Every function of floats, over every magnitude.

import { beforeAll, describe, expect, test } from "vitest";
import { shown } from "../../../packages/tidu/src/base/dtype.js";
import { type ElementwiseOp, makeStorage, type Node } from "../../../packages/tidu/src/graph/node.js";
import * as ops from "../../../packages/tidu/src/graph/ops/index.js";
import type { WebGpuDevice } from "../../../packages/tidu/src/webgpu.js";
import { ROUNDED } from "../../support/bounds.js";
import { open } from "./open.js";

const el = ops.elementwise;

const takesFloats = (op: ElementwiseOp): boolean => {
  try {
    const x = ops.full(1, []);
    ops.apply(op, ...Array.from({ length: op.arity }, () => x));
    return op.arity < 3;
  } catch {
    return false;
  }
};

const OPS = Object.values(el).filter(
  (x): x is ElementwiseOp => typeof x === "object" && x.kind === "elementwise" && takesFloats(x),
);

/** Numbers between the limits, the same every time: an even grid, and every magnitude. */
function numbers(low: number, high: number, count: number, seed: number): Float32Array {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: count }, (_, i) => {
    if (i % 2 === 0) return low + (high - low) * next();
    const size = 2 ** (next() * 40 - 30);
    const value = Math.min(size, high);
    return low < 0 && next() < 0.5 ? Math.max(-value, low) : value;
  });
}

/** Where a function is interesting; of two arguments the second. */
const RANGES: Record<string, readonly [number, number]> = {
  log: [1e-30, 1e6],
  log1p: [-0.999, 1e6],
  sqrt: [0, 1e6],
  exp: [-86, 88],
  expm1: [-86, 88],
  sin: [-1e4, 1e4],
  cos: [-1e4, 1e4],
};

/** Relative error that functions may have: WGSL lets a division be 2.5 units off, and each contains some. */
const INEXACT = 24 * 2 ** -23;
const EXACT = 4 * 2 ** -23;

function stored(device: WebGpuDevice, data: Float32Array): Node {
  const storage = makeStorage([data.length], "f32");
  device.write(storage, data);
  return ops.fromStorage(storage);
}

/** What one program makes of several values. */
async function computed(device: WebGpuDevice, values: readonly Node[]): Promise<ArrayLike<number>[]> {
  const updates = values.map((value) => ({ storage: makeStorage(value.shape, value.dtype), value }));
  await device.prepare(updates).run();
  return Promise.all(updates.map(async ({ storage }) => shown(storage.dtype, await device.read(storage))));
}

async function evaluate(device: WebGpuDevice, op: ElementwiseOp, inputs: readonly Float32Array[]) {
  const [result] = await computed(device, [ops.apply(op, ...inputs.map((data) => stored(device, data)))]);
  return result;
}

const SPECIAL = [0, -0, 1, -1, 2.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

/** What is wrong with the results of special arguments. */
function mistakes(op: ElementwiseOp, cases: readonly (readonly number[])[], got: ArrayLike<number>): string[] {
  return cases.flatMap((at, i) => {
    const want = Math.fround(op.scalar(...at));
    const same = Number.isFinite(want) ? Math.abs(got[i] - want) <= INEXACT * Math.abs(want) : Object.is(got[i], want);
    return same ? [] : [`${op.name}(${at}) = ${want}, got ${got[i]}`];
  });
}

let device: WebGpuDevice;
beforeAll(async () => {
  device = await open();
});

describe.each(OPS.map((op) => [op.name, op] as const))("%s", (name, op) => {
  test("is as exact as it is meant to be", async () => {
    const [low, high] = RANGES[name] ?? [-100, 100];
    const count = 20_000;
    const x = numbers(name === "pow" ? 0.01 : low, high, count, 1);
    const inputs = op.arity === 2 ? [x, numbers(name === "pow" ? -8 : low, name === "pow" ? 8 : high, count, 2)] : [x];
    const got = await evaluate(device, op, inputs);
    let worst = { off: 0, text: "" };
    for (let i = 0; i < count; i++) {
      const at = inputs.map((data) => data[i]);
      const want = op.scalar(...at);
      // Beyond what float32 holds, or cards may take for 0.
      if (!Number.isFinite(Math.fround(want)) || Math.abs(want) < 2e-38) continue;
      const off = Math.abs(got[i] - want) / (Math.abs(want) + 1e-30);
      if (!(off <= worst.off)) worst = { off, text: `${name}(${at}) = ${want}, got ${got[i]}` };
    }
    const most = ROUNDED.has(name) ? EXACT : INEXACT;
    expect(worst.off <= most, `${worst.text}: ${worst.off / 2 ** -23} units off`).toBe(true);
  });

  test("knows infinities and what is no number", async () => {
    const cases = op.arity === 2 ? SPECIAL.flatMap((a) => SPECIAL.map((b) => [a, b])) : SPECIAL.map((a) => [a]);
    const inputs = Array.from({ length: op.arity }, (_, k) => Float32Array.from(cases, (c) => c[k]));
    expect(mistakes(op, cases, await evaluate(device, op, inputs))).toEqual([]);
  });

  // Compilers drop a literal 0 as if there were no NaN.
  test.runIf(op.arity === 2)("knows them beside constants", async () => {
    const x = stored(device, Float32Array.from(SPECIAL));
    const cases = SPECIAL.flatMap((c) => [SPECIAL.map((v) => [v, c]), SPECIAL.map((v) => [c, v])]);
    const values = SPECIAL.flatMap((c) => {
      const constant = ops.full(c, x.shape);
      return [ops.apply(op, x, constant), ops.apply(op, constant, x)];
    });
    const got = await computed(device, values);
    expect(cases.flatMap((list, i) => mistakes(op, list, got[i]))).toEqual([]);
  });
});

test("what cancels, or is multiplied by itself, stays no number where it is none", async () => {
  const data = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -4, 0, 4];
  const x = stored(device, Float32Array.from(data));
  const root = ops.apply(el.sqrt, x);
  const values = [
    ops.apply(el.add, ops.apply(el.neg, x), x),
    ops.apply(el.sub, x, x),
    ops.apply(el.div, x, x),
    ops.apply(el.mul, root, root),
  ];
  const none = Number.NaN;
  expect((await computed(device, values)).map((got) => Array.from(got, (v) => v + 0))).toEqual([
    [none, none, none, 0, 0, 0],
    [none, none, none, 0, 0, 0],
    [none, none, none, 1, none, 1],
    [none, Number.POSITIVE_INFINITY, none, none, 0, 4],
  ]);
});
