// The one order in which values of shards are added, in any process: a binary tree over the shards, from the leaves up.

/** Shards `from` to `to` (exclusive) whose values have been added up. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/**
 * Whether two blocks, one after the other, are the two children of a node of the tree over `count` shards. A node of height h
 * holds 2^h shards from a multiple of 2^h on, as far as there are so many.
 */
export function areSiblings(left: Block, right: Block, count: number): boolean {
  const size = left.to - left.from;
  const isNode = Number.isInteger(Math.log2(size)) && left.from % (2 * size) === 0;
  return isNode && right.from === left.to && right.to === Math.min(left.from + 2 * size, count);
}

/**
 * Adds values of shards as they come, holding only blocks that cannot be added yet: at most one more than log₂ of the
 * shards.
 *
 * @param add adds the second block's values to the first's.
 */
export function fold<T extends Block>(held: T[], next: T, count: number, add: (left: T, right: T) => T): void {
  held.push(next);
  for (let n = held.length; n > 1 && areSiblings(held[n - 2], held[n - 1], count); n = held.length) {
    const right = held.pop() as T;
    held.push(add(held.pop() as T, right));
  }
}

/** The fewest blocks of the tree over `count` shards that make up a range of them. */
export function blocksOf({ from, to }: Block, count: number): Block[] {
  const held: Block[] = [];
  for (let shard = from; shard < to; shard++)
    fold(held, { from: shard, to: shard + 1 }, count, (left, right) => ({ from: left.from, to: right.to }));
  return held;
}

/** The shards of a process: as equal as can be, and in the processes' order. */
export const shardsOf = (rank: number, processes: number, shards: number): Block => ({
  from: Math.floor((rank * shards) / processes),
  to: Math.floor(((rank + 1) * shards) / processes),
});

/** The shards that a range has of the first `count`. */
export const within = ({ from, to }: Block, count: number): Block => ({
  from: Math.min(from, count),
  to: Math.min(to, count),
});
