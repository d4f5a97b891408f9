// Sorting on a card: lines of one piece and of many, along any axis, with equal elements, and NaN.
import { expect, test } from "vitest";
import { argsort, sort, type Tensor, tensor, topk } from "../../../packages/tidu/src/index.js";

const numbers = (count: number, kinds: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => ((i * 7919) % kinds) - kinds / 2);

/** The order of each line along the last axis, by the definition. */
const orders = (data: ArrayLike<number>, length: number): number[] =>
  Array.from({ length: data.length / length }, (_, line) =>
    Array.from({ length }, (_, i) => i).sort((p, q) => data[line * length + p] - data[line * length + q] || p - q),
  ).flat();

test.each([
  [3, 1],
  [300, 7],
  [2, 256],
  [3, 257],
  [2, 1000],
  [1, 20_000],
])("%i lines of %i numbers, equal ones in their order", async (lines, length) => {
  for (const kinds of [5, 100_003]) {
    const data = numbers(lines * length, kinds);
    const x = tensor(data, [lines, length]);
    expect(Array.from(await argsort(x).data())).toEqual(orders(data, length));
    // Along the other axis the lines lie apart.
    const turned = await argsort(x.transpose().mul(1), 0).data();
    const back = Array.from(
      { length: lines * length },
      (_, i) => turned[(i % length) * lines + Math.floor(i / length)],
    );
    expect(back).toEqual(orders(data, length));
  }
});

test.each([6, 1000])("zeros of both signs are equal, in a line of %i", async (length) => {
  const data = Float32Array.from({ length }, (_, i) => [0, -0, 1, -0, 0, -1][i % 6]);
  expect(await argsort(tensor(data)).array()).toEqual(orders(data, length));
  expect(await argsort(tensor(data), 0, true).array()).toEqual(
    orders(
      data.map((v) => -v),
      length,
    ),
  );
});

test("values, the largest first, NaN as the largest, and gradients", async () => {
  const x = tensor([3, Number.NaN, 1, 2]);
  expect(await sort(x).values.array()).toEqual([1, 2, 3, Number.NaN]);
  expect(await sort(x, -1, true).indices.array()).toEqual([1, 0, 3, 2]);
  const many = numbers(600, 100_003);
  const { values, indices } = topk(tensor(many), 3);
  const largest = orders(many, 600).reverse().slice(0, 3);
  expect(await (indices as Tensor).array()).toEqual(largest);
  expect(await values.array()).toEqual(largest.map((i) => many[i]));
});
