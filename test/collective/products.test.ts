// Sums over shards that are made in one contraction: the bits are those of a sum for each shard, added two by two.
import "../../packages/tidu/src/codegen/tree.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { permuteMap } from "../../packages/tidu/src/base/affine.js";
import {
  addTerms,
  factorsOf,
  type Product,
  rowsOfSum,
  sumOfTerm,
  type Term,
  withFactors,
} from "../../packages/tidu/src/compile/products.js";
import { makeStorage, type Node, type Storage } from "../../packages/tidu/src/graph/node.js";
import { apply, contract, elementwise, fromStorage, view } from "../../packages/tidu/src/graph/ops/index.js";
import { type Block, fold } from "../../packages/tidu/src/runtime/collective/tree.js";
import { NativeDevice } from "../../packages/tidu/src/runtime/native/device.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";

const [one, portable] = [new WasmDevice({ threads: 1 }), new WasmDevice({ threads: 2, portable: true })];
const native = NativeDevice.create({ threads: 2 });
beforeAll(() => portable.ready());
afterAll(() => portable.close());

const numbers = (count: number, seed: number): Float32Array => {
  let x = seed;
  return Float32Array.from(
    { length: count },
    () => ((x = (Math.imul(x, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1) ** 5,
  );
};

interface Summed extends Block {
  readonly term: Term;
}

/** The sum over all leaves as the tree has it, each of them a sum of its own or together. */
function total(products: readonly Product[], together: boolean): Node {
  const held: Summed[] = [];
  products.forEach((product, from) => {
    const alone = [withFactors(product, fromStorage)];
    const term = together ? alone : sumOfTerm(alone);
    fold(held, { from, to: from + 1, term }, products.length, (a, b) => ({
      from: a.from,
      to: b.to,
      term: addTerms(a.term, b.term),
    }));
  });
  return sumOfTerm(held[0].term);
}

const SPECS = [
  { a: ["k", "i"], b: ["k", "o"], out: ["i", "o"] },
  { a: ["i", "k"], b: ["k", "o"], out: ["o", "i"] },
];

it.each([
  // Rows, columns, terms of a leaf: tiles that read in place, blocks that are copied, and what is left of both.
  [5, 3, 8],
  [33, 70, 9],
  [130, 121, 20],
  [40, 24, 48],
])(
  "leaves of %d × %d sums of %d products",
  async (rows, columns, terms) => {
    for (const [n, spec] of SPECS.entries())
      for (const leaves of n === 0 ? [1, 6, 8] : [3, 7]) {
        const contents = new Map<Storage, Float32Array>();
        const stored = (labels: readonly string[], seed: number): Storage => {
          const storage = makeStorage(
            labels.map((l) => (l === "k" ? terms : l === "i" ? rows : columns)),
            "f32",
          );
          contents.set(storage, numbers(storage.shape[0] * storage.shape[1], seed));
          return storage;
        };
        const products = Array.from(
          { length: leaves },
          (_, i): Product => ({ factors: [stored(spec.a, 2 * i + n), stored(spec.b, 2 * i + n + 1)], spec, pieces: 1 }),
        );
        const scaled = (value: Node): Node => apply(elementwise.mul, value, value);
        const values = [total(products, false), total(products, true), scaled(total(products, true))];
        let first: Float32Array | undefined;
        // Compiling native code takes longest: once for each size.
        for (const device of leaves < 7 || rows === 33 ? [one, portable] : [one, await native]) {
          const updates = values.map((value) => ({ storage: makeStorage(value.shape, "f32"), value }));
          for (const [storage, data] of contents) device.write(storage, data.slice());
          await device.prepare(updates).run();
          const [apart, together, square] = await Promise.all(
            updates.map(async ({ storage }) => Float32Array.from(await device.read(storage))),
          );
          expect(together).toEqual(apart);
          expect(square).toEqual(apart.map((v) => Math.fround(v * v)));
          // With a fused multiply-add roundings differ, by device.
          first ??= together;
          for (const [i, v] of together.entries()) expect(Math.abs(v - first[i])).toBeLessThan(1e-4);
        }
      }
  },
  60_000,
);

it.each([
  // Runs, terms of each, pieces: leaves that fit in one sum, and more.
  [3, 20, 1],
  [5, 96, 2],
  [3, 384, 8],
  [9, 64, 2],
])("rows of a sum over %d runs of %d terms have the bits of the whole", async (runs, terms, pieces) => {
  const [rows, columns] = [21, 13];
  for (const spec of SPECS) {
    const shapes = [spec.a, spec.b].map((labels) =>
      labels.map((l) => (l === "k" ? terms : l === "i" ? rows : columns)),
    );
    const stacked = shapes.map((shape) => makeStorage([runs, ...shape], "f32")) as [Storage, Storage];
    const products = Array.from({ length: runs }, () => ({
      factors: shapes.map((shape) => makeStorage(shape, "f32")) as unknown as [Storage, Storage],
      spec,
      pieces,
    }));
    stacked.forEach((whole, side) => {
      const values = numbers(
        whole.shape.reduce((n, s) => n * s, 1),
        side + runs,
      );
      portable.write(whole, values.slice());
      const each = values.length / runs;
      products.forEach(({ factors }, i) => portable.write(factors[side], values.slice(i * each, (i + 1) * each)));
    });
    const height = spec.out[0] === "i" ? rows : columns;
    const wanted = [total(products, true), total(products, false)];
    const parts = [0, 4, 5, height].flatMap((to, i, all) =>
      i === 0 ? [] : [rowsOfSum(products[0], stacked, [all[i - 1], to])],
    );
    const updates = [...wanted, ...parts].map((value) => ({ storage: makeStorage(value.shape, "f32"), value }));
    await portable.prepare(updates).run();
    const [together, apart, ...made] = await Promise.all(
      updates.map(async ({ storage }) => [...(await portable.read(storage))]),
    );
    expect(made.flat()).toEqual(together);
    expect(apart).toEqual(together);
  }
});

it("a leaf's own sum has one order: term after term", async () => {
  const [x, y] = [makeStorage([16, 40], "f32"), makeStorage([16, 24], "f32")];
  const [a, b] = [numbers(640, 1), numbers(384, 2)];
  const device = portable;
  device.write(x, a.slice());
  device.write(y, b.slice());
  const value = sumOfTerm([{ factors: [fromStorage(x), fromStorage(y)], spec: SPECS[0], pieces: 1 }]);
  const result = makeStorage(value.shape, "f32");
  await device.prepare([{ storage: result, value }]).run();
  const found = await device.read(result);
  for (let i = 0; i < 40; i++)
    for (let o = 0; o < 24; o++) {
      let sum = 0;
      for (let k = 0; k < 16; k++) sum = Math.fround(sum + Math.fround(a[k * 40 + i] * b[k * 24 + o]));
      expect(found[i * 24 + o]).toBe(sum);
    }
});

it("finds products of small factors, transposed or not, and no others", () => {
  const of = (terms: number, rows: number, columns: number): Node => {
    const [x, y] = [
      [terms, rows],
      [terms, columns],
    ].map((shape) => fromStorage(makeStorage(shape, "f32")));
    return contract(x, y, SPECS[0]);
  };
  expect(factorsOf(of(16, 512, 256))?.spec.out).toEqual(["i", "o"]);
  const turned = view(of(16, 512, 256), permuteMap([512, 256], [1, 0]));
  expect(factorsOf(turned)?.spec.out).toEqual(["o", "i"]);
  const found = factorsOf(turned) as NonNullable<ReturnType<typeof factorsOf>>;
  expect(sumOfTerm([found]).shape).toEqual(turned.shape);
  const pieces = [8, 48, 64, 100, 384].map((terms) => factorsOf(of(terms, 4096, 4096))?.pieces);
  expect(pieces).toEqual([1, 1, 2, 4, 8]);
  for (const other of [
    of(7, 512, 256),
    of(49, 2048, 2048),
    of(386, 4096, 4096),
    of(16, 512, 10),
    apply(elementwise.neg, of(16, 512, 256)),
  ])
    expect(factorsOf(other)).toBeUndefined();
});
