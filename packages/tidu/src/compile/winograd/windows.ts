// Finds the sliding windows of a contraction.
import type { ContractKernel, Operand } from "../kernel.js";

/**
 * Two loops of a contraction that slide along each other, one of them summed over: `out[i] = sum of filter[j] · data[i + j]`.
 * In a convolution the window's taps are the filter; in the gradient of its weights the taps are the outputs.
 */
export interface Slide {
  readonly out: number;
  readonly filter: number;
}

/** A contraction whose one operand is seen through sliding windows. */
export interface Windowed {
  readonly data: Operand;
  readonly filter: Operand;
  readonly slides: readonly Slide[];
}

/** Finds the windows of a contraction: pairs of loops of which each moves the data alike, and one the filter alone. */
export function findWindows(kernel: ContractKernel): Windowed | undefined {
  const { a, b } = kernel;
  return windowsOf(kernel, a, b) ?? windowsOf(kernel, b, a);
}

function windowsOf({ sizes, outer }: ContractKernel, data: Operand, filter: Operand): Windowed | undefined {
  let found: Windowed = { data, filter, slides: [] };
  for (let out = 0; out < outer; out++) {
    const step = data.index.coef[out];
    if (sizes[out] === 1 || step === 0 || filter.index.coef[out] !== 0) continue;
    const slides = (i: number) => Math.abs(data.index.coef[i]) === Math.abs(step) && filter.index.coef[i] !== 0;
    const taken = (i: number) => found.slides.some((s) => s.filter === i);
    const axis = sizes.findIndex((size, i) => i >= outer && size > 1 && slides(i) && !taken(i));
    if (axis < 0) continue;
    const all = [...found.slides, { out, filter: axis }];
    const backwards = data.index.coef[axis] !== step;
    found = { ...(backwards ? reversed(found, axis, sizes[axis]) : found), slides: all };
  }
  return found.slides.length === 0 ? undefined : found;
}

/** The same sum with one of its loops run from the other end, so that filter and data slide the same way. */
function reversed({ data, filter, slides }: Windowed, axis: number, size: number): Windowed {
  const turn = ({ buffer, index: { offset, coef } }: Operand): Operand => ({
    buffer,
    index: { offset: offset + coef[axis] * (size - 1), coef: coef.map((c, i) => (i === axis ? -c : c)) },
    inside: [],
  });
  return { data: turn(data), filter: turn(filter), slides };
}
