import { type FunctionBuilder, I32 } from "../assembler.js";
import { TABLE, THREAD } from "../loops.js";
import { PANEL_BYTES, ROW_BYTES, SUM_BYTES } from "./blocking.js";

/** Slot of the table that holds the address of the threads' scratch memory. */
export const SCRATCH_SLOT = 2;
/** Where a thread's panels, its rows and its unfinished sums are in its share of that memory. */
export const PANELS_AT = 0;
export const ROWS_AT = PANEL_BYTES;
export const SUMS_AT = ROWS_AT + ROW_BYTES;
/** Each thread's share. */
export const SCRATCH_BYTES = SUMS_AT + SUM_BYTES;

/** Local with the address of this thread's share. */
export function emitScratch(f: FunctionBuilder): number {
  f.get(TABLE).memory("i32.load", SCRATCH_SLOT * 4);
  return f.get(THREAD).i32(SCRATCH_BYTES).op("i32.mul").op("i32.add").keep(I32);
}
