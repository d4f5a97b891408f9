// Adds up chains that are the leaves of a tree, two by two from below: sums over shards, in one contraction.
import { chainBytes } from "../plan/scratch.js";
import { trees } from "./cascade.js";
import { INT } from "./emitter.js";

/**
 * A sum over 2^h leaves, which begin at a multiple of 2^h, waits in memory at height h, where sums of blocks would be:
 * a tree is one block.
 */
trees.over = (f, sums, leaves) => {
  const scratch = f.scratch().keep(INT);
  const heights = Math.ceil(Math.log2(leaves));
  const at = (height: number, i: number): number => f.space.sums + chainBytes(f.lanes) * (height * sums.length + i);
  /** The current leaf; -1 before the first. */
  const leaf = f.i32(-1).keep(INT);
  const take = (height: number): void => {
    for (const [i, sum] of sums.entries()) f.get(scratch).load(at(height, i)).get(sum).vector("add").set(sum);
  };
  const keep = (height: number): void => {
    for (const [i, sum] of sums.entries()) f.get(scratch).get(sum).store(at(height, i));
  };
  /** Adds waiting sums to the current ones, from a height on. */
  const rise = (height: number): void => {
    if (height === heights) return;
    f.get(leaf)
      .i32(1 << height)
      .op("and");
    f.if(
      () => {
        take(height);
        rise(height + 1);
      },
      () => keep(height),
    );
  };
  return {
    begin() {
      f.get(leaf).i32(0).op("ge");
      f.if(() => {
        rise(0);
        for (const sum of sums) f.get(sum).get(sum).vector("xor").set(sum);
      });
      f.advance(leaf, 1);
    },
    finish() {
      for (let height = 0; height < heights; height++) if ((leaves - 1) & (1 << height)) take(height);
    },
  };
};
