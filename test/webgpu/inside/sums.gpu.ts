// Long sums are as right as on the processor: of equal numbers, by every form that reductions and contractions have.
import { expect, test } from "vitest";
import { TILES } from "../../../packages/tidu/src/codegen/wgsl/card.js";
import { grad, nn, scatterAdd, setDevice, type Tensor, tensor, zeros } from "../../../packages/tidu/src/index.js";
import { open } from "./open.js";

const TENTH = Math.fround(0.1);
const filled = (value: number, ...shape: number[]): Tensor =>
  tensor(new Float32Array(shape.reduce((n, s) => n * s, 1)).fill(value), shape);

/** How far the worst element is from what it must be, as a share of that. */
const off = async (sums: Tensor, exact: number): Promise<number> =>
  Array.from(await sums.data()).reduce((worst, v) => Math.max(worst, Math.abs(v / exact - 1)), 0);

test.each([
  // A workgroup for a result, neighbors of a result, a thread for a result.
  ["all of them", [2_000_000], [0]],
  ["rows", [40, 10_007], [1]],
  ["columns", [10_007, 40], [0]],
  ["many results", [500, 40_000], [0]],
])("sums of equal numbers: %s", async (_, shape, axes) => {
  const terms = axes.reduce((n, a) => n * shape[a], 1);
  expect(await off(filled(0.1, ...shape).sum(axes), terms * TENTH)).toBeLessThan(6e-7);
});

// lavapipe ends every loop after 65,535 steps.
test.each([
  [40_000, 1],
  [1_000, 40],
])("%i rows of %i equal numbers, added at one place", async (rows, width) => {
  const places = tensor(new Int32Array(rows * width), [rows, width]);
  const added = scatterAdd(zeros([3, width]), places, filled(0.1, rows, width), 0);
  expect(await off(added.slice(0, 0, 1), rows * TENTH)).toBeLessThan(2e-6);
  const table = nn.embedding(3, width);
  const seen = table.forward(tensor(new Int32Array(rows))).mul(filled(0.1, rows, width));
  const [slope] = grad(seen.sum(), [table.weight]);
  expect(await off(slope.slice(0, 0, 1), rows * TENTH)).toBeLessThan(2e-6);
});

test("products of few results, without tiles", async () => {
  setDevice(await open({ tiles: [] }));
  const terms = 300_007;
  expect(await off(filled(0.1, 3, terms).matmul(filled(0.1, terms, 3)), terms * TENTH * TENTH)).toBeLessThan(1e-6);
});

test("whole numbers stay whole beyond what float32 counts, and infinities infinite", async () => {
  const terms = 2 ** 24 + 2 ** 20;
  expect(await off(filled(1, terms).sum(), terms)).toBe(0);
  const data = new Float32Array(5000);
  data[7] = Number.POSITIVE_INFINITY;
  expect(await tensor(data).sum().item()).toBe(Number.POSITIVE_INFINITY);
  data[9] = Number.NEGATIVE_INFINITY;
  expect(await tensor(data).sum().item()).toBeNaN();
});

test("batch normalization far from 0", async () => {
  const [count, mean] = [4096, 1e6];
  const x = Float32Array.from({ length: count }, (_, i) => mean + ((i * 7919) % 64) - 31.5);
  const exact = x.reduce((sum, v) => sum + v, 0) / count;
  const deviation = Math.sqrt(x.reduce((sum, v) => sum + (v - exact) ** 2, 0) / count);
  const y = Array.from(
    await nn
      .batchNorm1d(1)
      .train()
      .forward(tensor(x, [count, 1]))
      .data(),
  );
  const worst = y.reduce((most, v, i) => Math.max(most, Math.abs(v - (x[i] - exact) / deviation)), 0);
  expect(worst).toBeLessThan(0.03);
});

// SwiftShader takes seconds for each tile.
test.skipIf(!("Deno" in globalThis))("products by tiles, of every length", async () => {
  const tile = TILES.find(({ rows, columns }) => rows === 32 && columns === 32);
  setDevice(await open({ tiles: tile && [{ ...tile, alone: 1e-3, shared: 1e-3 }] }));
  for (const [terms, most] of [
    [500, 8e-6],
    [1000, 2e-6],
    [8191, 3e-6],
    [50_021, 1e-6],
  ]) {
    const sums = filled(0.1, 33, terms).matmul(filled(0.1, terms, 5));
    expect(await off(sums, terms * TENTH * TENTH), `${terms} terms`).toBeLessThan(most);
  }
});
