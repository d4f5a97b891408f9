// Plans the memory of a program: an offset in its arena for each buffer.
import { byteSize } from "../base/dtype.js";
import { type Buffer, buffersOf, extent, type Kernel } from "./kernel.js";
import type { Target } from "./target.js";

/** Where the program's own buffers stand in its arena. */
export interface MemoryPlan {
  /** Bytes of the arena. */
  readonly arenaBytes: number;
  /** Bytes that the same buffers would take side by side. */
  readonly separateBytes: number;
  /** Every buffer starts at a multiple of this many bytes. */
  readonly alignment: number;
  /** First and last group of kernels that needs each buffer. */
  readonly lifetimes: ReadonlyMap<Buffer, readonly [first: number, last: number]>;
}

/** Bytes of a buffer, up to where the next may start. */
export const bytesOf = (buffer: Buffer, alignment: number): number =>
  Math.ceil((extent(buffer) * byteSize(buffer.dtype)) / alignment) * alignment;

/**
 * A buffer that the largest is so many times as large as is small. Small ones lie behind all large ones, and their places rest for
 * some kernels, so that kernels near each other can run piece by piece (plan/pieces.ts): no piece of one overwrites another's.
 */
const SMALL = 16;
const REST = 16;

/**
 * Gives every buffer that is not a storage an offset such that no two share a byte while both are needed. Largest
 * first, each at the lowest place that is free during its life ("greedy by size", Pisarchyk and Lee, 2020).
 *
 * @param kernels in order; those of a list run side by side.
 */
export function planMemory(
  kernels: readonly (Kernel | readonly Kernel[])[],
  { alignment }: Pick<Target, "alignment">,
): MemoryPlan {
  const lifetimes = new Map<Buffer, [number, number]>();
  kernels.forEach((group, at) => {
    for (const buffer of [group].flat().flatMap(buffersOf))
      if (buffer.storage === undefined) lifetimes.set(buffer, [lifetimes.get(buffer)?.[0] ?? at, at]);
  });
  const blocks = [...lifetimes].map(([buffer, [first, last]]) => ({
    buffer,
    first,
    last,
    start: 0,
    size: bytesOf(buffer, alignment),
  }));
  /** Sorted by offset. Each new one is compared with all of them: quadratic, but 7 ms for a thousand layers. */
  const placed: typeof blocks = [];
  let arenaBytes = 0;
  let separateBytes = 0;
  /** Where small ones begin, once large ones are placed. */
  let behind: number | undefined;
  for (const block of blocks.sort((p, q) => q.size - p.size)) {
    const { buffer, first, size } = block;
    if (size * SMALL <= blocks[0].size) {
      block.start = behind ??= arenaBytes;
      block.last += REST;
    }
    for (const { first: from, last: to, start, size: taken } of placed) {
      if (block.start + size <= start) break;
      if (from <= block.last && first <= to) block.start = Math.max(block.start, start + taken);
    }
    buffer.offset = block.start;
    const after = placed.findIndex((p) => p.start > block.start);
    placed.splice(after < 0 ? placed.length : after, 0, block);
    arenaBytes = Math.max(arenaBytes, block.start + size);
    separateBytes += size;
  }
  return { arenaBytes, separateBytes, alignment, lifetimes };
}
