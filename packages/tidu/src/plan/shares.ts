// How many loops of a kernel are counted through as one and divided among threads, or into pieces.

/** As many pieces as make a fair share for any likely number of threads. */
export const FAIR_SHARES = 32;

/** The fewest of the first `divisible` loops that together make {@link FAIR_SHARES} pieces, if these do. */
export function dividedLoops(counts: readonly number[], divisible: number): number {
  let [split, pieces] = [0, 1];
  while (split < divisible && pieces < FAIR_SHARES) pieces *= counts[split++];
  return split;
}
