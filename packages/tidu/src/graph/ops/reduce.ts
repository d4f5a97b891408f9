// Sums, maxima and minima along axes.
import { broadcastMap } from "../../base/affine.js";
import { type Shape, sizeOf } from "../../base/shape.js";
import { makeNode, misfit, type Node, type ReduceOp, takenAs } from "../node.js";
import { apply, boolToInt, eq, intEq, intMul, intSub, larger, not, or, smaller, where } from "./elementwise.js";
import { reshape, view } from "./movement.js";
import { full, index } from "./source.js";

interface Entry {
  dtype?: "i32";
  initial: number;
  rounds: boolean;
  scalar: ReduceOp["combineScalar"];
  lower: ReduceOp["combine"];
  grad?(x: Node, axes: readonly number[], dy: Node): Node;
}

const kept = (shape: Shape, axes: readonly number[]): number[] => shape.filter((_, i) => !axes.includes(i));
const keptAsOnes = (shape: Shape, axes: readonly number[]): number[] => shape.map((d, i) => (axes.includes(i) ? 1 : d));

/** Stretches a reduced value back over the axes that vanished. */
export const spread = (y: Node, shape: Shape, axes: readonly number[]): Node => {
  const ones = keptAsOnes(shape, axes);
  return view(reshape(y, ones), broadcastMap(ones, shape));
};

export function define(name: string, entry: Entry): ReduceOp {
  const { dtype = "f32", grad } = entry;
  return {
    name,
    kind: "reduce",
    dtype,
    initial: entry.initial,
    rounds: entry.rounds,
    combineScalar: entry.scalar,
    combine: entry.lower,
    infer([x], { axes }) {
      if (takenAs(x) !== dtype || axes.some((a) => a >= x.shape.length)) misfit(name, [x], `${dtype} axes ${axes}`);
      return { shape: kept(x.shape, axes), dtype: x.dtype };
    },
    grad: grad && ((node, dy) => [grad(node.inputs[0], node.attrs.axes, dy)]),
    key: ({ axes }) => String(axes),
  };
}

export const sumOp = define("sum", {
  initial: 0,
  rounds: true,
  scalar: (a, c) => a + c,
  lower: (m, a, c) => m.add(a, c),
  grad: (x, axes, dy) => spread(dy, x.shape, axes),
});
/** Largest element; NaN if any is. The gradient goes to the first of equal winners. */
export const maxOp = define("max", {
  initial: Number.NEGATIVE_INFINITY,
  rounds: false,
  scalar: larger,
  lower: (m, a, c) => m.max(a, c),
  grad: (x, axes, dy) => toWinner(x, axes, dy, reduce(maxOp, x, axes)),
});
/** Smallest element; NaN if any is. The gradient goes to the first of equal winners. */
export const minOp = define("min", {
  initial: Number.POSITIVE_INFINITY,
  rounds: false,
  scalar: smaller,
  lower: (m, a, c) => m.min(a, c),
  grad: (x, axes, dy) => toWinner(x, axes, dy, reduce(minOp, x, axes)),
});

export const intSumOp = define("intSum", {
  dtype: "i32",
  rounds: false,
  initial: 0,
  scalar: (a, c) => (a + c) | 0,
  lower: (m, a, c) => m.iadd(a, c),
});
export const intMaxOp = define("intMaxOf", {
  dtype: "i32",
  rounds: false,
  initial: -(2 ** 31),
  scalar: (a, c) => Math.max(a, c),
  lower: (m, a, c) => m.imax(a, c),
});
export const intMinOp = define("intMinOf", {
  dtype: "i32",
  rounds: false,
  initial: 2 ** 31 - 1,
  scalar: (a, c) => Math.min(a, c),
  lower: (m, a, c) => m.imin(a, c),
});

/** Row-major number of each element within the reduced axes, i32. */
export function position(shape: Shape, axes: readonly number[]): Node {
  const within = index(axes.map((a) => shape[a]));
  const aligned = reshape(
    within,
    shape.map((d, i) => (axes.includes(i) ? d : 1)),
  );
  return view(aligned, broadcastMap(aligned.shape, shape));
}

/**
 * Position, within the reduced axes, of the first element that equals the winner y, i32; of the first NaN if y is one.
 * Losers score 0 and earlier winners score higher, so that one max finds it: position = count - max(win * (count - position)).
 */
export function firstWinner(x: Node, axes: readonly number[], y: Node): Node {
  const count = sizeOf(axes.map((a) => x.shape[a]));
  const top = spread(y, x.shape, axes);
  const wins = takenAs(x) === "f32" ? apply(or, apply(eq, x, top), apply(not, apply(eq, x, x))) : apply(intEq, x, top);
  const rank = apply(intSub, full(count, x.shape, "i32"), position(x.shape, axes));
  const best = makeNode(intMaxOp, [apply(intMul, apply(boolToInt, wins), rank)], { axes });
  return apply(intSub, full(count, best.shape, "i32"), best);
}

/**
 * @param y the winners, by a node of their own: those that have been read may differ in the last bit from what x is when it is
 *   computed again, and then nobody would win.
 */
function toWinner(x: Node, axes: readonly number[], dy: Node, y: Node): Node {
  const first = spread(firstWinner(x, axes, y), x.shape, axes);
  const mask = apply(intEq, position(x.shape, axes), first);
  return apply(where, mask, spread(dy, x.shape, axes), full(0, x.shape));
}

/** Reduces the given axes (sorted, without repeats), which vanish. */
export const reduce = (op: ReduceOp, x: Node, axes: readonly number[]): Node =>
  axes.length === 0 ? x : makeNode(op, [x], { axes });
