// The masks that dropout layers can draw, and their probabilities.

/** One dropout layer's draw of a mask. */
export interface Draw {
  /** Name of the layer. */
  readonly name: string;
  readonly units: number;
  /** The probability of a mask that keeps this many units. */
  readonly probability: (kept: number) => number;
}

/** Which units are kept (1) and dropped (0), and the probability of the mask. */
export interface Mask {
  readonly kept: Uint8Array;
  readonly probability: number;
}

/** Each unit is dropped with probability p, independently. */
export const independent =
  (units: number, p: number) =>
  (kept: number): number =>
    p ** (units - kept) * (1 - p) ** kept;

/** Exactly `keep` units are kept, all choices being equally probable. */
export const choosing =
  (units: number, keep: number) =>
  (kept: number): number =>
    kept === keep ? 1 / binomial(units, keep) : 0;

function binomial(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= k; i++) count = (count * (n - k + i)) / i;
  return count;
}

/** All masks that the draws can make together, in the order of binary numbers whose lowest digit is the first unit. */
export function allMasks(draws: readonly Draw[]): Mask[] {
  const total = draws.reduce((n, d) => n + d.units, 0);
  const masks: Mask[] = [];
  for (let code = 0; code < 2 ** total; code++) {
    const kept = Uint8Array.from({ length: total }, (_, unit) => (code >> unit) & 1);
    const probability = probabilityOf(draws, kept);
    if (probability > 0) masks.push({ kept, probability });
  }
  return masks;
}

function probabilityOf(draws: readonly Draw[], kept: Uint8Array): number {
  let start = 0;
  return draws.reduce((product, { units, probability }) => {
    const own = kept.subarray(start, (start += units));
    return product * probability(own.reduce((n, k) => n + k, 0));
  }, 1);
}
