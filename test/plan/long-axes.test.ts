// Axes of more steps than a loop counts: they are not merged, and one alone is refused.
import { ones, scatter, scatterAdd, takeAlongAxis, tensor, UnsupportedError, zeros } from "tidu";
import { expect, test } from "vitest";
import { arrange } from "../../packages/tidu/src/plan/axes.js";

const merged = (...sizes: readonly number[]): readonly number[] =>
  arrange(
    sizes.map((size, axis) => ({ axis, size })),
    () => 0,
    [],
  ).map((axis) => axis.size);

test("neighbors become one loop only if it can count their steps", () => {
  expect(merged(2 ** 15, 2 ** 15)).toEqual([2 ** 30]);
  expect(merged(2 ** 16, 2 ** 15)).toEqual([2 ** 16, 2 ** 15]);
  expect(merged(4, 2 ** 15, 2 ** 16, 2)).toEqual([2 ** 17, 2 ** 17]);
});

test("an axis that no loop can count is refused", async () => {
  await expect(
    ones([2 ** 32])
      .sum()
      .item(),
  ).rejects.toThrow("an axis of 4294967296 elements is too long to compute; reshape it to two axes");
});

test("numbers of i32 that do not reach all elements are refused: gather, takeAlongAxis, scatterAdd, scatter", async () => {
  const long = ones([47_000, 47_000]);
  const at = tensor(Int32Array.of(5));
  const refusal = "which does not reach all of 2209000000 elements; take from parts of them";
  expect(() => long.reshape([long.size]).gather(at)).toThrow(`gather: row is an i32, ${refusal}`);
  expect(() => takeAlongAxis(long, zeros([47_000, 1]).to("i32"))).toThrow(`takeAlongAxis: index is an i32, ${refusal}`);
  for (const put of [scatterAdd, scatter]) {
    const result = put(long.reshape([long.size]), at, ones([1]));
    await expect(result.sum().item()).rejects.toThrow(UnsupportedError);
  }
});
