// Compares tensors with golden numbers.
import { expect } from "vitest";
import { sizeOf } from "../../../packages/tidu/src/base/shape.js";
import { ReferenceDevice } from "../../../packages/tidu/src/runtime/reference.js";
import { device } from "../../../packages/tidu/src/tensor/realizer.js";
import type { Tensor } from "../../../packages/tidu/src/tensor/tensor.js";
import { type GoldenTensor, isSummary, type TensorSummary } from "../../goldens/load.js";

/**
 * Largest distance from a golden number, as a share of the largest magnitude in its tensor. The goldens are float64
 * results rounded to float32. The reference interpreter computes in float64, so only that rounding is between them;
 * for float32, PyTorch's own stays within 2e-6 (test/goldens/README.md).
 */
const limitNow = (): number => (device() instanceof ReferenceDevice ? 2e-7 : 4e-6);
/** Magnitudes below this count as this. */
const LEAST = 1e-3;

/** Fails unless a tensor has the golden shape and values. */
export async function expectClose(what: string, got: Tensor, want: GoldenTensor | TensorSummary, limit = limitNow()) {
  expect(got.shape, `shape of ${what}`).toEqual(want.shape);
  const data = await got.data();
  if (isSummary(want)) expectSummary(what, data, want, limit);
  else expectNumbers(what, data, want.data, limit);
}

/** Fails unless all numbers are within `limit` of the wanted ones. */
export function expectNumbers(what: string, got: ArrayLike<number>, want: ArrayLike<number>, limit = limitNow()): void {
  expect(got.length, `size of ${what}`).toBe(want.length);
  let largest = LEAST;
  for (let i = 0; i < want.length; i++) largest = Math.max(largest, Math.abs(want[i]));
  for (let i = 0; i < want.length; i++) {
    const off = Math.abs(got[i] - want[i]) / largest;
    if (!(off <= limit)) {
      expect.fail(
        `${what}, element ${i}: ${got[i]}, expected ${want[i]}; ${off.toExponential(1)} of the largest apart`,
      );
    }
  }
}

/** The first values are compared at the scale of the tensor's mean magnitude, sums as shares of 1. */
function expectSummary(what: string, data: ArrayLike<number>, want: TensorSummary, limit: number): void {
  const all = Array.from(data);
  const scale = want.sumAbs / sizeOf(want.shape);
  expectNumbers(`${what}, first`, [...all.slice(0, 8), scale], [...want.first.data, scale], limit);
  const add = (f: (x: number) => number) => all.reduce((sum, x) => sum + f(x), 0);
  const shares = [add((x) => x) / want.sumAbs, add(Math.abs) / want.sumAbs, add((x) => x * x) / want.sumSquares];
  expectNumbers(`${what}, sums`, shares, [want.sum / want.sumAbs, 1, 1], limit);
}
