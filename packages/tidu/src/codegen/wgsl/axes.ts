// The loops of a kernel as a grid sees them: merged where they run on as one, and numbered by one integer.
import { type Affine, expressionsOf, isRead, type Kernel } from "../../compile/kernel.js";
import type { Evaluator } from "./evaluate.js";
import type { Writer } from "./text.js";

/** A loop: one axis, or several neighbours that run through memory as one; it goes by the name of the last. */
export interface Axis {
  readonly axis: number;
  readonly size: number;
}

/** Every affine index of a kernel: addresses, guards and values. */
export function affinesOf(kernel: Kernel): { all: Affine[]; loads: Affine[] } {
  const all: Affine[] = [];
  const loads: Affine[] = [];
  for (const e of expressionsOf(kernel)) {
    if (isRead(e) || e.kind === "index") all.push(e.index);
    if (isRead(e)) loads.push(e.index);
    if (isRead(e) || e.kind === "guarded") all.push(...e.guards.map((g) => g.index));
  }
  if (kernel.kind === "contract") {
    all.push(kernel.a.index, kernel.b.index);
    loads.push(kernel.a.index, kernel.b.index);
  }
  for (const s of kernel.stores) all.push(s.index, ...s.guards.map((g) => g.index));
  return { all, loads };
}

/** Elements of all these integers that one step of an axis moves by. */
export const stepOf =
  (indices: readonly Affine[]) =>
  (axis: number): number =>
    indices.reduce((n, i) => n + Math.abs(i.coef[axis]), 0);

/** Axes longer than 1, the nearest in memory last, and those merged that run on as one. */
export function arrange(axes: readonly Axis[], far: (axis: number) => number, all: readonly Affine[]): Axis[] {
  const sorted = axes.filter((a) => a.size > 1).sort((p, q) => far(q.axis) - far(p.axis) || p.axis - q.axis);
  const merged: Axis[] = [];
  for (const axis of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && all.every((i) => i.coef[last.axis] === i.coef[axis.axis] * axis.size)) {
      merged[merged.length - 1] = { axis: axis.axis, size: last.size * axis.size };
    } else merged.push(axis);
  }
  return merged;
}

export const pointsOf = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * a.size, 1);

/** Text of each axis's place in a number that counts through them all, the last fastest. */
export function digits(w: Writer, axes: readonly Axis[], number: string): string[] {
  let weight = pointsOf(axes);
  // Without a sign division by a constant is cheaper.
  const plain = axes.length > 1 ? w.keep("i32", number).text : number;
  return axes.map(({ size }, i) => {
    if (axes.length === 1) return plain;
    weight /= size;
    const upper = weight > 1 ? `u32(${plain}) / ${weight}u` : `u32(${plain})`;
    return w.keep("i32", `i32(${i > 0 ? `(${upper}) % ${size}u` : upper})`).text;
  });
}

/** Gives the axes' variables their values by a number that counts through them. */
export function setDigits(ev: Evaluator, axes: readonly Axis[], number: string): void {
  digits(ev.w, axes, number).forEach((text, i) => {
    ev.variables[axes[i].axis] = text;
  });
}
