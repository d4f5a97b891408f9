// Products of a contraction that are known to be 0, because an operand is padding there.
import { sizeOf } from "../base/shape.js";
import type { Affine, ContractKernel, Guard } from "./kernel.js";

/** Those steps s of a summed loop for which `0 <= rest + sign * step * s < size`; `rest` depends on the result's loops. */
export interface Bounds {
  readonly rest: Affine;
  readonly sign: 1 | -1;
  readonly step: number;
  readonly size: number;
}

/** Saving less than this share of the products is not worth a loop whose length varies. */
const LEAST_SAVED = 0.15;

/** Bounds of a summed loop that leave out products with an operand's padding, if they are many. */
export function boundsOf(axis: number, kernel: ContractKernel): Bounds | undefined {
  const alone = ({ index: { coef } }: Guard) =>
    coef[axis] !== 0 && coef.every((c, i) => c === 0 || i === axis || i < kernel.outer);
  let best: { bounds?: Bounds; saved: number } = { saved: LEAST_SAVED };
  for (const { index, size } of [...kernel.a.inside, ...kernel.b.inside].filter(alone)) {
    const own = index.coef[axis];
    const rest = { ...index, coef: index.coef.map((c, i) => (i === axis ? 0 : c)) };
    const bounds: Bounds = { rest, sign: own > 0 ? 1 : -1, step: Math.abs(own), size };
    const saved = savedBy(bounds, kernel.sizes[axis], kernel.sizes);
    if (saved >= best.saved) best = { bounds, saved };
  }
  return best.bounds;
}

/** Places of a result that are looked at, at most: of more, evenly spaced ones stand for all. */
const MOST_PLACES = 4096;

/** Share of a loop's steps that bounds leave out, on average over the result. */
export function savedBy({ rest, sign, step, size }: Bounds, steps: number, sizes: readonly number[]): number {
  const loops = rest.coef.flatMap((c, i) => (c === 0 ? [] : [{ c, size: sizes[i] }]));
  const total = sizeOf(loops.map((l) => l.size));
  const apart = Math.ceil(total / MOST_PLACES);
  let [kept, places] = [0, 0];
  for (let place = 0; place < total; place += apart, places++) {
    let [start, left] = [rest.offset, place];
    for (const { c, size } of loops) {
      start += c * (left % size);
      left = Math.floor(left / size);
    }
    // The steps s with 0 <= start + sign * step * s < size.
    const [first, end] =
      sign > 0
        ? [Math.ceil(-start / step), Math.ceil((size - start) / step)]
        : [Math.floor((start - size) / step) + 1, Math.floor(start / step) + 1];
    kept += Math.max(0, Math.min(steps, end) - Math.max(0, first));
  }
  return 1 - kept / (places * steps);
}
