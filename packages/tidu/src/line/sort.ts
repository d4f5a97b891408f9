// Sorting along an axis by repeated merging of pieces of equal length: the op, its code, and the functions.

import { check, flag, whole } from "../base/check.js";
import { isFloat, isWide } from "../base/dtype.js";
import { normalizeAxis } from "../base/shape.js";
import { type Emitter, INT, type Local } from "../codegen/emitter.js";
import { Evaluator, NO_LOOP, type Place } from "../codegen/evaluate.js";
import { type EmitLine, FEW_LANES } from "../codegen/kernel.js";
import { emitLoop, emitShared, emitWhile, type Loop } from "../codegen/loops.js";
import type { Affine, Buffer, Expr, LineKernel, Store } from "../compile/kernel.js";
import { type LineOp, makeNode, misfit, type Node } from "../graph/node.js";
import { define } from "../graph/ops/elementwise.js";
import { apply } from "../graph/ops/index.js";
import { takeAlongAxis } from "../tensor/functions/pick.js";
import { checkTensor, Tensor } from "../tensor/tensor.js";
import { cast } from "../tensor/types.js";

/**
 * The order that sorts the whole numbers along an axis: for each place the number of the element that belongs there;
 * equal ones keep their order.
 */
export const argsortOp: LineOp = {
  name: "argsort",
  kind: "line",
  between: true,
  sorts: true,
  emit: ((f, bases, kernel) => {
    f.withLanes(FEW_LANES, () => emitMerges(f, bases, kernel));
    // Loops of one step do not count; with a single line, one thread does everything.
    return kernel.sizes.slice(0, kernel.outer - 1).some((size) => size > 1);
  }) satisfies EmitLine,
  meaning: (line) => Array.from(line.keys()).sort((p, q) => compare(line[p], line[q]) || p - q),
  infer([x], { axis }) {
    if ((x.dtype !== "i32" && !isWide(x.dtype)) || axis >= x.shape.length) misfit("argsort", [x], `i32 axis ${axis}`);
    return { shape: x.shape, dtype: "i32" };
  },
  key: ({ axis }) => String(axis),
};

/** NaN is larger than all numbers. */
const compare = (a: number, b: number): number =>
  Number(a > b) - Number(a < b) || Number(Number.isNaN(a)) - Number(Number.isNaN(b));

const ONE: Place = { vectorAxis: -1, width: 1 };

/**
 * Writes the code of a sort; threads divide the lines. A pass merges neighboring pieces of the order so far into pieces of
 * twice the length, from one of the two buffers into the other; the last one writes the result.
 */
function emitMerges(f: Emitter, bases: ReadonlyMap<Buffer, number>, kernel: LineKernel): void {
  const axis = kernel.outer - 1;
  const length = kernel.sizes[axis];
  const variables = kernel.sizes.map((size) => (size > 1 ? f.local(INT) : NO_LOOP));
  if (length === 1) variables[axis] = f.local(INT);
  const ev = new Evaluator(f, variables, bases);
  const position = variables[axis];
  const [result, between] = kernel.stores;
  const passes = Math.ceil(Math.log2(length));
  const loops: Loop[] = kernel.sizes
    .slice(0, axis)
    .flatMap((count, i) => (count > 1 ? [{ variable: variables[i], count, step: 1 }] : []));

  /** A whole number at a place of the line. */
  const read = (expr: Expr, at: Local, into: Local): void =>
    ev.scope(() => {
      f.get(at).set(position);
      f.get(ev.value(expr, ONE)).extract(0).set(into);
    });
  const write = (store: Store, at: Local, number: Local): void =>
    ev.scope(() => {
      f.get(at).set(position);
      ev.store(store, f.get(number).splat().keep("vector"), ONE);
    });
  const loadOf = ({ buffer, index }: { buffer: Buffer; index: Affine }): Expr => ({
    kind: "load",
    buffer,
    index,
    guards: [],
  });

  /** Merges two neighboring pieces, `low` to `middle` and `middle` to `high`. */
  const merge = (from: Store, to: Store, low: Local, middle: Local, high: Local): void => {
    const [left, right, at, first, second, keyA, keyB, chosen] = Array.from({ length: 8 }, () => f.local(INT));
    const order = loadOf(from);
    const head = (pointer: Local, number: Local, key: Local): void => {
      read(order, pointer, number);
      read(kernel.body, number, key);
    };
    f.get(low).set(left).get(middle).set(right);
    head(left, first, keyA);
    f.get(middle)
      .get(high)
      .op("below")
      .if(() => void head(right, second, keyB));
    f.get(low).set(at);
    emitWhile(
      f,
      at,
      high,
      () => f.i32(1),
      () => {
        // The left element, if there is one and the right piece is empty or its element is not less.
        f.get(right).get(high).op("ge");
        f.if(
          () => f.i32(1).set(chosen),
          () => f.get(keyB).get(keyA).op("ge").set(chosen),
        );
        f.get(left)
          .get(middle)
          .op("below")
          .get(chosen)
          .op("and")
          .if(
            () => {
              write(to, at, first);
              f.get(left)
                .i32(1)
                .op("add")
                .tee(left)
                .get(middle)
                .op("below")
                .if(() => void head(left, first, keyA));
            },
            () => {
              write(to, at, second);
              f.get(right)
                .i32(1)
                .op("add")
                .tee(right)
                .get(high)
                .op("below")
                .if(() => void head(right, second, keyB));
            },
          );
      },
    );
  };
  const pass = (n: number): void => {
    const [from, to] = (passes - n) % 2 === 0 ? [result, between] : [between, result];
    const [low, middle, high] = [f.local(INT), f.local(INT), f.local(INT)];
    const size = 2 ** n;
    emitLoop(f, { variable: low, count: Math.ceil(length / (2 * size)), step: 2 * size }, () => {
      for (const [end, by] of [
        [middle, size],
        [high, 2 * size],
      ] as const)
        f.get(low).i32(by).op("add").i32(length).choose("below").set(end);
      f.scoped(() => merge(from, to, low, middle, high));
    });
  };
  const line = (): void => {
    const at = f.local(INT);
    const start = passes % 2 === 0 ? result : between;
    emitLoop(f, { variable: at, count: length, step: 1 }, () => write(start, at, at));
    for (let n = 0; n < passes; n++) f.scoped(() => pass(n));
  };
  emitShared(
    f,
    loops,
    loops.length,
    () => {},
    () => ev.scope(line),
  );
}

const bits = new DataView(new ArrayBuffer(4));

/** A whole number for each float, in the order of the floats: 0 and -0 are equal, NaN is the largest. */
const sortKey = define("sortKey", {
  types: "f i",
  cost: 6,
  scalar(x) {
    if (Number.isNaN(x)) return 2 ** 31 - 1;
    bits.setFloat32(0, x + 0);
    const raw = bits.getInt32(0);
    return raw < 0 ? raw ^ 0x7fffffff : raw;
  },
  lower: (m, x) => {
    const raw = m.add(x, m.f32(0));
    const key = m.xor(raw, m.and(m.ilt(raw, m.i32(0)), m.i32(0x7fffffff)));
    return m.select(m.eq(x, x), key, m.i32(0x7fffffff));
  },
});
/** -1 - x, which turns the order of whole numbers around. */
const complement = define("complement", { types: "i i", scalar: (x) => ~x, lower: (m, x) => m.not(x) });

/**
 * The order that sorts elements along `axis`, ascending or descending, i32: for each place the number of the element
 * that belongs there. Equal elements keep their order; NaN counts as larger than all numbers.
 *
 * @example
 * ```ts
 * import { argsort, tensor } from "tidu";
 *
 * console.log(await argsort(tensor([3, 1, 2])).array()); // [1, 2, 0]
 * ```
 */
export function argsort(x: Tensor, axis = -1, descending = false): Tensor {
  return orderOf("argsort", x, axis, descending);
}

function orderOf(where: string, x: Tensor, axis: number, descending: boolean): Tensor {
  checkTensor(where, "x", x);
  check(where, "descending", descending, flag);
  const at = normalizeAxis(where, axis, x.rank);
  const order = (keys: Node): Tensor => new Tensor(makeNode(argsortOp, [keys], { axis: at }));
  if (isWide(x.dtype)) {
    // From the other end, so that equal elements keep their order.
    const last = x.shape[at] - 1;
    return descending
      ? order(x.flip([at]).node)
          .flip([at])
          .mul(-1)
          .add(last)
      : order(x.node);
  }
  const keys = isFloat(x.dtype) ? apply(sortKey, cast(x.node, "f32")) : cast(x.node, "i32");
  return order(descending ? apply(complement, keys) : keys);
}

/** Sorted `values`, and the `indices` (i32) that they had. */
export interface Sorted {
  readonly values: Tensor;
  readonly indices: Tensor;
}

/**
 * Elements along `axis` in ascending or descending order; see `argsort`.
 *
 * @example
 * ```ts
 * import { sort, tensor } from "tidu";
 *
 * console.log(await sort(tensor([3, 1, 2])).values.array()); // [1, 2, 3]
 * ```
 */
export function sort(x: Tensor, axis = -1, descending = false): Sorted {
  const indices = orderOf("sort", x, axis, descending);
  return { values: takeAlongAxis(x, indices, axis), indices };
}

/**
 * The `count` largest elements along `axis`, largest first, or the smallest.
 *
 * @example
 * ```ts
 * import { tensor, topk } from "tidu";
 *
 * console.log(await topk(tensor([3, 1, 2]), 2).values.array()); // [3, 2]
 * ```
 */
export function topk(x: Tensor, count: number, axis = -1, largest = true): Sorted {
  checkTensor("topk", "x", x);
  check("topk", "largest", largest, flag);
  const at = normalizeAxis("topk", axis, x.rank);
  check("topk", "count", count, whole(1, x.shape[at]));
  const indices = orderOf("topk", x, at, largest).slice(at, 0, count);
  return { values: takeAlongAxis(x, indices, at), indices };
}
