// Mean and deviation for standardizing inputs and targets: (x - mean) / deviation.
import { DataError, type Tensor, tensor } from "tidu";
import type { Shape } from "tidu/internal";

/** Means and standard deviations, one for each channel, or one for all. */
export interface Statistics {
  readonly mean: readonly number[];
  /** 1 where all numbers are the same. */
  readonly deviation: readonly number[];
}

/** Deviations from the mean beyond which a number is a mistake: float32 could not compute with it. */
export const FARTHEST = 1e15;

/**
 * Throws DataError for a standardized number that is too far from the mean.
 *
 * @param given the numbers as they were, for the message.
 */
export function checkNear(standardized: Float32Array, given: ArrayLike<number>, where: string): void {
  const bad = standardized.findIndex((value) => !(Math.abs(value) < FARTHEST));
  if (bad < 0) return;
  throw new DataError(`${where}: ${given[bad]} is too far from the mean in training; correct it or leave it out`);
}

/** Whole numbers beyond this are not all told apart in float64. */
const EXACT = 2 ** 53;
/** Share of the numbers that must stay apart. */
const SAME = 0.9;

/** A note that different numbers become equal where they are standardized, because a network computes in float32. */
export function lostNote(
  all: Float64Array,
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
): string | undefined {
  const there = all.filter((number) => !Number.isNaN(number));
  const written = there.some((number) => Math.abs(number) > EXACT) ? there.length : new Set(there).size;
  const kept = new Set(Float32Array.from(there, (number) => (number - mean) / deviation)).size;
  return kept > SAME * written
    ? undefined
    : `a network computes in float32, and can tell only ${kept} of its ${written} different numbers apart`;
}

/**
 * Statistics of each channel of values [samples, channels, inner], in float64, in two passes. Both are of the distances from
 * the channel's first number, which are exact where numbers are close to each other, however large they are.
 */
export function measure(values: ArrayLike<number>, channels: number, inner: number): Statistics {
  const count = values.length / channels;
  const first = Array.from({ length: channels }, (_, channel) => values[channel * inner]);
  const away = sums(values, channels, inner, (value, c) => value - first[c]).map((sum) => sum / count);
  const squares = sums(values, channels, inner, (value, c) => (value - first[c] - away[c]) ** 2);
  const deviation = squares.map((sum) => Math.sqrt(sum / count) || 1);
  return { mean: away.map((distance, c) => first[c] + distance), deviation };
}

function sums(
  values: ArrayLike<number>,
  channels: number,
  inner: number,
  term: (value: number, channel: number) => number,
): number[] {
  const total = new Array<number>(channels).fill(0);
  for (let start = 0, channel = 0; start < values.length; start += inner, channel = (channel + 1) % channels) {
    let sum = 0;
    for (let i = start; i < start + inner; i++) sum += term(values[i], channel);
    total[channel] += sum;
  }
  return total;
}

/** Standardizes a batch [samples, channels, …] whose values are `unit` times as large as those measured. */
export function standardizer({ mean, deviation }: Statistics, rank: number, unit = 1): (batch: Tensor) => Tensor {
  const factor = deviation.map((d) => 1 / (unit * d));
  const shift = mean.map((m, i) => m / deviation[i]);
  if (mean.length === 1) return (batch) => batch.toFloat().mul(factor[0]).sub(shift[0]);
  const shape: Shape = [1, mean.length, ...new Array<number>(rank - 1).fill(1)];
  const row = (values: number[]): Tensor => tensor(Float32Array.from(values), shape);
  return (batch) => batch.toFloat().mul(row(factor)).sub(row(shift));
}

/** Standardizes values [samples, channels, inner], in float64. */
export function standardize(values: ArrayLike<number>, { mean, deviation }: Statistics, inner: number): Float32Array {
  return Float32Array.from(values, (value, i) => {
    const channel = Math.floor(i / inner) % mean.length;
    return (value - mean[channel]) / deviation[channel];
  });
}
