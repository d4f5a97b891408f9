// Code for contractions: chooses the way that the plan says.
import type { Buffer, ContractKernel } from "../../compile/kernel.js";
import type { ContractionPlan } from "../../plan/contraction.js";
import type { Registers } from "../../plan/registers.js";
import { type Emitter, INT } from "../emitter.js";
import { Evaluator, NO_LOOP, WRITTEN_OUT } from "../evaluate.js";
import { Blocked } from "./blocked.js";
import { InPlace } from "./in-place.js";

/** Contractions with fewer products than this run on one thread. */
const WORTH_SHARING = 16384;

/** Whether threads divide a contraction's work; a single sum has no loop for them to divide. */
export const isShared = ({ sizes, outer }: ContractKernel): boolean =>
  sizes.slice(0, outer).some((size) => size > 1) && sizes.reduce((n, s) => n * s, 1) >= WORTH_SHARING;

/**
 * Writes the code of a contraction.
 *
 * @param bases locals with the addresses of its buffers.
 * @param shared whether threads divide its work.
 */
export function emitContraction(
  f: Emitter,
  bases: ReadonlyMap<Buffer, number>,
  kernel: ContractKernel,
  { blocks, tile }: ContractionPlan,
  registers: Registers,
  shared: boolean,
): void {
  const ev = new Evaluator(
    f,
    kernel.sizes.map((size, axis) =>
      axis === tile?.beside?.axis ? WRITTEN_OUT : axis < kernel.outer && size > 1 ? f.local(INT) : NO_LOOP,
    ),
    bases,
  );
  if (blocks !== undefined) new Blocked(f, ev, kernel, blocks, registers).emit(shared);
  else new InPlace(f, ev, kernel, tile, registers).emit(shared);
}
