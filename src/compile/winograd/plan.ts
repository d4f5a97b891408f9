import type { ContractKernel } from "../kernel.js";
import { type Filtering, filtering } from "./matrices.js";
import { findWindows, type Slide, type Windowed } from "./windows.js";

/** Taps of the filters that are worth it, and outputs of one piece. */
const TAPS = 3;
const OUTPUTS = 4;
/** Points of interpolation, opposite ones side by side; the last one is at infinity. */
const POINTS = [0, 0.75, -0.75, 1.5, -1.5] as const;
/** Data that a piece needs, and products that it is made from. */
export const PIECE = POINTS.length + 1;

const forward = filtering(OUTPUTS, TAPS, POINTS);
const backward = filtering(TAPS, OUTPUTS, POINTS);

/** One slide, cut into pieces along its longer loop. */
export interface Cut extends Slide {
  readonly matrices: Filtering;
  /** The loop that is cut, how long it is, how long a piece of it is, and how many pieces there are. */
  readonly long: number;
  readonly length: number;
  readonly piece: number;
  readonly pieces: number;
}

export interface Plan extends Windowed {
  readonly cuts: readonly Cut[];
}

/** Instructions for an element of what is transformed, beside one for each product: to load, combine and store it. */
const TRANSFORM = 8;
/** How much less there must be to do. */
const GAIN = 0.8;
/** Products below which three kernels instead of one do not pay. */
const LEAST = 1 << 20;
/** Lanes run along a loop that is contiguous in the data and long enough. */
const LEAST_LANES = 8;

/** How to compute a contraction from fewer products; undefined where it slides along nothing or would not gain. */
export function planFiltering(kernel: ContractKernel): Plan | undefined {
  const { sizes, outer } = kernel;
  if (sizes.reduce((n, s) => n * s, 1) < LEAST) return undefined;
  const windowed = findWindows(kernel);
  if (windowed?.slides.length !== 2) return undefined;
  const cuts = windowed.slides.flatMap((slide) => cut(slide, sizes) ?? []);
  if (cuts.length !== 2) return undefined;
  const plan = { ...windowed, cuts };
  const { data, filter } = plan;
  // Every other loop moves something, and lanes have a loop to run along.
  const others = sizes.map((_, axis) => axis).filter((axis) => sizes[axis] > 1 && !cuts.some((c) => touches(c, axis)));
  const moves = (axis: number) => data.index.coef[axis] !== 0 || filter.index.coef[axis] !== 0;
  const lanes = others.some((axis) => data.index.coef[axis] === 1 && sizes[axis] >= LEAST_LANES);
  if (!lanes || !others.every(moves)) return undefined;
  return gains(plan, others, sizes, outer) ? plan : undefined;
}

export const touches = ({ out, filter }: Slide, axis: number | undefined): boolean => axis === out || axis === filter;

function cut(slide: Slide, sizes: readonly number[]): Cut | undefined {
  const [outputs, taps] = [sizes[slide.out], sizes[slide.filter]];
  const along = (long: number, piece: number, matrices: Filtering): Cut => {
    const length = sizes[long];
    return { ...slide, matrices, long, length, piece, pieces: Math.ceil(length / piece) };
  };
  if (taps === TAPS && outputs >= OUTPUTS) return along(slide.out, OUTPUTS, forward);
  if (outputs === TAPS && taps >= OUTPUTS) return along(slide.filter, OUTPUTS, backward);
  return undefined;
}

/** Whether the products that are saved outweigh the transforms. */
function gains({ data, filter, cuts }: Plan, others: readonly number[], sizes: readonly number[], outer: number) {
  const box = (moves: (axis: number) => boolean) => others.reduce((n, axis) => (moves(axis) ? n * sizes[axis] : n), 1);
  const pieces = cuts.reduce((n, c) => n * c.pieces, 1);
  const points = PIECE ** cuts.length;
  const own = (long: (c: Cut) => boolean) => cuts.reduce((n, c) => (long(c) ? n * c.pieces : n), points);
  const transformed =
    box((axis) => data.index.coef[axis] !== 0) * pieces * points +
    box((axis) => filter.index.coef[axis] !== 0) * own((c) => c.long === c.filter) +
    box((axis) => axis < outer) * own((c) => c.long === c.out);
  const products = box(() => true) * pieces * points;
  return products + TRANSFORM * transformed < GAIN * sizes.reduce((n, s) => n * s, 1);
}
