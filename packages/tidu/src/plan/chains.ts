/**
 * The order in which long sums are added up, the same on every machine: CHAIN terms one after the other, GROUP such chains
 * one after the other, all in float32, and the groups in float64. Rounding errors then no longer grow with the number
 * of terms: a sum of equal numbers is off by less than 10⁻⁶ of itself, however long it is (Higham, Accuracy and
 * Stability of Numerical Algorithms, 2002, section 4.2: blocked summation).
 */
export const CHAIN = 64;
export const GROUP = 16;

/** Sums without products of more terms than this have chains half as long: it is memory that they wait for. */
const LONG = 1 << 16;
export const chainFor = (terms: number): number => (terms > LONG ? CHAIN / 2 : CHAIN);

/** Where chains begin. */
export interface Chains {
  /** Chains begin every `steps` steps of this loop, and with each new run of it. */
  readonly loop: number;
  readonly steps: number;
  /** How many there are, at most. */
  readonly count: number;
  /** Set where they are not added one after the other, but two by two. */
  readonly tree?: boolean;
}

/** Whether the chains of so many blocks of a sum, one block after the other, are one group. */
export const areOneGroup = ({ count }: Chains, blocks: number): boolean => count * blocks <= GROUP;

/** A loop that sums: see `Loop` of tile.ts. */
interface Summed {
  readonly size: number;
  readonly tree?: boolean;
}

/** All terms are one chain. */
export const NO_CHAINS: Chains = { loop: -1, steps: 0, count: 1 };

/**
 * Cuts nested loops into chains: as many of the innermost loops as fit, and a part of the next.
 *
 * @param loops outermost first.
 * @param lanes whether the last one is walked in vectors of four, what is left of it one by one.
 * @param chain the most terms of a chain.
 */
export function chainsOf(loops: readonly Summed[], lanes: boolean, chain = CHAIN): Chains {
  if (loops[0]?.tree) return { loop: 0, steps: 1, count: loops[0].size, tree: true };
  let terms = 1;
  let loop = loops.length - 1;
  const sizes = loops.map(({ size }, i) => (lanes && i === loop ? Math.floor(size / 4) + (size % 4) : size));
  while (loop >= 0 && terms * sizes[loop] <= chain) terms *= sizes[loop--];
  if (loop < 0) return NO_CHAINS;
  const steps = Math.max(1, Math.floor(chain / terms));
  return { loop, steps, count: sizes.slice(0, loop).reduce((n, s) => n * s, Math.ceil(sizes[loop] / steps)) };
}

/** The same terms in fewer loops, for operands that were copied together: the sizes of those loops, and where chains begin in them. */
export function mergedAround(loops: readonly Summed[]): { sizes: number[]; chains: Chains } {
  const { loop, steps, ...rest } = chainsOf(loops, false);
  const at = Math.max(0, loop);
  const product = (list: typeof loops): number => list.reduce((n, { size }) => n * size, 1);
  const sizes = [product(loops.slice(0, at)), product(loops.slice(at))].filter((size, i) => i > 0 || size > 1);
  if (loop < 0) return { sizes, chains: NO_CHAINS };
  return { sizes, chains: { loop: sizes.length - 1, steps: steps * product(loops.slice(at + 1)), ...rest } };
}
