import { type FunctionBuilder, I32 } from "../assembler.js";
import { TABLE, THREAD } from "../loops.js";
import { PANEL_BYTES, ROW_BYTES, SUM_BYTES } from "./blocking.js";

/** Slot of the table that holds the address of the threads' scratch memory. */
export const SCRATCH_SLOT = 2;
/** Where a thread's panels, its rows and its unfinished sums are in its share of that memory. */
export const PANELS_AT = 0;
export const ROWS_AT = PANEL_BYTES;
export const SUMS_AT = ROWS_AT + ROW_BYTES;
/** Where it adds up the chains and the groups of the sums at hand, 16 vectors at most. */
export const CHAINS_AT = SUMS_AT + SUM_BYTES;
export const GROUPS_AT = CHAINS_AT + 256;
/** Each thread's share. */
export const SCRATCH_BYTES = GROUPS_AT + 512;

/** Local with the address of this thread's share. */
export function emitScratch(f: FunctionBuilder): number {
  f.get(TABLE).memory("i32.load", SCRATCH_SLOT * 4);
  return f.get(THREAD).i32(SCRATCH_BYTES).op("i32.mul").op("i32.add").keep(I32);
}
