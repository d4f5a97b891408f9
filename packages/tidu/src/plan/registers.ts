// The vector registers of a machine, and what contractions use them for.

export interface Registers {
  /** Numbers that one holds. */
  readonly lanes: number;
  /** Sums kept in registers; the operands need some beside them. */
  readonly accumulators: number;
  /** So many steps of the summed loops are written out without a loop. */
  readonly unroll: number;
  /** Products are added in one rounding. */
  readonly fused: boolean;
}

/**
 * The registers that a contraction's form is chosen for, on every machine: sums are in the same order everywhere. What
 * tiles the form then has depends on the machine's own.
 */
export const FORM_REGISTERS: Registers = { lanes: 4, accumulators: 12, unroll: 4, fused: true };
