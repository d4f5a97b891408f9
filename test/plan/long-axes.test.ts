// Axes of more steps than a loop counts: they are not merged, and one alone is refused.
import { ones } from "tidu";
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
