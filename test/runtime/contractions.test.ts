import fc from "fast-check";
import { afterAll, beforeAll, test } from "vitest";
import { affineMap, permuteMap } from "../../packages/tidu/src/base/affine.js";
import type { Shape } from "../../packages/tidu/src/base/shape.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import type { Node } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { Tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { cast } from "../../packages/tidu/src/tensor/types.js";
import { Choices } from "../support/choices.js";
import { checkClose, checkSame, expected, runOn } from "../support/compare.js";
import type { RandomProgram } from "../support/random-program.js";
import { Shelf } from "../support/shelf.js";

const SIZES = [4, 1, 2, 3, 5, 8, 13, 16, 33, 64, 100, 257, 300];
/** Products that are worth cutting into blocks: whole and broken ones, of sums that have divisors or none. */
const LARGE: Record<string, readonly number[]> = {
  m: [64, 33, 7, 130],
  n: [256, 257, 40, 9],
  k: [16, 33, 704, 1283, 1300],
  b: [2, 3],
  l: [3, 5],
};
const MOST_PRODUCTS = { small: 800_000, large: 4_000_000 };

/** Small whole numbers that are stored as float32 or as halves, and seen as float32. */
function numbers(shelf: Shelf, shape: Shape, c: Choices): Node {
  const fill = c.pick(["integers", "halves", "integers", "brains"] as const);
  const x = ops.fromStorage(shelf.add(shape, fill, c.below(1000), true));
  return cast(x, "f32");
}

/** Matrix products of all sizes, batched or not, with operands and result in any order in memory, and an epilogue. */
const products = fc.array(fc.nat(1000), { minLength: 18, maxLength: 18 }).map((drawn): RandomProgram => {
  const c = new Choices(drawn);
  const shelf = new Shelf();
  const size = new Map<string, number>();
  let products = 1;
  const large = c.oneIn(3);
  const most = MOST_PRODUCTS[large ? "large" : "small"];
  for (const label of c.pick(["mnk", "kmn", "nkm", "bmnk", "mnkl"])) {
    const sizes = large ? [...LARGE[label], 1] : SIZES;
    size.set(label, c.pick(sizes.filter((s) => s * products <= most)));
    products *= size.get(label) as number;
  }
  /** A stored value with these axes, in an order of its own, under the labels in another. */
  const stored = (labels: readonly string[]) => {
    const inMemory = c.oneIn(2) ? [...labels].reverse() : labels;
    const shape = inMemory.map((l) => size.get(l) as number);
    return ops.view(
      numbers(shelf, shape, c),
      permuteMap(
        shape,
        labels.map((l) => inMemory.indexOf(l)),
      ),
    );
  };
  const having = (labels: string) => [...labels].filter((l) => size.has(l));
  const [a, b, out] = [having("bmkl"), having("bkln"), having(c.pick(["bmn", "nmb", "nbm"]))];
  const y = new Tensor(ops.contract(stored(a), stored(b), { a, b, out }));
  const bias = new Tensor(stored(out.slice(-1)));
  const value = c.pick([y, y.add(bias).relu(), y.add(y.flip()), y.add(new Tensor(stored(out)))]);
  return { updates: [{ storage: shelf.empty(value.shape, "f32"), value: value.node }], contents: shelf.contents };
});

/** Products whose operands' rows are a page or more apart: few rows and many columns, or the reverse, of sums of many terms. */
const wide = fc.array(fc.nat(1000), { minLength: 10, maxLength: 10 }).map((drawn): RandomProgram => {
  const c = new Choices(drawn);
  const shelf = new Shelf();
  const size = { m: c.pick([16, 5, 23, 3]), n: c.pick([1100, 1024, 1283]), k: c.pick([72, 200, 130]) };
  const stored = (labels: readonly ("m" | "n" | "k")[]) => {
    const shape = labels.map((l) => size[l]);
    const turned = c.oneIn(2);
    const x = numbers(shelf, turned ? [...shape].reverse() : shape, c);
    return turned ? ops.view(x, permuteMap([shape[1], shape[0]], [1, 0])) : x;
  };
  const out = c.pick(["mn", "nm"]).split("");
  const [a, b] = [stored(["m", "k"]), stored(["n", "k"])];
  const y = new Tensor(ops.contract(a, b, { a: ["m", "k"], b: ["n", "k"], out }));
  const value = c.oneIn(2) ? y.relu() : y;
  return { updates: [{ storage: shelf.empty(value.shape, "f32"), value: value.node }], contents: shelf.contents };
});

/** Rows of windows over images with zeros around them, forwards or backwards, so wide that most windows leave the image. */
const windows = fc.array(fc.nat(1000), { minLength: 14, maxLength: 14 }).map((drawn): RandomProgram => {
  const c = new Choices(drawn);
  const shelf = new Shelf();
  const [n, channels, filters] = [c.pick([8, 16, 5, 20]), c.pick([4, 1, 3]), c.pick([6, 1, 4, 16])];
  const [length, window, stride] = [c.pick([6, 1, 10]), c.pick([5, 3, 7]), c.pick([1, 1, 2])];
  const border = Math.max(c.pick([window - 1, window, 1]), Math.ceil((window - length) / 2));
  const places = Math.floor((length + 2 * border - window) / stride) + 1;
  const x = numbers(shelf, [n, channels, length], c);
  const weight = numbers(shelf, [filters, channels, window], c);
  const sign = c.pick([1, -1]);
  const offset = sign === 1 ? -border : window - 1 - border;
  const map = affineMap([n, channels, places, window], x.shape, (axis) =>
    axis < 2
      ? { terms: [[axis, 1]] }
      : {
          offset,
          terms: [
            [2, stride],
            [3, sign],
          ],
        },
  );
  const labels = { a: ["n", "c", "y", "k"], b: ["o", "c", "k"], out: ["n", "o", "y"] };
  const y = ops.contract(ops.view(x, map), weight, labels);
  return { updates: [{ storage: shelf.empty(y.shape, "f32"), value: y }], contents: shelf.contents };
});

/** What windows of any step pass back to their images: products that are added up where windows overlap. */
const steps = fc.array(fc.nat(1000), { minLength: 18, maxLength: 18 }).map((drawn): RandomProgram => {
  const c = new Choices(drawn);
  const shelf = new Shelf();
  const [n, channels, filters] = [c.pick([1, 8, 16, 5]), c.pick([3, 1, 6]), c.pick([4, 1, 7])];
  const axes = [0, 1].map(() => {
    const [window, step] = [c.pick([3, 1, 2, 5, 4]), c.pick([2, 1, 3, 4])];
    const [places, border] = [c.pick([4, 1, 9]), c.below(window)];
    // The last windows may leave some of the image unseen.
    return {
      window,
      step,
      places,
      border,
      length: Math.max(1, (places - 1) * step + window - 2 * border + c.below(step)),
    };
  });
  const [h, w] = axes;
  const weight = numbers(shelf, [filters, channels, h.window, w.window], c);
  const passed = numbers(shelf, [n, filters, h.places, w.places], c);
  const labels = { a: ["n", "o", "y", "x"], b: ["o", "c", "i", "j"], out: ["n", "c", "y", "x", "i", "j"] };
  const map = affineMap(
    [n, channels, h.places, w.places, h.window, w.window],
    [n, channels, h.length, w.length],
    (axis) => {
      if (axis < 2) return { terms: [[axis, 1]] };
      const { step, border } = axes[axis - 2];
      return {
        offset: -border,
        terms: [
          [axis, step],
          [axis + 2, 1],
        ],
      };
    },
  );
  const y = new Tensor(ops.unview(ops.contract(passed, weight, labels), map));
  const value = c.oneIn(2) ? y : y.add(1);
  return { updates: [{ storage: shelf.empty(value.shape, "f32"), value: value.node }], contents: shelf.contents };
});

const options = { observe: verifier() };
const one = new WasmDevice({ ...options, threads: 1 });
const two = new WasmDevice({ ...options, threads: 2 });
const portable = new WasmDevice({ ...options, threads: 2, portable: true });
beforeAll(() => Promise.all([two.ready(), portable.ready()]));
afterAll(() => Promise.all([two.close(), portable.close()]));

/** @param least how far from whole numbers results may be: filtered ones are rounded, and a wrong product is off by 1. */
const exact = (programs: typeof products, numRuns: number, least = 0) => {
  const property = fc.asyncProperty(programs, async (program) => {
    const want = expected(program);
    const targets = program.updates.map((u) => u.storage);
    const first = await runOn(one, program);
    checkClose(first, want, targets, least);
    checkSame(await runOn(two, program), first);
    checkSame(await runOn(one, program), first);
    const plain = await runOn(portable, program);
    if (least > 0 && one.fusedMultiplyAdd) checkClose(plain, want, targets, least);
    else checkSame(plain, first);
  });
  return fc.assert(property, { numRuns: numRuns * Number(process.env.RUNS ?? 1) });
};

test("products of whole numbers are exact, whatever the sizes, the order in memory and the number of threads", () =>
  exact(products, 80));

test("so are products of matrices whose rows are pages apart", () => exact(wide, 8));

test("so are windows that leave their images", () => exact(windows, 40));

test("so is what windows of any step add up in their images", () => exact(steps, 60, 1e-3));
