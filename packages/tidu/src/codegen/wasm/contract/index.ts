import type { ContractKernel } from "../../../compile/kernel.js";
import { I32 } from "../assembler.js";
import { Evaluator, NO_LOOP } from "../evaluate.js";
import { type KernelCode, kernelFunction } from "../kernel-code.js";
import type { Machine } from "../machine.js";
import { Blocked } from "./blocked.js";
import { type BlockPlan, planBlocks, worthBlocking } from "./blocking.js";
import { InPlace } from "./in-place.js";
import { planTile, shareDone, type TilePlan } from "./plan.js";
import { FORM_REGISTERS, type Registers, registersOf } from "./registers.js";

export { SCRATCH_BYTES, SCRATCH_SLOT } from "./scratch.js";

/** Contractions with fewer products than this run on one thread. */
const WORTH_SHARING = 16384;

/** How a contraction is cut: into blocks, or into tiles that read where the operands are. */
interface Plan {
  readonly blocks?: BlockPlan;
  readonly tile?: TilePlan;
}

/** Whether to cut blocks is decided for registers that are the same everywhere, too. */
export function planOf(kernel: ContractKernel, registers: Registers): Plan {
  const blocks = planBlocks(kernel, FORM_REGISTERS);
  const blocked = blocks !== undefined && worthBlocking(kernel, blocks, planTile(kernel, FORM_REGISTERS));
  return blocked ? { blocks: planBlocks(kernel, registers) } : { tile: planTile(kernel, registers) };
}

/** Code of a contraction kernel; undefined where no loop is contiguous in a way that vectors could use. */
export function emitContraction(kernel: ContractKernel, machine: Machine): KernelCode | undefined {
  const registers = registersOf(machine);
  const { blocks, tile } = planOf(kernel, registers);
  const { f, bases } = kernelFunction(kernel);
  const ev = new Evaluator(
    f,
    kernel.sizes.map((size, axis) => (axis < kernel.outer && size > 1 ? f.local(I32) : NO_LOOP)),
    bases,
  );
  // A single sum has no loop for threads to divide.
  const divisible = kernel.sizes.slice(0, kernel.outer).some((size) => size > 1);
  const shared = divisible && kernel.sizes.reduce((n, s) => n * s, 1) >= WORTH_SHARING;
  if (blocks !== undefined) new Blocked(f, ev, kernel, blocks, registers).emit(shared);
  else if (tile !== undefined) new InPlace(f, ev, kernel, tile, registers).emit(shared);
  else return undefined;
  return { f, shared };
}

/** Products that a contraction's code multiplies out: all but those that it knows to be 0. */
export function productsDone(kernel: ContractKernel, machine: Machine): number {
  const { tile } = planOf(kernel, registersOf(machine));
  return kernel.sizes.reduce((n, s) => n * s, tile === undefined ? 1 : shareDone(tile, kernel));
}
