import { byteSize } from "../base/dtype.js";
import { type Buffer, buffersRead, buffersWritten, extent, type Kernel } from "./kernel.js";

/** Every buffer starts at a multiple of this many bytes: a cache line. */
const ALIGN = 64;

/** Where the program's own buffers stand in its arena. */
export interface MemoryPlan {
  /** Bytes of the arena. */
  readonly arenaBytes: number;
  /** Bytes that the same buffers would take side by side. */
  readonly separateBytes: number;
  /** First and last kernel that needs each buffer. */
  readonly lifetimes: ReadonlyMap<Buffer, readonly [first: number, last: number]>;
}

export const bytesOf = (buffer: Buffer): number => Math.ceil((extent(buffer) * byteSize(buffer.dtype)) / ALIGN) * ALIGN;

/**
 * Gives every buffer that is not a storage an offset such that no two share a byte while both are needed. Largest
 * first, each at the lowest place that is free during its life ("greedy by size", Pisarchyk and Lee, 2020).
 */
export function planMemory(kernels: readonly Kernel[]): MemoryPlan {
  const lifetimes = new Map<Buffer, [number, number]>();
  kernels.forEach((kernel, at) => {
    for (const buffer of [...buffersRead(kernel), ...buffersWritten(kernel)]) {
      if (buffer.storage !== undefined) continue;
      const life = lifetimes.get(buffer);
      if (life === undefined) lifetimes.set(buffer, [at, at]);
      else life[1] = at;
    }
  });
  const placed: Buffer[] = [];
  let arenaBytes = 0;
  let separateBytes = 0;
  for (const buffer of [...lifetimes.keys()].sort((p, q) => bytesOf(q) - bytesOf(p))) {
    const [first, last] = lifetimes.get(buffer) as [number, number];
    const rivals = placed.filter((p) => {
      const [from, to] = lifetimes.get(p) as [number, number];
      return from <= last && first <= to;
    });
    rivals.sort((p, q) => (p.offset as number) - (q.offset as number));
    const size = bytesOf(buffer);
    let offset = 0;
    for (const rival of rivals) {
      const start = rival.offset as number;
      if (offset + size <= start) break;
      offset = Math.max(offset, start + bytesOf(rival));
    }
    buffer.offset = offset;
    placed.push(buffer);
    arenaBytes = Math.max(arenaBytes, offset + size);
    separateBytes += size;
  }
  return { arenaBytes, separateBytes, lifetimes };
}
