// How a contraction is computed: cut into blocks that are copied together, or in tiles that read its operands in place.
import { sizeOf } from "../base/shape.js";
import { type ContractKernel, ofOneRun } from "../compile/kernel.js";
import { type BlockPlan, cutsOf } from "./blocking.js";
import { copies, costOf } from "./copying.js";
import { FORM_REGISTERS, type Registers } from "./registers.js";
import { planTile, shareDone, type TilePlan } from "./tile.js";
import { worthBlocking } from "./worth.js";

export type ContractionPlan =
  | { readonly blocks: BlockPlan; readonly tile?: undefined }
  | { readonly blocks?: undefined; readonly tile: TilePlan };

/**
 * The plan for a machine with these registers; undefined where no loop is contiguous in a way that vectors could use. Whether to
 * cut blocks is decided for registers that are the same everywhere.
 */
export function planContraction(kernel: ContractKernel, registers: Registers): ContractionPlan | undefined {
  // What decides the order of sums is the same for one run and for many; the rest suits all of them.
  const one = kernel.runs === undefined ? undefined : planContraction(ofOneRun(kernel), FORM_REGISTERS);
  if (kernel.runs !== undefined && one === undefined) return undefined;
  const cuts = one === undefined ? worthBlocking(kernel, planTile(kernel, FORM_REGISTERS)) : one.blocks !== undefined;
  if (cuts) return { blocks: planBlocks(kernel, registers) };
  const tile = planTile(kernel, registers, one?.tile);
  return tile && { tile };
}

/** How to cut it at the least cost on a machine with these registers. */
function planBlocks(kernel: ContractKernel, registers: Registers): BlockPlan {
  const plans = cutsOf(kernel, registers).flatMap((plan) => copies(plan, kernel, registers));
  const costs = plans.map((plan) => costOf(plan, kernel, registers));
  return plans[costs.indexOf(Math.min(...costs))];
}

/** Products that are multiplied out: all but those that are known to be 0. */
export function productsDone(kernel: ContractKernel): number {
  const tile = planContraction(kernel, FORM_REGISTERS)?.tile;
  return sizeOf(kernel.sizes) * (tile === undefined ? 1 : shareDone(tile, kernel));
}
