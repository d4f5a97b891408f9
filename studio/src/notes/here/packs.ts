// Which digits lie beside the pages, so that experiments can be run in them.

/** A seed whose numbers are stored, and one that was never run before. */
export const SEEDS = [1, 33] as const;
/** Of a seed's order of MNIST's 60,000 training digits: so many from its beginning, and so many from its end. */
export const FIRST = 1600;
export const LAST = 1000;
/** So many test digits. */
export const TESTS = 5000;
