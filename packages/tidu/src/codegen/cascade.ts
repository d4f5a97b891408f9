// Adds up long sums in the order that plan/chains.ts fixes.
import { areOneGroup, type Chains, GROUP } from "../plan/chains.js";
import { chainBytes, groupBytes } from "../plan/scratch.js";
import { type Emitter, INT } from "./emitter.js";

/** One block of the terms of sums over several blocks: the sums of earlier blocks are in memory. */
export interface Block {
  /** Local with the address of that memory. */
  readonly address: number;
  /** Local with the number of this block, and the number of the last one. */
  readonly number: number;
  readonly last: number;
  /** Code for the totals, once all blocks are done. */
  readonly finish: () => void;
}

/** Functions that emit code where a chain begins, and where the sums have to be complete. */
export interface Cascade {
  readonly begin: () => void;
  readonly finish: () => void;
}

/** Code for chains that are the leaves of a tree, if tree.ts is loaded: pages do not need it. */
export const trees: { over?: (f: Emitter, sums: readonly number[], leaves: number) => Cascade } = {};

/**
 * Code that adds up the chains of some sums.
 *
 * @param sums locals, which are 0. Where a chain begins they hold the one before, and are 0 again afterwards; in the end
 * they are the totals, or those of all blocks so far are in memory.
 */
export function cascadeOf(f: Emitter, sums: readonly number[], chains: Chains, block?: Block): Cascade {
  const { count, tree } = chains;
  if (tree) return (trees.over as NonNullable<typeof trees.over>)(f, sums, count);
  if (count === 1 && block === undefined) return { begin: () => {}, finish: () => {} };
  if (areOneGroup(chains, block === undefined ? 1 : block.last + 1)) return oneGroup(f, sums, block);
  const scratch = f.scratch().keep(INT);
  const [groupsAt, start] = block === undefined ? [scratch, f.space.groups] : [block.address, 0];
  const groupOf = (i: number): number => start + groupBytes(f.lanes) * i;
  /** Chains of this group that have begun: all but the last are in memory. */
  const begun = f.i32(0).keep(INT);
  const { take, keep } = inMemory(f, sums, scratch, f.space.chains);
  const zero = (): void => {
    for (const i of sums.keys()) f.clearWide(groupsAt, groupOf(i));
  };
  /** Adds the sums to the groups. */
  const group = (): void => {
    for (const [i, sum] of sums.entries()) f.addWide(groupsAt, sum, groupOf(i));
  };
  const total = (): void => {
    group();
    for (const [i, sum] of sums.entries()) f.takeWide(groupsAt, sum, groupOf(i));
  };
  if (block !== undefined) f.get(block.number).op("eqz").if(zero);
  else zero();

  return {
    begin() {
      f.get(begun).if(() => {
        f.get(begun).i32(1).op("ne").if(take);
        // A block may have fewer chains than a group.
        if (count <= GROUP) keep();
        else {
          f.get(begun).i32(GROUP).op("eq");
          f.if(() => {
            group();
            f.i32(0).set(begun);
          }, keep);
        }
        clear(f, sums);
      });
      f.advance(begun, 1);
    },
    finish() {
      f.i32(1).get(begun).op("lt").if(take);
      if (block === undefined) return total();
      f.get(block.number).i32(block.last).op("eq");
      f.if(() => {
        total();
        block.finish();
      }, group);
    },
  };
}

/** Chains that are one group, of one block or several: the sum of those so far is in memory, in float32. */
function oneGroup(f: Emitter, sums: readonly number[], block?: Block): Cascade {
  const { take, keep } =
    block === undefined
      ? inMemory(f, sums, f.scratch().keep(INT), f.space.chains)
      : inMemory(f, sums, block.address, 0);
  /** Chains of this block that have begun. */
  const begun = f.i32(0).keep(INT);
  /** Takes what is in memory: on a condition, and always after the first block. */
  const takeIf = (condition: () => unknown): void => {
    condition();
    if (block !== undefined) f.get(block.number).op("add");
    f.if(take);
  };
  return {
    begin() {
      f.get(begun).if(() => {
        takeIf(() => f.get(begun).i32(1).op("ne"));
        keep();
        clear(f, sums);
      });
      f.advance(begun, 1);
    },
    finish() {
      takeIf(() => f.i32(1).get(begun).op("lt"));
      if (block !== undefined) f.get(block.number).i32(block.last).op("eq").if(block.finish, keep);
    },
  };
}

/**
 * Code that adds what is in memory to sums, and that keeps sums there.
 *
 * @param address a local; `start` bytes after it the memory begins.
 */
export function inMemory(f: Emitter, sums: readonly number[], address: number, start: number) {
  const at = (i: number): number => start + chainBytes(f.lanes) * i;
  return {
    take(): void {
      for (const [i, sum] of sums.entries()) f.get(address).load(at(i)).get(sum).vector("add").set(sum);
    },
    keep(): void {
      for (const [i, sum] of sums.entries()) f.get(address).get(sum).store(at(i));
    },
  };
}

/** Makes sums 0: a constant would take a register from the loop. */
export function clear(f: Emitter, sums: readonly number[]): void {
  for (const sum of sums) f.get(sum).get(sum).vector("xor").set(sum);
}
