// The loops of a kernel as a grid sees them: numbered by one integer.
import type { Axis } from "../../plan/axes.js";
import type { Evaluator } from "./evaluate.js";
import type { Writer } from "./text.js";

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
