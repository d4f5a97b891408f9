// Shapes: sizes, strides, broadcasting, and how errors print them.
import { check, listOf, whole } from "./check.js";
import { ShapeError } from "./errors.js";
import { show } from "./show.js";

export type Shape = readonly number[];

/** Number of elements. */
export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export const formatShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Row-major strides, in elements. */
export function rowMajor(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** All indices of a box, the last one fastest. */
export const everyIndex = (sizes: Shape): number[][] =>
  sizes.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );

/** The common shape under NumPy's broadcasting rule: axes align at the right, a 1 stretches. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: axis ${i} is ${x} and ${y}; make them equal, or one of them 1`,
      );
    }
    out.push(x === 1 ? y : x);
  }
  return out;
}

/** The most elements that can be counted. More than fit into memory is another error, thrown when they are computed. */
export const MOST_ELEMENTS = Number.MAX_SAFE_INTEGER;

/**
 * Throws ArgumentError unless a shape is a list of sizes of at least 1 whose elements can be counted. Returns a copy, since
 * callers may change their list later.
 */
export function checkShape(where: string, shape: Shape, name = "shape"): Shape {
  check(where, name, shape, listOf(whole(1, MOST_ELEMENTS), "a list of whole numbers of at least 1, such as [2, 3]"));
  if (sizeOf(shape) <= MOST_ELEMENTS) return [...shape];
  throw new ShapeError(
    `${where}: ${name} is ${formatShape(shape)}, ${sizeOf(shape)} elements; there must be at most ${MOST_ELEMENTS}`,
  );
}

/** Turns a possibly negative axis into 0…rank-1. */
export function normalizeAxis(where: string, axis: number, rank: number, name = "axis"): number {
  if (rank === 0)
    throw new ShapeError(`${where}: ${name} is ${show(axis)}; the tensor has no axes; give it one by reshape([1])`);
  check(where, name, axis, whole(-rank, rank - 1));
  return axis < 0 ? axis + rank : axis;
}

/** Turns an axis, a list of axes or nothing (all axes) into a list without repeats, in the order given. */
export function normalizeAxes(where: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  if (!Array.isArray(axes)) return [normalizeAxis(where, axes as number, rank, "axes")];
  const list = axes.map((a) => normalizeAxis(where, a, rank, "axes"));
  if (new Set(list).size < list.length)
    throw new ShapeError(`${where}: axes is ${formatShape(axes)}; each must be named once`);
  return list;
}
