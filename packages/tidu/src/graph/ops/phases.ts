// Splits windows with a stride above 1 into phases, in which they move by single steps.
import { type AffineMap, affineMap, composeMaps, sliceMap } from "../../base/affine.js";
import type { Shape } from "../../base/shape.js";
import type { Node } from "../node.js";
import { reshape, view } from "./movement.js";

/** A sum over windows with a stride, rewritten with steps of 1. */
export interface Phased {
  /** The view of the summed value in which the axis of taps is [j, phase], tap = step · j + phase. */
  readonly split: AffineMap;
  /** Where the elements of that view belong: source axes that windows walked in long steps are [place, phase] here. */
  readonly map: AffineMap;
  /** For each axis of the wanted source its length with all phases of all places, and where the axis begins in it. */
  readonly whole: readonly number[];
  readonly start: readonly number[];
}

/** Turns the sum over phases into the wanted value. */
export const joinPhases = (phases: Node, { whole, start }: Phased, shape: Shape): Node =>
  view(reshape(phases, whole), sliceMap(whole, shape, start));

/**
 * A source index y = offset + step · i + tap is, up to a shift that is less than a step, step · place + phase; and where
 * the tap is step · j + phase, the place is i + j and a constant. So each phase has its own taps and no others (the
 * sub-pixel convolution of Shi et al., CVPR 2016). All axes of a map at once; undefined where none steps by more than 1.
 */
export function byPhases(map: AffineMap): Phased | undefined {
  let split: AffineMap | undefined;
  let phased = map;
  const whole = [...map.source];
  const start = map.source.map(() => 0);
  for (let found = findStrided(phased); found !== undefined; found = findStrided(phased)) {
    const next = splitOne(phased, found);
    // Each axis that was split before this one now counts as two.
    const axis = found.axis - (phased.source.length - map.source.length);
    whole[axis] = next.places * found.step;
    start[axis] = next.shift;
    split = split === undefined ? next.split : composeMaps(next.split, split);
    phased = next.map;
  }
  return split && { split, map: phased, whole, start };
}

interface Strided {
  readonly axis: number;
  readonly step: number;
  readonly tap: number;
}

/** The first source axis that windows walk in steps longer than 1, and the domain axis of their taps. */
function findStrided(map: AffineMap): Strided | undefined {
  for (let axis = 0; axis < map.source.length; axis++) {
    const terms = map.coef[axis].flatMap((c, d) => (c === 0 ? [] : [{ c, d }]));
    const shared = terms.some(({ d }) => map.coef.some((row, s) => s !== axis && row[d] !== 0));
    const tap = terms.find(({ c }) => c === 1);
    const place = terms.find(({ c }) => c > 1);
    if (!shared && terms.length === 2 && tap !== undefined && place !== undefined)
      return { axis, step: place.c, tap: tap.d };
  }
  return undefined;
}

const replaced = (shape: readonly number[], axis: number, ...by: readonly number[]): number[] => [
  ...shape.slice(0, axis),
  ...by,
  ...shape.slice(axis + 1),
];

function splitOne(map: AffineMap, { axis, step, tap }: Strided) {
  const domain = replaced(map.domain, tap, Math.ceil(map.domain[tap] / step), step);
  const moved = (d: number): number => (d > tap ? d + 1 : d);
  const split = affineMap(domain, map.domain, (d) => ({
    terms: [[moved(d), d === tap ? step : 1], ...(d === tap ? [[tap + 1, 1] as const] : [])],
  }));
  const shift = ((-map.offset[axis] % step) + step) % step;
  const places = Math.ceil((map.source[axis] + shift) / step);
  const phased = affineMap(domain, replaced(map.source, axis, places, step), (s) => {
    if (s === axis + 1) return { terms: [[tap + 1, 1]] };
    const from = s > axis ? s - 1 : s;
    const own = from === axis;
    const terms = map.coef[from].flatMap((c, d): [number, number][] =>
      c === 0 ? [] : [[moved(d), own && d !== tap ? c / step : c]],
    );
    return { offset: own ? (map.offset[axis] + shift) / step : map.offset[from], terms };
  });
  return { split, map: phased, places, shift };
}
