import type { ContractKernel } from "../../../compile/kernel.js";
import { I32 } from "../assembler.js";
import { Evaluator, NO_LOOP } from "../evaluate.js";
import { type KernelCode, kernelFunction } from "../form.js";
import { Blocked } from "./blocked.js";
import { planBlocks, worthBlocking } from "./blocking.js";
import { InPlace } from "./in-place.js";
import { planTile, shareDone } from "./plan.js";
import { budgetOf } from "./tile.js";

export { SCRATCH_BYTES, SCRATCH_SLOT } from "./scratch.js";

/** Contractions with fewer products than this run on one thread. */
const WORTH_SHARING = 16384;

/** Code of a contraction kernel; undefined where no loop is contiguous in a way that vectors could use. */
export function emitContraction(kernel: ContractKernel, fused: boolean): KernelCode | undefined {
  const { accumulators } = budgetOf(fused);
  const tile = planTile(kernel, accumulators);
  const blocks = planBlocks(kernel, accumulators);
  const { f, bases } = kernelFunction(kernel);
  const ev = new Evaluator(
    f,
    kernel.sizes.map((size, axis) => (axis < kernel.outer && size > 1 ? f.local(I32) : NO_LOOP)),
    bases,
  );
  // A single sum has no loop for threads to divide.
  const divisible = kernel.sizes.slice(0, kernel.outer).some((size) => size > 1);
  const shared = divisible && kernel.sizes.reduce((n, s) => n * s, 1) >= WORTH_SHARING;
  if (blocks !== undefined && worthBlocking(kernel, blocks, tile))
    new Blocked(f, ev, kernel, blocks, fused).emit(shared);
  else if (tile !== undefined) new InPlace(f, ev, kernel, tile, fused).emit(shared);
  else return undefined;
  return { f, shared };
}

/** Products that a contraction's code multiplies out: all but those that it knows to be 0. */
export function productsDone(kernel: ContractKernel, fused: boolean): number {
  const tile = planTile(kernel, budgetOf(fused).accumulators);
  return kernel.sizes.reduce((n, s) => n * s, tile === undefined ? 1 : shareDone(tile, kernel));
}
