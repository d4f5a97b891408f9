// Medians and other statistics of measured times.

/**
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Median, minimum and maximum of the rounds.
 *
 * @typedef {{ median: number, min: number, max: number }} Spread
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });
