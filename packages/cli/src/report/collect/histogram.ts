// Histograms of weights and gradients for the report.
import type { Histogram } from "../data.js";

const BINS = 32;

/** Counts numbers into bins of equal width from the smallest to the largest. */
export function histogram(values: ArrayLike<number>): Histogram {
  const finite = Float64Array.from(values).filter(Number.isFinite);
  const notFinite = values.length - finite.length;
  const [low, high] = finite.reduce(([l, h], v) => [Math.min(l, v), Math.max(h, v)], [Infinity, -Infinity]);
  const counts = new Array<number>(BINS).fill(0);
  const width = high - low || 1;
  for (const v of finite) counts[Math.min(Math.floor(((v - low) / width) * BINS), BINS - 1)]++;
  const mean = finite.reduce((sum, v) => sum + v, 0) / (finite.length || 1);
  const variance = finite.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (finite.length || 1);
  const range = finite.length === 0 ? { low: 0, high: 0 } : { low, high };
  return { ...range, counts, mean, deviation: Math.sqrt(variance), ...(notFinite > 0 && { notFinite }) };
}
