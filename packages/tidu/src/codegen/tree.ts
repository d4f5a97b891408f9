// Adds up chains that are the leaves of a tree, two by two from below: sums over shards, in one contraction.
import { chainBytes } from "../plan/scratch.js";
import { clear, inMemory, trees } from "./cascade.js";
import { INT } from "./emitter.js";

/**
 * A sum over 2^h leaves, which begin at a multiple of 2^h, waits in memory at height h, where sums of blocks would be:
 * a tree is one block.
 */
trees.over = (f, sums, leaves) => {
  const scratch = f.scratch().keep(INT);
  const heights = Math.ceil(Math.log2(leaves));
  const bytes = chainBytes(f.lanes) * sums.length;
  const waiting = Array.from({ length: heights }, (_, h) => inMemory(f, sums, scratch, f.space.sums + h * bytes));
  /** The current leaf; -1 before the first. */
  const leaf = f.i32(-1).keep(INT);
  /** Adds waiting sums to the current ones, from a height on. */
  const rise = (height: number): void => {
    if (height === heights) return;
    f.get(leaf)
      .i32(1 << height)
      .op("and");
    f.if(
      () => {
        waiting[height].take();
        rise(height + 1);
      },
      () => waiting[height].keep(),
    );
  };
  return {
    begin() {
      f.get(leaf).i32(0).op("ge");
      f.if(() => {
        rise(0);
        clear(f, sums);
      });
      f.advance(leaf, 1);
    },
    finish() {
      for (const [height, { take }] of waiting.entries()) if ((leaves - 1) & (1 << height)) take();
    },
  };
};
