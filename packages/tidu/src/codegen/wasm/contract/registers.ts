import type { Machine } from "../machine.js";

/** The registers of the machine that a contraction's code is for, and what they are used for. */
export interface Registers {
  /** Sums kept in registers; the machine has 16, and the operands need some. */
  readonly accumulators: number;
  /** So many steps of the summed loops are written out without a loop. */
  readonly unroll: number;
  /** Products are added in one rounding. */
  readonly fused: boolean;
}

/**
 * Without fused multiply-add each product needs a register, and the engine is likely an old one, whose scheduler moves
 * loads up through long code until registers spill.
 */
export const registersOf = ({ relaxed }: Machine): Registers => ({
  ...(relaxed ? { accumulators: 12, unroll: 4 } : { accumulators: 8, unroll: 1 }),
  fused: relaxed,
});

/**
 * The registers that a contraction's form is chosen for, on every machine: sums are in the same order everywhere. What
 * tiles the form then has depends on the machine's own.
 */
export const FORM_REGISTERS = registersOf({ relaxed: true });
