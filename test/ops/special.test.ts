import { describe, expect, test } from "vitest";
import { shown } from "../../packages/tidu/src/base/dtype.js";
import { isHalf } from "../../packages/tidu/src/base/half.js";
import { meaningOf } from "../../packages/tidu/src/graph/meaning.js";
import { type ElementwiseOp, makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { ROUNDED } from "../support/bounds.js";

const MAX = 3.4028234663852886e38;
const VALUES = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2, -3, 1e-3, 1e4, -1e4, 1e-40, -1e-40, 1e-45, 1.2e-38, MAX, -MAX]
  .concat([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
  .map(Math.fround);

/** From 2^22 on neighboring numbers are half a radian apart: sine and cosine say so by NaN. */
const defined = (op: ElementwiseOp, x: number): boolean =>
  !(op === ops.elementwise.sin || op === ops.elementwise.cos) || Math.abs(x) < 2 ** 22 || !Number.isFinite(x);

/** All combinations of `arity` special values. */
const combinations = (arity: number): number[][] =>
  arity === 0 ? [[]] : combinations(arity - 1).flatMap((rest) => VALUES.map((v) => [...rest, v]));

const takesFloats = (op: ElementwiseOp): boolean => {
  try {
    const x = ops.full(1, []);
    ops.apply(op, ...Array.from({ length: op.arity }, () => x));
    return true;
  } catch {
    return false;
  }
};

function matches(op: ElementwiseOp, got: number, want: number): boolean {
  const rounded = Math.fround(want);
  if (ROUNDED.has(op.name) || !Number.isFinite(rounded)) return Object.is(got, rounded);
  // Results that float32 holds as denormals, or just above, may be 0.
  return Math.abs(got - want) <= 8 * 2 ** -23 * Math.abs(want) + 2 ** -125;
}

const OPS = Object.values(ops.elementwise).filter(
  (x): x is ElementwiseOp => typeof x === "object" && x.kind === "elementwise" && takesFloats(x),
);

describe.each(OPS.map((op) => [op.name, op] as const))("%s", (_, op) => {
  const device = new WasmDevice({ threads: 1 });

  test("treats zeros, infinities, NaN, huge and denormal numbers as its definition does", async () => {
    const cases = combinations(op.arity).filter((x) => x.every((v) => defined(op, v)));
    const inputs = Array.from({ length: op.arity }, (_, k) => {
      const storage = makeStorage([cases.length], "f32");
      device.write(
        storage,
        Float32Array.from(cases, (x) => x[k]),
      );
      return ops.fromStorage(storage);
    });
    const value = ops.apply(op, ...inputs);
    const storage = makeStorage(value.shape, value.dtype);
    await device.prepare([{ storage, value }]).run();
    const got = shown(value.dtype, await device.read(storage));
    const wrong = cases.flatMap((x, i) => {
      const want = op.scalar(...x);
      const fine = isHalf(value.dtype)
        ? Object.is(got[i], want)
        : value.dtype === "f32"
          ? matches(op, got[i], want)
          : got[i] === want;
      return fine
        ? []
        : [`${op.name}(${x.map((v) => (Object.is(v, -0) ? "-0" : v))}) is ${got[i]}, expected ${Math.fround(want)}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe.each([ops.sumOp, ops.maxOp, ops.minOp].map((op) => [op.name, op] as const))("%s", (_, op) => {
  const device = new WasmDevice({ threads: 1 });
  const [rows, columns] = [25, 26];

  test.each([0, 1])("meets NaN, infinities and zeros wherever they stand along axis %d", async (axis) => {
    const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
    const data = new Float32Array(rows * columns).map((_, i) => (i % 7) - 3);
    // One in each row and each column, in all lanes.
    for (let i = 0; i < rows; i++) data[i * columns + ((i * 3) % columns)] = specials[i % specials.length];
    const storage = makeStorage([rows, columns], "f32");
    device.write(storage, data);
    const value = ops.reduce(op, ops.fromStorage(storage), [axis]);
    const target = makeStorage(value.shape, "f32");
    await device.prepare([{ storage: target, value }]).run();
    const x = { shape: [rows, columns], data: Float64Array.from(data) };
    expect([...(await device.read(target))]).toEqual([...meaningOf(value, [x]).data]);
  });
});
