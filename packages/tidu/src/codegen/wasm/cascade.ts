// Adds up long sums in the order that plan/chains.ts fixes.
import { type Chains, GROUP, GROUP_BYTES } from "../../plan/chains.js";
import { type FunctionBuilder, I32, V128 } from "./assembler.js";
import { CHAINS_AT, emitScratch, GROUPS_AT } from "./contract/scratch.js";

/** One block of the terms of sums that go on over the next: what earlier blocks came to is in memory, in float64. */
export interface Block {
  /** Local with the address of that memory. */
  readonly address: number;
  /** Local with the number of this block, and the number of the last one. */
  readonly number: number;
  readonly last: number;
  /** Code for the totals, once all blocks are done. */
  readonly finish: () => void;
}

/** Code to be emitted where a chain begins, and where the sums are to be complete. */
export interface Cascade {
  readonly begin: () => void;
  readonly finish: () => void;
}

/**
 * Code that adds up the chains of some sums.
 *
 * @param sums locals, which are 0. Where a chain begins they hold the one before, and are 0 again afterwards; in the end
 * they are the totals, or those of all blocks so far are in memory.
 */
export function cascadeOf(f: FunctionBuilder, sums: readonly number[], { count }: Chains, block?: Block): Cascade {
  if (count === 1 && block === undefined) return { begin: () => {}, finish: () => {} };
  const scratch = emitScratch(f);
  const [groupsAt, start] = block === undefined ? [scratch, GROUPS_AT] : [block.address, 0];
  /** Chains of this group that have begun: all but the last are in memory. */
  const chains = f.i32(0).keep(I32);
  const take = (): void =>
    sums.forEach((sum, i) => {
      f.get(scratch)
        .memory("v128.load", CHAINS_AT + 16 * i)
        .get(sum)
        .simd("f32x4.add")
        .set(sum);
    });
  const keep = (): void =>
    sums.forEach((sum, i) => {
      f.get(scratch)
        .get(sum)
        .memory("v128.store", CHAINS_AT + 16 * i);
    });
  /** Runs the body for each half of each sum, with the offset of its group in memory. */
  const halves = (body: (offset: number, sum: number, lane: number) => void): void =>
    sums.forEach((sum, i) => {
      for (const lane of [0, 2]) f.scoped(() => body(start + GROUP_BYTES * i + 8 * lane, sum, lane));
    });
  const zero = (): void => halves((at) => f.get(groupsAt).get(f.constant(0)).memory("v128.store", at));
  /** Adds the sums to the groups. */
  const group = (): void =>
    halves((at, sum, lane) => {
      f.get(groupsAt)
        .get(sum)
        .get(sum)
        .shuffle([lane, lane + 1, lane, lane + 1])
        .simd("f64x2.promote_low_f32x4");
      f.get(groupsAt).memory("v128.load", at).simd("f64x2.add").memory("v128.store", at);
    });
  const total = (): void => {
    group();
    halves((at, sum, lane) => {
      f.get(groupsAt).memory("v128.load", at).simd("f32x4.demote_f64x2_zero");
      // The first half waits on the stack for the second.
      if (lane > 0) f.get(f.keep(V128)).shuffle([0, 1, 4, 5]).set(sum);
    });
  };
  if (block !== undefined) f.get(block.number).op("i32.eqz").if(zero);
  else if (count > GROUP) zero();

  return {
    begin() {
      f.get(chains).if(() => {
        f.get(chains).i32(1).op("i32.ne").if(take);
        if (count <= GROUP) keep();
        else {
          f.get(chains).i32(GROUP).op("i32.eq");
          f.if(() => {
            group();
            f.i32(0).set(chains);
          }, keep);
        }
        // A constant would take a register from the loop.
        for (const sum of sums) f.get(sum).get(sum).simd("v128.xor").set(sum);
      });
      f.advance(chains, 1);
    },
    finish() {
      f.i32(1).get(chains).op("i32.lt_s").if(take);
      if (block !== undefined) {
        f.get(block.number).i32(block.last).op("i32.eq");
        f.if(() => {
          total();
          block.finish();
        }, group);
      } else if (count > GROUP) total();
    },
  };
}
