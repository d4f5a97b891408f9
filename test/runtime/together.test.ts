// Runs of a program that go through it together: the same bits as one after the other.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { affineMap } from "../../packages/tidu/src/base/affine.js";
import { type TypedArray, typedArray } from "../../packages/tidu/src/base/dtype.js";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import "../../packages/tidu/src/compile/together.js";
import { compileProgram } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { makeStorage, type Storage, topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import {
  apply,
  contract,
  elementwise,
  fromStorage,
  isStorage,
  reduce,
  scatter,
  sumOp,
  view,
} from "../../packages/tidu/src/graph/ops/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { checkSame } from "../support/compare.js";
import { randomNetwork } from "../support/random-network.js";
import { LARGE, type RandomProgram, randomProgram, SMALL } from "../support/random-program.js";

describe("runs of a program together have the bits of each alone", () => {
  const one = new WasmDevice({ threads: 1 });
  const two = new WasmDevice({ threads: 2, portable: true });
  beforeAll(() => two.ready());
  afterAll(() => two.close());
  let [made, asked] = [0, 0];

  const check = async ({ updates, contents }: RandomProgram, count: number, mask: number): Promise<void> => {
    const read = topologicalOrder(updates.map((u) => u.value)).flatMap((n) => (isStorage(n) ? [n.attrs] : []));
    // Some values differ between runs; results do, but for updates of what is read.
    const given = [...new Set(read)].filter((s, i) => (mask >> (i % 10)) & 1 && !updates.some((u) => u.storage === s));
    const results = updates.map((u) => u.storage).filter((s) => !read.includes(s));
    const varying = [...given, ...results];
    const runs = { count, stacked: new Set(varying) };
    compileProgram(updates, PROCESSOR, verifier(), undefined, runs);
    for (const device of [one, two]) {
      const together = device.prepareTogether(updates, varying, runs);
      asked++;
      if (together === undefined) return;
      made++;
      const alone = device.prepare(updates, varying);
      const fresh = (s: Storage, wide = false) => makeStorage(wide ? [count, ...s.shape] : s.shape, s.dtype);
      const start = (): void => {
        for (const [s, data] of contents) device.write(s, data.slice());
      };
      /** The contents of a storage in a run: rolled by some places. */
      const inRun = (s: Storage, run: number): TypedArray => {
        const data = contents.get(s) as TypedArray;
        return data.map((_, i) => data[(i + 3 * run) % data.length] as never) as TypedArray;
      };
      start();
      const apart: Storage[][] = [];
      for (let run = 0; run < count; run++) {
        const actual = varying.map((s) => fresh(s));
        given.forEach((s, i) => void device.write(actual[i], inRun(s, run)));
        await alone.run(actual);
        apart.push(actual.slice(given.length));
      }
      const shared = updates.map((u) => u.storage).filter((s) => !results.includes(s));
      const left = await Promise.all(shared.map((s) => device.read(s)));
      start();
      const wide = varying.map((s) => fresh(s, true));
      given.forEach((s, i) => {
        const all = typedArray(s.dtype, count * sizeOf(s.shape));
        for (let run = 0; run < count; run++) all.set(inRun(s, run) as never, run * sizeOf(s.shape));
        device.write(wide[i], all);
      });
      await together.run(wide);
      checkSame(await Promise.all(shared.map((s) => device.read(s))), left);
      for (const [i, s] of results.entries()) {
        const all = await device.read(wide[given.length + i]);
        for (let run = 0; run < count; run++) {
          const size = sizeOf(s.shape);
          checkSame([all.slice(run * size, (run + 1) * size) as TypedArray], [await device.read(apart[run][i])]);
        }
      }
    }
  };
  const some = (programs: fc.Arbitrary<RandomProgram>, numRuns: number) =>
    fc.assert(fc.asyncProperty(programs, fc.constantFrom(2, 3, 5, 8), fc.nat(1023), check), {
      numRuns: numRuns * Number(process.env.RUNS ?? 1),
    });

  test("for small programs", () => some(randomProgram(SMALL), 150), 120_000);
  test("for large ones", () => some(randomProgram(LARGE), 40), 120_000);
  test("for training steps", () => some(randomNetwork(), 60), 120_000);
  // Forward, the gradient of inputs and that of weights, of a layer: in place, and in blocks that are copied.
  const LAYER = [
    [
      ["r", "i"],
      ["o", "i"],
    ],
    [
      ["r", "i"],
      ["i", "o"],
    ],
    [
      ["i", "r"],
      ["i", "o"],
    ],
    [
      ["k", "r"],
      ["k", "o"],
    ],
  ];
  test.each([
    { r: 1, i: 700, o: 60, k: 3 },
    { r: 3, i: 60, o: 100, k: 30 },
    { r: 7, i: 700, o: 400, k: 60 },
    { r: 16, i: 784, o: 512, k: 16 },
    { r: 33, i: 1024, o: 257, k: 100 },
  ])("for products of $r rows by [$i, $o]", async (sizes) => {
    const before = made;
    for (const [a, b] of LAYER) await check(product(a, b, sizes), sizes.r === 1 ? 8 : 5, 1);
    expect(made - before).toBe(2 * LAYER.length);
  });
  test("for sums whose lanes run along the sum, though together there are enough others", async () => {
    const [rows, all] = [makeStorage([2], "f32"), makeStorage([50], "f32")];
    const wide = (s: Storage, axis: number) =>
      view(
        fromStorage(s),
        affineMap([2, 50], s.shape, () => ({ offset: 0, terms: [[axis, 1]] })),
      );
    const value = reduce(sumOp, apply(elementwise.maximum, wide(rows, 0), wide(all, 1)), [1]);
    const contents = new Map([
      [rows, Float32Array.of(0.1, -0.3)],
      [all, Float32Array.from({ length: 50 }, (_, i) => Math.sin(7 * i))],
    ]);
    const program = { updates: [{ storage: makeStorage([2], "f32"), value }], contents };
    for (const mask of [1, 2, 3]) await check(program, 5, mask);
  });
  test("for values that are added to a row of their own in each run", async () => {
    const [x, row] = [makeStorage([2], "f32"), makeStorage([], "i32")];
    const contents = new Map<Storage, TypedArray>([
      [x, Float32Array.of(1.5, 2.5)],
      [row, Int32Array.of(1)],
    ]);
    const one = view(
      fromStorage(x),
      affineMap([], [2], () => ({ offset: 0, terms: [] })),
    );
    const value = scatter(one, fromStorage(row), { axis: 0, size: 1 });
    const product = apply(elementwise.floatToInt, one);
    const chosen = scatter(one, apply(elementwise.intSub, product, fromStorage(row)), { axis: 0, size: 1 });
    const updates = [value, chosen].map((v) => ({ storage: makeStorage(v.shape, "f32"), value: v }));
    for (const mask of [1, 2, 3]) await check({ updates, contents }, 8, mask);
  });
  test("and most of them may", () => expect(made).toBeGreaterThan(asked / 3));
});

/** A sum of products of rows of each run and of weights that all share, or of rows of both. */
function product(a: readonly string[], b: readonly string[], sizes: Readonly<Record<string, number>>): RandomProgram {
  const place = (labels: readonly string[]): Storage =>
    makeStorage(
      labels.map((l) => sizes[l]),
      "f32",
    );
  const [x, y] = [place(a), place(b)];
  const out = ["r", "i", "o"].filter((l) => a.includes(l) !== b.includes(l));
  const value = contract(fromStorage(x), fromStorage(y), { a, b, out });
  const storage = makeStorage(value.shape, "f32");
  const numbers = (s: Storage, seed: number) =>
    Float32Array.from({ length: sizeOf(s.shape) }, (_, i) => Math.sin(seed + i * 12.9898) ** 3);
  return {
    updates: [{ storage, value }],
    contents: new Map([
      [x, numbers(x, 1)],
      [y, numbers(y, 2)],
    ]),
  };
}
