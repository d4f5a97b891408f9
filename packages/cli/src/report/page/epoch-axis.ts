import type { ScaleOptions } from "@observablehq/plot";
import { extent } from "./extent.js";

/** An axis on which whole epochs are marked. */
export function epochAxis(epochs: readonly number[]): ScaleOptions {
  const [first, last] = extent(epochs);
  const domain = first === last ? [first - 0.5, last + 0.5] : [first, last];
  return { label: "epoch", domain, ticks: wholeTicks(Math.ceil(first), last), tickFormat: String };
}

/** Up to about eight whole numbers. */
function wholeTicks(first: number, last: number): number[] {
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((n) => (last - first) / n <= 8) ?? 10_000;
  const start = every === 1 ? first : Math.ceil(first / every) * every;
  return Array.from({ length: Math.floor((last - start) / every) + 1 }, (_, i) => start + i * every);
}
