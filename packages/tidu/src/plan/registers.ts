// The vector registers of a machine, and what contractions use them for.

export interface Registers {
  /** Numbers that one holds. */
  readonly lanes: number;
  /** Sums kept in registers; the operands need some beside them. */
  readonly accumulators: number;
  /** How many steps of the summed loops are written out without a loop. */
  readonly unroll: number;
  /** Products are added in one rounding. */
  readonly fused: boolean;
  /** Bytes that a block of panels, and unfinished sums, may each take: together a part of the second cache. Default 256 KiB. */
  readonly block?: number;
}

/**
 * The registers that a contraction's form is chosen for on every machine, so that sums have the same order everywhere.
 * The tiles of that form depend on the machine's own registers.
 */
export const FORM_REGISTERS: Registers = { lanes: 4, accumulators: 12, unroll: 4, fused: true };
