// Products and running products with zeros among their factors: gradients of the second and third order.
import { expect, it } from "vitest";
import { cumprod, grad, prod, type Tensor, tensor } from "../../packages/tidu/src/index.js";

/** Zeros without their signs. */
/** The product of all numbers but those at some places; 0 where one is left out twice. */
const without = (x: readonly number[], places: readonly number[]): number =>
  new Set(places).size < places.length ? 0 : x.reduce((y, v, i) => (places.includes(i) ? y : y * v), 1) + 0;

const each = (x: readonly number[]): number[] => x.map((_, i) => i);
const values = async (x: Tensor): Promise<number[]> => Array.from(await x.data(), (v) => v + 0);
const part = (x: Tensor, i: number): Tensor => x.slice(0, i, i + 1).sum();

const FACTORS = [[3], [0], [2, 5], [0, 5], [2, 0, 3], [0, 0, 3], [2, -1, 0, 3, 4], [0, 2, 0, 5, 0, 7, 1]];

it.each(FACTORS.map((x) => [x]))("prod of %j", async (x) => {
  const t = tensor(x);
  const [g] = grad(prod(t), [t]);
  expect(await values(g)).toEqual(each(x).map((i) => without(x, [i])));
  for (const i of each(x)) {
    const [row] = grad(part(g, i), [t]);
    expect(await values(row)).toEqual(each(x).map((j) => without(x, [i, j])));
    for (const j of each(x))
      expect(await values(grad(part(row, j), [t])[0])).toEqual(each(x).map((k) => without(x, [i, j, k])));
  }
});

it.each(FACTORS.map((x) => [x]))("cumprod of %j, each result with a weight of its own", async (x) => {
  const t = tensor(x);
  const weights = x.map((_, i) => i + 1);
  const start = (y: number) => x.slice(0, y + 1);
  const weighted = (places: readonly number[]) =>
    each(x).reduce((y, end) => y + (Math.max(...places) <= end ? weights[end] * without(start(end), places) : 0), 0);
  const [g] = grad(cumprod(t).mul(tensor(weights)).sum(), [t]);
  expect(await values(g)).toEqual(each(x).map((i) => weighted([i])));
  for (const i of each(x)) {
    const [row] = grad(part(g, i), [t]);
    expect(await values(row)).toEqual(each(x).map((j) => weighted([i, j])));
  }
});

it("along some axes, of any shape", async () => {
  const shape = [3, 2, 5];
  const x = tensor(
    Float32Array.from({ length: 30 }, (_, i) => (i % 7 === 3 ? 0 : ((i * 5) % 9) - 4)),
    shape,
  );
  for (const axes of [[0], [1], [2], [0, 2], [1, 2], [0, 1, 2]]) {
    const [g] = grad(prod(x, axes).sum(), [x]);
    // By the definition: the product with one factor set to 1.
    const place = (i: number) =>
      tensor(
        Float32Array.from({ length: 30 }, (_, k) => Number(k === i)),
        shape,
      ).eq(1);
    const wanted = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        const [one, none] = [place(i).where(1, x), place(i).where(0, x)];
        return prod(one, axes).sum().sub(prod(none, axes).sum()).item();
      }),
    );
    expect(await values(g)).toEqual(wanted);
  }
});
