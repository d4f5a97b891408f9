// Computes with error bounds: what float32 may be off by.
import { type DType, isFloat } from "../../packages/tidu/src/base/dtype.js";
import { meaningOf, type NDArray } from "../../packages/tidu/src/graph/meaning.js";
import type { Node, Storage } from "../../packages/tidu/src/graph/node.js";
import { topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import { isStorage, maxOp, sumOp } from "../../packages/tidu/src/graph/ops/index.js";
import { prodOp } from "../../packages/tidu/src/graph/ops/prod.js";
import { cumsumOp } from "../../packages/tidu/src/line/scan.js";
import { argsortOp } from "../../packages/tidu/src/line/sort.js";

/** A value in float64 and the error that a float32 computation of it may have, element by element. */
export interface Bounded {
  readonly value: NDArray;
  readonly error: NDArray;
}

/** Relative rounding error of one float32 operation, with room for sums in another order. */
const EPSILON = 2 ** -23;
/** Relative error of ops that are not correctly rounded. */
const INEXACT = 16 * EPSILON;
/** Below this, float32 loses digits. */
const TINY = 1e-37;
/** Integers up to here, and all their sums and products up to here, are exact in float32. */
const EXACT = 2 ** 24;

/** Ops whose float32 result is the nearest to the true one. */
export const ROUNDED = new Set(
  "add sub mul div neg maximum minimum sqrt abs sign floor relu where intToFloat boolToFloat bitsToUniform halfToFloat brainToFloat floatToHalf floatToBrain".split(
    " ",
  ),
);

/**
 * Evaluates a graph in float64 by the ops' definitions, together with a running bound of the float32 error. The bound
 * is exactly 0 where all values are small integers, and infinite where nothing is known.
 */
export function evaluateBounded(roots: readonly Node[], read: (storage: Storage) => NDArray): Bounded[] {
  const known = new Map<Node, Bounded>();
  for (const node of topologicalOrder(roots)) {
    const inputs = node.inputs.map((x) => known.get(x) as Bounded);
    if (isStorage(node)) {
      const value = read(node.attrs);
      known.set(node, { value, error: like(value, () => 0) });
      continue;
    }
    const values = inputs.map((x) => x.value);
    const value = meaningOf(node, values);
    const own = errorOf(node, inputs, value);
    // 0 times an unbounded error is unbounded, too, because NaN would not be a bound.
    const error = like(value, (i) =>
      fits(value.data[i], node.dtype) && own(i) >= 0 ? own(i) : Number.POSITIVE_INFINITY,
    );
    known.set(node, { value, error });
  }
  return roots.map((r) => known.get(r) as Bounded);
}

const fits = (y: number, dtype: DType): boolean => (isFloat(dtype) ? Math.abs(y) < 3e38 : Math.abs(y) < 2 ** 31);

const like = ({ shape, data }: NDArray, at: (i: number) => number): NDArray => ({
  shape,
  data: Float64Array.from(data, (_, i) => at(i)),
});

const absolute = (x: NDArray): NDArray => like(x, (i) => Math.abs(x.data[i]));
const whole = (x: NDArray): boolean => x.data.every(Number.isInteger);
const precise = (x: Bounded): boolean => x.error.data.every((e) => e === 0) && whole(x.value);

function errorOf(node: Node, inputs: readonly Bounded[], y: NDArray): (i: number) => number {
  const run = (...args: NDArray[]): Float64Array => meaningOf(node, args).data;
  const [x, z] = inputs;
  switch (node.kind) {
    case "elementwise":
      return elementwiseError(node, inputs, y);
    case "contract": {
      const [ax, az] = [absolute(x.value), absolute(z.value)];
      const size = run(ax, az);
      const { a, out } = node.attrs;
      const terms = a.reduce((n, l, i) => (out.includes(l) ? n : n * x.value.shape[i]), 1);
      const exact = precise(x) && precise(z);
      const [left, right, both] = [run(ax, z.error), run(x.error, az), run(x.error, z.error)];
      return (i) =>
        left[i] + right[i] + both[i] + (exact && size[i] < EXACT ? 0 : (terms + 2) * EPSILON * size[i] + TINY);
    }
    case "unview":
      return sumError(x, run);
    case "reduce": {
      if (node.op === prodOp) {
        const sizes = absolute(x.value);
        const [size, most] = [sizes, like(sizes, (i) => sizes.data[i] + x.error.data[i])].map((values) => run(values));
        const terms = sizes.data.length / size.length;
        return (i) => most[i] - size[i] + terms * EPSILON * most[i] + TINY;
      }
      if (node.op === sumOp) return sumError(x, run);
      // The wrong element may win, but it is never farther off than the least precise of its rivals.
      const worst = meaningOf({ ...node, op: maxOp }, [x.error]).data;
      return (i) => worst[i];
    }
    case "scatter": {
      const sure = z.error.data.every((e) => e === 0);
      const error = sumError(x, (values) => run(values, z.value));
      return (i) => (sure ? error(i) : Number.POSITIVE_INFINITY);
    }
    case "gather": {
      const moved = run(x.error, z.value);
      const { axis } = node.attrs;
      const inner = x.value.shape.slice(axis + 1).reduce((n, d) => n * d, 1);
      // The row that an element is of; where that is uncertain, it may be any.
      const rowOf = (i: number): number => Math.floor(i / inner) % z.error.data.length;
      return (i) => (z.error.data[rowOf(i)] === 0 ? moved[i] : Number.POSITIVE_INFINITY);
    }
    case "concat": {
      const joined = run(...inputs.map((input) => input.error));
      return (i) => joined[i];
    }
    case "line": {
      if (node.op !== argsortOp) return scanError(node, x, run);
      const sure = x.error.data.every((e) => e === 0);
      return () => (sure ? 0 : Number.POSITIVE_INFINITY);
    }
    case "view":
    case "reshape": {
      const moved = run(x.error);
      return (i) => moved[i];
    }
    default:
      return (i) => (node.dtype === "f32" ? Math.abs(y.data[i] - Math.fround(y.data[i])) : 0);
  }
}

/** A running sum is compensated, so its error does not grow with the number of terms; a product's does. */
function scanError(node: Node<"line">, x: Bounded, run: (x: NDArray) => Float64Array): (i: number) => number {
  const added = run(x.error);
  if (node.dtype === "i32") return (i) => added[i];
  const sizes = absolute(x.value);
  const size = run(sizes);
  if (node.op === cumsumOp) {
    const exact = precise(x);
    return (i) => added[i] + (exact && size[i] < EXACT ? 0 : 4 * EPSILON * size[i] + TINY);
  }
  const { axis } = node.attrs;
  const most = run(like(sizes, (i) => sizes.data[i] + x.error.data[i]));
  return (i) => most[i] - size[i] + node.shape[axis] * EPSILON * most[i] + TINY;
}

function sumError(x: Bounded, run: (x: NDArray) => Float64Array): (i: number) => number {
  const size = run(absolute(x.value));
  const error = run(x.error);
  const terms = run(like(x.value, () => 1));
  const exact = precise(x);
  return (i) => error[i] + (terms[i] <= 1 || (exact && size[i] < EXACT) ? 0 : terms[i] * EPSILON * size[i] + TINY);
}

function elementwiseError(node: Node<"elementwise">, inputs: readonly Bounded[], y: NDArray): (i: number) => number {
  const { op } = node;
  const compares = node.dtype === "bool" && node.inputs[0].dtype === "f32";
  const rounding = (v: number): number => {
    if (node.dtype !== "f32") return 0;
    return ROUNDED.has(op.name) ? 2 * Math.abs(v - Math.fround(v)) : INEXACT * Math.abs(v) + TINY;
  };
  return (i) => {
    const at = inputs.map((x) => x.value.data[i]);
    const off = inputs.map((x) => x.error.data[i]);
    const v = y.data[i];
    if (off.every((e) => e === 0)) return rounding(v);
    if (compares) return Math.abs(at[0] - at[1]) <= off[0] + off[1] ? 1 : 0;
    let moved = 0;
    off.forEach((e, k) => {
      if (e === 0) return;
      for (const near of [at[k] - e, at[k] + e]) moved += Math.abs(op.scalar(...at.with(k, near)) - v);
    });
    for (const corner of corners(at, off)) moved = Math.max(moved, Math.abs(op.scalar(...corner) - v));
    // A truth value is off by 1 or exact. Where it is uncertain, it may be either.
    if (node.dtype === "bool") return Math.min(moved, 1);
    return moved + rounding(v) + (node.dtype === "f32" ? EPSILON * Math.abs(v) + TINY : 0);
  };
}

/** The corner points, at which every number has its largest error. */
const corners = (at: readonly number[], off: readonly number[]): number[][] =>
  at.reduce<number[][]>((all, v, k) => all.flatMap((c) => [v - off[k], v + off[k]].map((near) => [...c, near])), [[]]);
