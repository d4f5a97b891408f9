import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { permuteMap } from "../../packages/tidu/src/base/affine.js";
import { compileProgram, type Observer, type Program } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { filtering } from "../../packages/tidu/src/compile/winograd/matrices.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import { makeStorage, type Node, type Storage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { windows } from "../../packages/tidu/src/nn/windows.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { Tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { Choices } from "../support/choices.js";
import { checkClose, checkSame, expected, runOn } from "../support/compare.js";
import type { RandomProgram } from "../support/random-program.js";
import { Shelf } from "../support/shelf.js";

/** Names of the kernels of all programs so far. */
const kernels: string[] = [];
const verify = verifier();
const observe: Observer = (pass, product) => {
  verify(pass, product);
  if (pass === "program") kernels.push(...(product as Program).kernels.map((k) => k.name));
};
const one = new WasmDevice({ observe, threads: 1 });
const two = new WasmDevice({ observe, threads: 2 });
const portable = new WasmDevice({ observe, threads: 2, portable: true });
beforeAll(() => Promise.all([two.ready(), portable.ready()]));
afterAll(() => Promise.all([two.close(), portable.close()]));

/** Puts the last axis first: values are stored with the batch innermost, as the compiler stores them in training. */
const batchFirst = (x: Node): Node => ops.view(x, permuteMap(x.shape, [3, 0, 1, 2]));
const batchLast = (x: Node): Node => ops.view(x, permuteMap(x.shape, [1, 2, 3, 0]));

/** A 3×3 convolution of some size, forwards or one of its gradients, with something following it. */
const convolutions = fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }).map((numbers): RandomProgram => {
  const c = new Choices(numbers);
  const shelf = new Shelf();
  const stored = (shape: readonly number[]) => ops.fromStorage(shelf.add(shape, "numbers", c.below(1000)));
  const [n, channels, filters] = [c.pick([16, 24, 4, 6]), c.pick([24, 17]), c.pick([24, 19])];
  const padding = [c.pick([1, 2]), c.pick([1, 0])];
  const size = [c.pick([7, 9]), c.pick([7, 10])];
  const x = batchFirst(stored([channels, ...size, n]));
  const w = stored([filters, channels, 3, 3]);
  const y = convolved(x, w, padding);
  const dy = batchFirst(stored(batchLast(y).shape));
  const [dx, dw] = gradient(new Tensor(y).mul(new Tensor(dy)).sum().node, [x, w]);
  const relu = (v: Node) => new Tensor(v).relu().node;
  const value = c.pick([relu(batchLast(y)), batchLast(dx), dw, new Tensor(dw).mul(0.5).add(new Tensor(w)).node]);
  return { updates: [{ storage: shelf.empty(value.shape, "f32"), value }], contents: shelf.contents };
});

test("convolutions by minimal filtering are as close as any float32 sum, the same on any number of threads", async () => {
  let filtered = 0;
  const property = fc.asyncProperty(convolutions, async (program) => {
    kernels.length = 0;
    const want = expected(program);
    const targets = program.updates.map((u) => u.storage);
    const first = await runOn(one, program);
    if (kernels.some((name) => name.endsWith(".products"))) filtered++;
    checkClose(first, want, targets);
    checkSame(await runOn(two, program), first);
    checkSame(await runOn(one, program), first);
    checkClose(await runOn(portable, program), want, targets);
  });
  await fc.assert(property, { numRuns: 6 * Number(process.env.RUNS ?? 1) });
  expect(filtered).toBeGreaterThan(0);
}, 120_000);

/** Two convolutions of few pictures, one after the other, with the gradients of their filters. */
const networks = fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }).map((numbers): RandomProgram => {
  const c = new Choices(numbers);
  const shelf = new Shelf();
  const stored = (shape: readonly number[]) => ops.fromStorage(shelf.add(shape, "numbers", c.below(1000)));
  const [given, between, made] = [c.pick([3, 16, 9]), c.pick([17, 20]), c.pick([16, 19])];
  // Just large enough to be filtered.
  const [n, side] = c.pick([
    [1, 25],
    [2, 19],
    [3, 16],
    [5, 13],
  ]);
  const size = [side + c.below(2), side + 1 + c.below(3)];
  const [v, w] = [stored([between, given, 3, 3]), stored([made, between, 3, 3])];
  const first = convolved(stored([n, given, ...size]), v, [c.pick([1, 0]), c.pick([1, 2])]);
  const second = convolved(new Tensor(first).relu().node, w, [1, c.pick([1, 0])]);
  const dy = new Tensor(stored(second.shape));
  const values = [second, ...gradient(new Tensor(second).mul(dy).sum().node, [v, w])];
  const updates = values.map((value) => ({ storage: shelf.empty(value.shape, "f32"), value }));
  return { updates, contents: shelf.contents };
});

function convolved(x: Node, filters: Node, padding: readonly number[]): Node {
  const seen = windows(new Tensor(x), [3, 3], { stride: [1, 1], padding, dilation: [1, 1] }).node;
  const labels = { a: ["n", "c", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "f", "h", "w"] };
  return ops.contract(seen, filters, labels);
}

test("convolutions of few pictures are filtered along channels, and are as close", async () => {
  const property = fc.asyncProperty(networks, async (program) => {
    kernels.length = 0;
    const first = await runOn(one, program);
    expect(kernels.filter((name) => name.endsWith(".products")).length).toBeGreaterThanOrEqual(2);
    checkClose(
      first,
      expected(program),
      program.updates.map((u) => u.storage),
    );
    checkSame(await runOn(two, program), first);
  });
  await fc.assert(property, { numRuns: 2 * Number(process.env.RUNS ?? 1) });
}, 120_000);

test("convolutions whose transforms would cost more than they save multiply as they are", () => {
  const filtered = (channels: number, filters: number, samples = 32): boolean => {
    kernels.length = 0;
    const [x, w] = [
      batchFirst(ops.fromStorage(makeStorage([channels, 18, 18, samples], "f32"))),
      ops.fromStorage(makeStorage([filters, channels, 3, 3], "f32")),
    ];
    const seen = windows(new Tensor(x), [3, 3], { stride: [1, 1], padding: [0, 0], dilation: [1, 1] }).node;
    const labels = { a: ["n", "c", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "f", "h", "w"] };
    const value = batchLast(ops.contract(seen, w, labels));
    compileProgram([{ storage: makeStorage(value.shape, "f32"), value }], PROCESSOR, observe);
    return kernels.some((name) => name.endsWith(".products"));
  };
  expect([filtered(1, 32), filtered(3, 32), filtered(32, 3)]).toEqual([false, false, false]);
  expect([filtered(16, 16), filtered(32, 32)]).toEqual([true, true]);
  expect([filtered(32, 32, 4), filtered(32, 32, 3)]).toEqual([true, false]);
});

test.each([
  [1, [36, 16]],
  [4, [144, 16]],
  [8, [16, 8]],
])("a step on %d samples is filtered, along channels if the samples are few", (samples, last) => {
  const [x, v, w] = [
    [samples, 16, 24, 24],
    [16, 16, 3, 3],
    [16, 16, 3, 3],
  ].map((shape) => ops.fromStorage(makeStorage(shape, "f32")));
  const second = convolved(new Tensor(convolved(x, v, [1, 1])).relu().node, w, [1, 1]);
  const updates = gradient(new Tensor(second).square().sum().node, [v, w]).map((value) => ({
    storage: makeStorage(value.shape, "f32"),
    value,
  }));
  const { program } = compileProgram(updates, PROCESSOR, observe);
  const products = program.kernels.filter((k) => k.name.endsWith(".products"));
  const sizes = products.map((k) => k.sizes.slice(0, k.outer).slice(-2));
  expect(sizes.filter((s) => String(s) === String(last))).toHaveLength(3);
});

test("elements whose transforms could overflow are multiplied as they are", async () => {
  const shelf = new Shelf();
  const [x, w] = [shelf.add([16, 10, 10, 16], "numbers", 1), shelf.add([16, 16, 3, 3], "numbers", 2)];
  const seen = windows(new Tensor(batchFirst(ops.fromStorage(x))), [3, 3], {
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
  }).node;
  const labels = { a: ["n", "c", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "f", "h", "w"] };
  const value = batchLast(ops.contract(seen, ops.fromStorage(w), labels));
  const storage = shelf.empty(value.shape, "f32");
  const scaled = (from: Storage, by: number) => [from, shelf.contents.get(from)?.map((v) => v * by)] as const;
  kernels.length = 0;
  const results = [];
  for (const power of [43, 126]) {
    const contents = new Map([scaled(x, 2 ** power), scaled(w, 2 ** -20)]) as Shelf["contents"];
    results.push(...(await runOn(one, { updates: [{ storage, value }], contents })));
  }
  expect(kernels.some((name) => name.endsWith(".products"))).toBe(true);
  // The smaller ones are filtered, in another order of sums; all else is powers of two.
  const [filtered, plain] = results.map((r, i) => Float64Array.from(r, (v) => v / 2 ** [23, 106][i]));
  expect(plain.some((v, i) => v !== filtered[i])).toBe(true);
  for (const [i, v] of plain.entries()) expect(Math.abs(v - filtered[i])).toBeLessThan(1e-3);
});

test("transforms of small whole numbers give exact correlations", () => {
  const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, v, i) => sum + v * q[i], 0);
  for (const [outputs, taps, points] of [
    [2, 3, [0, 1, -1]],
    [4, 3, [0, 1, -1, 2, -2]],
    [3, 4, [0, 1, -1, 2, -2]],
  ] as const) {
    const { a, g, b } = filtering(outputs, taps, points);
    const filter = Array.from({ length: taps }, (_, i) => 3 * i - 4);
    const data = Array.from({ length: points.length + 1 }, (_, i) => i * i - 5);
    const products = g.map((row, k) => dot(row, filter) * dot(b[k], data));
    const want = Array.from({ length: outputs }, (_, i) => dot(filter, data.slice(i, i + taps)));
    a.forEach((row, i) => void expect(dot(row, products)).toBeCloseTo(want[i], 9));
  }
});
