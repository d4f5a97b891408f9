// Which sums processes divide among themselves.
import { expect, it } from "vitest";
import { divide } from "../../packages/tidu/src/compile/divided.js";
import type { Product } from "../../packages/tidu/src/compile/products.js";
import { makeStorage, type Node, type Storage, type Update } from "../../packages/tidu/src/graph/node.js";
import { apply, contract, elementwise, fromStorage, reduce, sumOp } from "../../packages/tidu/src/graph/ops/index.js";

const [ROWS, COLUMNS, TERMS] = [40, 300, 8];
const SPEC = { a: ["k", "i"], b: ["k", "o"], out: ["i", "o"] };
const place = (...shape: number[]): Storage => makeStorage(shape, "f32");
const { add, mul } = elementwise;

/** A sum of products [40, 300], and the values that a step gives to w, m and others. */
function step(values: (sum: Node, w: Node, m: Node) => readonly Node[]) {
  const [sum, w, m] = [place(ROWS, COLUMNS), place(ROWS, COLUMNS), place(ROWS, COLUMNS)];
  const updates = values(fromStorage(sum), fromStorage(w), fromStorage(m)).map(
    (value, i): Update => ({ storage: [w, m][i] ?? place(...value.shape), value }),
  );
  const product: Product = { factors: [place(TERMS, ROWS), place(TERMS, COLUMNS)], spec: SPEC, pieces: 1 };
  const divided = (runs = 2, processes = 2, differing: readonly Storage[] = []) =>
    divide(updates, new Map([[sum, product]]), runs, processes, differing);
  return { sum, w, m, updates, divided };
}

const sumOver = (x: Node, axes: readonly number[]): Node => reduce(sumOp, x, axes);

/** A value whose every element depends on all of a sum. */
const mixed = (g: Node): Node => contract(sumOver(g, [1]), sumOver(g, [0]), { a: ["i"], b: ["o"], out: ["i", "o"] });

it("a variable is divided that alone gets a sum, element by element", () => {
  const { w, divided } = step((g, w, m) => [apply(add, w, apply(mul, g, m))]);
  expect(divided().divided.map((d) => d.whole)).toEqual([w]);
  expect(divided().rest).toEqual([]);
  const [{ rows }] = divided().divided;
  expect(rows(3, 10).shape).toEqual([7, COLUMNS]);
});

it.each([
  ["goes to two variables", (g: Node, w: Node, m: Node) => [apply(add, w, g), apply(add, m, g)]],
  ["is not used element by element", (g: Node, w: Node) => [apply(add, w, mixed(g))]],
  ["is summed up", (g: Node) => [sumOver(g, [0, 1])]],
])("else the sum is: it %s", (_, values) => {
  const { sum, updates, divided } = step(values);
  expect(divided().divided.map((d) => d.whole)).toEqual([sum]);
  expect(divided().rest).toEqual(updates);
});

it("a value that depends on a process's own samples is not made by others", () => {
  const { sum, m, divided } = step((g, w, m) => [apply(add, w, apply(mul, g, m))]);
  expect(divided(2, 2, [m]).divided.map((d) => d.whole)).toEqual([sum]);
});

it("sums are divided if the factors of all runs are fewer, and every process gets a row", () => {
  const { divided } = step((g, w) => [apply(add, w, g)]);
  const count = (runs: number, processes: number) => divided(runs, processes).divided.length;
  // Each run has 8 · 340 elements of factors; the sum has 12,000.
  expect([count(4, 2), count(5, 2), count(4, ROWS), count(4, ROWS + 1)]).toEqual([1, 0, 1, 0]);
});
