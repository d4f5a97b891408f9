import type { FunctionBuilder } from "./assembler.js";
import { I32 } from "./assembler.js";
import { emitLoop, TABLE, THREAD } from "./loops.js";
import { FAR, type TilePlan } from "./tile.js";

/** Slot of the table that holds the address of the threads' scratch memory, and each thread's share of it. */
export const SCRATCH_SLOT = 2;
export const SCRATCH_BYTES = 256 * 1024;

/** Rows that a copied panel must serve for the copy to cost less than a tenth of the products. */
const LEAST_ROWS = 32;
/** Steps of the summed loops in one tile. */
export const depthOf = (plan: TilePlan): number => plan.summed.reduce((n, l) => n * l.size, 1);

/**
 * Whether the vectors of a column of tiles are copied together before they are used. Read in place, steps of many
 * bytes (a power of two is worst) evict each other from the cache and each needs a page of its own.
 */
export function worthPacking(plan: TilePlan, step: (loop: TilePlan["lanes"]) => number): boolean {
  const depth = depthOf(plan);
  const rows = plan.rowLoop?.size ?? 1;
  const far = plan.summed.some((l) => Math.abs(step(l)) >= FAR);
  return plan.form === "outer" && rows >= LEAST_ROWS && far && depth >= 16 && depth * plan.columns * 4 <= SCRATCH_BYTES;
}

/**
 * Copies the `width` vectors at every step of the summed loops to this thread's scratch memory, one after the other.
 *
 * @param from local with the address of the first vector; it is the same afterwards.
 * @returns local with the address of the copy.
 */
export function emitPack(
  f: FunctionBuilder,
  plan: TilePlan,
  from: number,
  step: (loop: TilePlan["lanes"]) => number,
  width: number,
): number {
  const scratch = f.local(I32);
  const to = f.local(I32);
  f.get(TABLE).memory("i32.load", SCRATCH_SLOT * 4);
  f.get(THREAD).i32(SCRATCH_BYTES).op("i32.mul").op("i32.add").tee(scratch).set(to);
  const move = (bytes: number): void => {
    if (bytes !== 0) f.get(from).i32(bytes).op("i32.add").set(from);
  };
  const copy = (depth: number): void => {
    if (depth === plan.summed.length) {
      for (let j = 0; j < width; j++)
        f.get(to)
          .get(from)
          .memory("v128.load", 16 * j)
          .memory("v128.store", 16 * j);
      f.get(to)
        .i32(16 * width)
        .op("i32.add")
        .set(to);
      return;
    }
    const loop = plan.summed[depth];
    emitLoop(f, { variable: f.local(I32), count: loop.size, step: 1 }, () => {
      copy(depth + 1);
      move(step(loop));
    });
    move(-step(loop) * loop.size);
  };
  copy(0);
  return scratch;
}
