// What is known of a graphics card: its limits, and what the tiles of a contraction cost on it.
import { THREADS } from "./body.js";

/** Bytes to whose multiples every binding's start is rounded: the largest that any card may ask for. */
export const ALIGNMENT = 256;

export interface WgslTarget {
  /** Storage buffers of one shader, at most. */
  readonly mostBuffers: number;
  /** Bytes of one binding, at most. */
  readonly mostBinding: number;
  /** Shapes of tiles that may be used; none: contractions run as plain sums. */
  readonly tiles: readonly TileCost[];
  /** Multiply in f16 where an operand of a contraction is stored so. */
  readonly f16?: boolean;
  /** Run kernels side by side that do not need each other. */
  readonly beside: boolean;
  readonly threads: ThreadCost;
  /** What a contraction costs whose threads each keep a block of its sums; undefined: that form is not used. */
  readonly blocks?: BlockCost;
}

/** What threads cost. */
export interface ThreadCost {
  /** So many threads keep the card busy. */
  readonly busy: number;
  /** Steps that a thread could take while the threads of a workgroup wait for each other a few times. */
  readonly wait: number;
}

/** What a thread costs that keeps a block of sums, in nanoseconds while others run beside it. */
export interface BlockCost {
  /** A step of the loop over a sum's terms. */
  readonly step: number;
  /** A read of one number; neighboring threads may read from anywhere. */
  readonly read: number;
  /** A multiplication and an addition. */
  readonly product: number;
}

/** Graphics cards run threads at once, and these wait for each other almost for free. */
export const CARD: { readonly threads: ThreadCost } = { threads: { busy: 1 << 15, wait: 0 } };

/**
 * A driver that computes on the processor runs the threads of a workgroup one after the other, a few at once. Where they
 * wait for each other, it puts each of them aside and takes it up again. The numbers are those of SwiftShader.
 */
export const PROCESSOR: { readonly threads: ThreadCost; readonly blocks: BlockCost } = {
  threads: { busy: 512, wait: 1 << 14 },
  blocks: { step: 6, read: 3, product: 1.25 },
};

/** A tile of results that a workgroup computes together, and what a step of its sum costs. */
export interface TileCost {
  readonly rows: number;
  readonly columns: number;
  /** Nanoseconds for each step of the sum in one workgroup that has the card to itself. */
  readonly alone: number;
  /** Nanoseconds for each step and workgroup where workgroups fill the card. */
  readonly shared: number;
}

/** Threads that read from the workgroup's memory at once, and bytes that they get at once. */
const AT_ONCE = 32;
const BYTES = 128;

/** Sums that each thread keeps, rows and columns (by fours): as few reads of the workgroup's memory as there can be. */
export function perThread({ rows, columns }: Pick<TileCost, "rows" | "columns">): { down: number; across: number } {
  let best = { down: 0, across: 0, reads: Number.POSITIVE_INFINITY };
  for (const across of [4, 8]) {
    const down = (rows * columns) / THREADS / across;
    if (![1, 2, 4, 8].includes(down) || columns / across > THREADS) continue;
    // Neighbors have the same rows, which all get at once, and columns of their own.
    const beside = Math.min(AT_ONCE, columns / across);
    const reads = Math.ceil(down / 4) + (across / 4) * Math.ceil((beside * 16) / BYTES);
    if (reads < best.reads) best = { down, across, reads };
  }
  return best;
}

/** Steps of the sum that a workgroup has both operands of in its memory. */
export function depthOf(
  { rows, columns }: Pick<TileCost, "rows" | "columns">,
  inner = Number.POSITIVE_INFINITY,
): number {
  const usual = columns > 128 ? 8 : rows * columns >= 4096 ? 16 : 32;
  return inner <= 8 ? 8 : Math.min(usual, inner <= 16 ? 16 : usual);
}

/** Bytes of a workgroup's memory that a tile takes; with operands in f16, they and the results have places of their own. */
export function tileBytes(tile: TileCost, f16: boolean): number {
  const operands = depthOf(tile) * (tile.rows / 4 + 1 + tile.columns / 4 + 1);
  const results = ((tile.rows / perThread(tile).down) * tile.columns) / 4;
  return 16 * Math.max(operands, results, f16 ? operands / 2 + results : 0);
}

const SHAPES = [
  [128, 128],
  [128, 64],
  [64, 256],
  [64, 128],
  [64, 64],
  [32, 256],
  [32, 128],
  [32, 64],
  [32, 32],
  [16, 256],
  [16, 64],
  [8, 128],
];

/** Tiles, and what they cost on a card of some hundred multiprocessors, until they are measured. */
export const TILES: readonly TileCost[] = SHAPES.map(([rows, columns]) => {
  const { down, across } = perThread({ rows, columns });
  const products = rows * columns;
  // The more sums a thread keeps, the less it waits for reads.
  const teraflops = 2 + 5.3 * Math.log2(down * across);
  const shared = (2 * products) / teraflops / 1000;
  return { rows, columns, alone: 25 + products / 130, shared };
});
