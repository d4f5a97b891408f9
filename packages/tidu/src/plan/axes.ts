// The loops of a kernel: in the order in which memory is walked, and merged where two run through memory as one.
import { UnsupportedError } from "../base/errors.js";
import { type Affine, MOST_STEPS } from "../compile/kernel.js";

/** A loop: one axis, or several neighbors that run through memory as one; it goes by the name of the last. */
export interface Axis {
  readonly axis: number;
  readonly size: number;
}

/** Elements of all these integers that one step of an axis moves by. */
export const stepOf =
  (indices: readonly Affine[]) =>
  (axis: number): number =>
    indices.reduce((n, i) => n + Math.abs(i.coef[axis]), 0);

/** Axes longer than 1, the nearest in memory last. */
export const sorted = (axes: readonly Axis[], far: (axis: number) => number): Axis[] =>
  axes.filter((a) => a.size > 1).sort((p, q) => far(q.axis) - far(p.axis) || p.axis - q.axis);

/** The same, with those merged that run on as one in all of these integers. */
export function arrange(axes: readonly Axis[], far: (axis: number) => number, all: readonly Affine[]): Axis[] {
  const merged: Axis[] = [];
  for (const axis of sorted(axes, far)) {
    const last = merged[merged.length - 1];
    if (axis.size > MOST_STEPS)
      throw new UnsupportedError(`an axis of ${axis.size} elements is too long to compute; reshape it to two axes`);
    const countable = last !== undefined && last.size * axis.size <= MOST_STEPS;
    if (countable && all.every((i) => i.coef[last.axis] === i.coef[axis.axis] * axis.size)) {
      merged[merged.length - 1] = { axis: axis.axis, size: last.size * axis.size };
    } else merged.push(axis);
  }
  return merged;
}
