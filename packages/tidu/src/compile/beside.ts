import { type Buffer, buffersOf, buffersRead, buffersWritten, type Kernel } from "./kernel.js";

/**
 * Groups kernels that do not need each other, in an order in which each group may run as one. The device then pays the
 * cost of a start once for each group: for the gradients of bias, weight and input, say, and for the updates that
 * follow.
 *
 * @param isSmall whether a kernel leaves part of the device free for others.
 * @param mostBuffers the most buffers that a group may touch; the arena counts as one.
 */
export function besideEachOther(
  kernels: readonly Kernel[],
  isSmall: (kernel: Kernel) => boolean,
  mostBuffers: number,
): Kernel[][] {
  const levels: Kernel[][] = [];
  const level = levelsOf(kernels);
  kernels.forEach((kernel, i) => {
    levels[level[i]] ??= [];
    levels[level[i]].push(kernel);
  });
  return levels.flatMap((all) => {
    const small = all.filter(isSmall);
    return [...all.filter((k) => !small.includes(k)).map((k) => [k]), ...packed(small, mostBuffers)];
  });
}

/** For each kernel the length of the longest chain of kernels that must run before it. */
function levelsOf(kernels: readonly Kernel[]): number[] {
  const made = new Map<Buffer, number>();
  const touched = new Map<Buffer, number>();
  return kernels.map((kernel) => {
    let level = 0;
    for (const b of buffersRead(kernel)) level = Math.max(level, (made.get(b) ?? -1) + 1);
    for (const b of buffersWritten(kernel)) level = Math.max(level, (touched.get(b) ?? -1) + 1);
    for (const b of buffersOf(kernel)) touched.set(b, Math.max(level, touched.get(b) ?? 0));
    for (const b of buffersWritten(kernel)) made.set(b, level);
    return level;
  });
}

/** Fills groups one after the other while they have room for what a kernel touches: all of the arena counts once. */
function packed(kernels: readonly Kernel[], mostBuffers: number): Kernel[][] {
  const groups: { kernels: Kernel[]; storages: Set<Buffer> }[] = [];
  for (const kernel of kernels) {
    const own = buffersOf(kernel).filter((b) => b.storage !== undefined);
    const fits = groups.find((g) => 1 + new Set([...g.storages, ...own]).size <= mostBuffers);
    if (fits === undefined) groups.push({ kernels: [kernel], storages: new Set(own) });
    else {
      fits.kernels.push(kernel);
      for (const b of own) fits.storages.add(b);
    }
  }
  return groups.map((g) => g.kernels);
}
