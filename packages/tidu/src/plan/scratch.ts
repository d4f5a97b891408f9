// How each thread's own memory is divided.
import type { Registers } from "./registers.js";

/** Memory for a block of panels, and as much for unfinished sums. */
export const blockBytes = ({ block = 256 * 1024 }: Pick<Registers, "block">): number => block;

/** Steps of the summed loops that a block may have at most. */
export const DEEPEST = 4096;

/** So many bytes, in whole cache lines. */
export const wholeLines = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Memory for a vector of sums of chains, in float32, and of groups, in float64. */
export const chainBytes = (lanes: number): number => 4 * lanes;
export const groupBytes = (lanes: number): number => 8 * lanes;

/**
 * Byte offsets of a thread's panels, its copied rows, its unfinished sums, and the chains and groups of the current
 * sums.
 */
export interface Scratch {
  readonly panels: number;
  readonly rows: number;
  readonly sums: number;
  readonly chains: number;
  readonly groups: number;
  /** All of it. */
  readonly bytes: number;
}

export function scratchFor(registers: Registers): Scratch {
  const { lanes, accumulators } = registers;
  // A tile has two vectors of columns; reductions may have a few sums more than tiles.
  const [mostRows, mostSums] = [accumulators / 2, accumulators + 4];
  const rows = blockBytes(registers);
  const sums = rows + DEEPEST * mostRows * 4;
  const chains = sums + blockBytes(registers);
  const groups = chains + mostSums * chainBytes(lanes);
  return { panels: 0, rows, sums, chains, groups, bytes: groups + mostSums * groupBytes(lanes) };
}
