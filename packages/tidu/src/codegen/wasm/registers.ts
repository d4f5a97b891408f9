import type { Registers } from "../../plan/registers.js";

/**
 * Of 16 registers the operands need some. Without fused multiply-add each product needs one, too, and the engine is likely an old
 * one, whose scheduler moves loads up through long code until registers spill.
 */
export const wasmRegisters = (fused: boolean): Registers => ({
  lanes: 4,
  ...(fused ? { accumulators: 12, unroll: 4 } : { accumulators: 8, unroll: 1 }),
  fused,
});
