// How a contraction is computed: cut into blocks that are copied together, or in tiles that read its operands in place.
import type { ContractKernel } from "../compile/kernel.js";
import { type BlockPlan, planBlocks, worthBlocking } from "./blocking.js";
import { FORM_REGISTERS, type Registers } from "./registers.js";
import { planTile, shareDone, type TilePlan } from "./tile.js";

export type ContractionPlan =
  | { readonly blocks: BlockPlan; readonly tile?: undefined }
  | { readonly blocks?: undefined; readonly tile: TilePlan };

/**
 * The plan for a machine with these registers; undefined where no loop is contiguous in a way that vectors could use. Whether to
 * cut blocks is decided for registers that are the same everywhere.
 */
export function planContraction(kernel: ContractKernel, registers: Registers): ContractionPlan | undefined {
  const blocks = planBlocks(kernel, FORM_REGISTERS);
  if (blocks !== undefined && worthBlocking(kernel, blocks, planTile(kernel, FORM_REGISTERS)))
    return { blocks: planBlocks(kernel, registers) as BlockPlan };
  const tile = planTile(kernel, registers);
  return tile && { tile };
}

/** Products that are multiplied out: all but those that are known to be 0. */
export function productsDone(kernel: ContractKernel): number {
  const tile = planContraction(kernel, FORM_REGISTERS)?.tile;
  return kernel.sizes.reduce((n, s) => n * s, tile === undefined ? 1 : shareDone(tile, kernel));
}
