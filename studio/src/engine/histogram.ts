// Histograms of weights, activations and gradients.
import type { Histogram } from "./protocol.js";

const PARTS = 25;

/** How numbers are spread. */
export function histogram(values: ArrayLike<number>): Histogram {
  let [low, high, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < low) low = value;
    if (value > high) high = value;
    squares += value * value;
  }
  const counts = new Array<number>(PARTS).fill(0);
  const scale = high > low ? PARTS / (high - low) : 0;
  for (let i = 0; i < values.length; i++) counts[Math.min(PARTS - 1, Math.floor((values[i] - low) * scale))]++;
  return { low, high, counts, size: Math.sqrt(squares / Math.max(1, values.length)) };
}
