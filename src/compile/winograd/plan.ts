import type { ContractKernel } from "../kernel.js";
import { type Filtering, filtering } from "./matrices.js";
import { findWindows, type Slide, type Windowed } from "./windows.js";

/** Taps of the filters that are worth it, and how long a piece is of the loop that slides along them. */
const TAPS = 3;
export const LENGTH = 4;
/** Points of interpolation, opposite ones side by side; the last one is at infinity. */
const POINTS = [0, 0.75, -0.75, 1.5, -1.5] as const;
/** Data that a piece needs, and products that it is made from. */
export const PIECE = POINTS.length + 1;

/** One slide, cut into pieces along its longer loop. */
export interface Cut extends Slide {
  readonly matrices: Filtering;
  /** The loop that is cut, how long it is, and how many pieces there are. */
  readonly long: number;
  readonly length: number;
  readonly pieces: number;
}

export interface Plan extends Windowed {
  readonly cuts: readonly Cut[];
}

/** Instructions for an element of what is transformed, beside one for each product: to load, combine and store it. */
const TRANSFORM = 8;
/** How much may be left to do. */
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
  // Each transformed element, of data, filter or result, serves as many products as the loops that do not move it have steps.
  const steps = (still: (axis: number) => boolean, cuts: readonly Cut[]) =>
    others.reduce((n, axis) => (still(axis) ? n * sizes[axis] : n), piecesOf(cuts));
  const served = [
    steps((axis) => data.index.coef[axis] === 0, []),
    steps(
      (axis) => filter.index.coef[axis] === 0,
      cuts.filter((c) => c.long === c.out),
    ),
    steps(
      (axis) => axis >= outer,
      cuts.filter((c) => c.long === c.filter),
    ),
  ];
  const products = cuts.reduce((n, c) => (n * c.pieces * PIECE) / (c.length * TAPS), 1);
  return products * served.reduce((n, s) => n + TRANSFORM / s, 1) < GAIN ? plan : undefined;
}

const piecesOf = (cuts: readonly Cut[]): number => cuts.reduce((n, c) => n * c.pieces, 1);

export const touches = ({ out, filter }: Slide, axis: number | undefined): boolean => axis === out || axis === filter;

function cut(slide: Slide, sizes: readonly number[]): Cut | undefined {
  const [outputs, taps] = [sizes[slide.out], sizes[slide.filter]];
  const length = Math.max(outputs, taps);
  if (Math.min(outputs, taps) !== TAPS || length < LENGTH) return undefined;
  const [long, matrices] =
    taps === TAPS ? [slide.out, filtering(LENGTH, TAPS, POINTS)] : [slide.filter, filtering(TAPS, LENGTH, POINTS)];
  return { ...slide, matrices, long, length, pieces: Math.ceil(length / LENGTH) };
}
