// Decides which contractions are filtered, and how they are cut into pieces.
import type { ContractKernel } from "../kernel.js";
import type { Target } from "../target.js";
import { type Filtering, filtering } from "./matrices.js";
import { findWindows, type Slide, type Windowed } from "./windows.js";

/**
 * Taps of the filters for which this pays. In a weight's gradient, where outputs take the place of taps, it is the
 * length of a piece.
 */
export const TAPS = 3;
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
  /** Those whose pieces the result has, and those whose pieces are summed over. */
  readonly tiled: readonly Cut[];
  readonly summed: readonly Cut[];
}

/** Instructions for an element of what is transformed, beside one for each product: to load, combine and store it. */
const TRANSFORM = 8;
/** The largest share of the work that may remain for filtering to pay. */
const GAIN = 0.8;
/** Products below which three kernels instead of one do not pay. */
export const LEAST = 1 << 20;

/** How to compute a contraction from fewer products; undefined where it slides along nothing or would not gain. */
export function planFiltering(kernel: ContractKernel, { vector }: Target): Plan | undefined {
  const { sizes } = kernel;
  if (sizes.reduce((n, s) => n * s, 1) < LEAST) return undefined;
  const windowed = findWindows(kernel);
  if (windowed?.slides.length !== 2) return undefined;
  const cuts = windowed.slides.flatMap((slide) => cut(slide, sizes) ?? []);
  if (cuts.length !== 2) return undefined;
  const [tiled, summed] = [cuts.filter((c) => c.long === c.out), cuts.filter((c) => c.long === c.filter)];
  if (tiled.length > 0 && summed.length > 0) return undefined;
  const plan: Plan = { ...windowed, cuts, tiled, summed };
  const others = [...sizes.keys()].filter((axis) => sizes[axis] > 1 && !cuts.some((c) => touches(c, axis)));
  return fits(plan, others, sizes, vector) && leaves(plan, others, kernel) < GAIN ? plan : undefined;
}

/** Whether lanes have a loop to run along that is contiguous in the data, and every loop that does not slide moves something. */
function fits({ data, filter }: Plan, others: readonly number[], sizes: readonly number[], vector: number): boolean {
  const lanes = others.some((axis) => data.index.coef[axis] === 1 && sizes[axis] >= vector);
  return lanes && others.every((axis) => data.index.coef[axis] !== 0 || filter.index.coef[axis] !== 0);
}

/** The work with filtering, as a share of the products without it. */
function leaves(plan: Plan, others: readonly number[], { sizes, outer }: ContractKernel): number {
  const { data, filter, cuts, tiled, summed } = plan;
  // Each transformed element, of data, filter or result, serves as many products as the loops that do not move it have steps.
  const steps = (still: (axis: number) => boolean, pieces: readonly Cut[]) =>
    others.reduce(
      (n, axis) => (still(axis) ? n * sizes[axis] : n),
      pieces.reduce((n, c) => n * c.pieces, 1),
    );
  const served = [
    steps((axis) => data.index.coef[axis] === 0, []),
    steps((axis) => filter.index.coef[axis] === 0, tiled),
    steps((axis) => axis >= outer, summed),
  ];
  const products = cuts.reduce((n, c) => (n * c.pieces * PIECE) / (c.length * TAPS), 1);
  return products * served.reduce((n, s) => n + TRANSFORM / s, 1);
}

export const touches = ({ out, filter }: Slide, axis: number): boolean => axis === out || axis === filter;

function cut(slide: Slide, sizes: readonly number[]): Cut | undefined {
  const [outputs, taps] = [sizes[slide.out], sizes[slide.filter]];
  const length = Math.max(outputs, taps);
  if (Math.min(outputs, taps) !== TAPS || length < LENGTH) return undefined;
  const [long, matrices] =
    taps === TAPS ? [slide.out, filtering(LENGTH, TAPS, POINTS)] : [slide.filter, filtering(TAPS, LENGTH, POINTS)];
  return { ...slide, matrices, long, length, pieces: Math.ceil(length / LENGTH) };
}
