// Says where channels are best innermost: in networks whose 3×3 windows slide over few images.
import type { Geometry } from "./geometry.js";
import type { Affine } from "./kernel.js";
import { LEAST, LENGTH, TAPS } from "./winograd/plan.js";

/** A contraction's loops, and how each of its operands is indexed by them. */
export interface Indexed {
  readonly geometry: Geometry;
  readonly operands: readonly { readonly at: readonly Affine[]; uses(loop: number): boolean }[];
}

/**
 * Whether a contraction is a convolution that can be filtered, of fewer images than are best computed
 * together. Lanes along channels fill vectors then; with fewer images than lanes, it could not be filtered at all without.
 *
 * @param together how many neighbors are best computed together.
 */
export function slidesOverFew({ geometry: { sizes, outer }, operands }: Indexed, together: number): boolean {
  if (sizes.reduce((n, s) => n * s, 1) < LEAST) return false;
  const slides = operands.map(({ at }) => at.flatMap((axis) => slideOf(axis, sizes, outer)));
  const side = slides.findIndex((found) => found.length === 2);
  if (side < 0) return false;
  const [data, filter] = [operands[side], operands[1 - side]];
  const sliding = slides[side].flat();
  const count = (belongs: (loop: number) => boolean): number =>
    sizes.reduce((n, size, loop) => (!sliding.includes(loop) && belongs(loop) ? n * size : n), 1);
  const groups = count((loop) => loop < outer && data.uses(loop) && filter.uses(loop));
  const images = count((loop) => loop < outer && !filter.uses(loop));
  const [given, made] = [count((loop) => loop >= outer), count((loop) => loop < outer && !data.uses(loop))];
  return groups === 1 && images < together && given >= together && made >= together;
}

/** The loops of positions and of taps if they move together along an axis, one element a step. */
function slideOf({ coef }: Affine, sizes: readonly number[], outer: number): [position: number, tap: number][] {
  const moving = coef.flatMap((step, loop) => (step !== 0 && sizes[loop] > 1 ? [loop] : []));
  const [position, tap] = moving;
  const byOne = moving.every((loop) => Math.abs(coef[loop]) === 1);
  if (moving.length !== 2 || !byOne || position >= outer || tap < outer) return [];
  return sizes[tap] === TAPS && sizes[position] >= LENGTH ? [[position, tap]] : [];
}
