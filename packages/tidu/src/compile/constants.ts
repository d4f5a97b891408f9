// Numbers that are known when a program is made.
import type { DType } from "../base/dtype.js";
import { isHalf, nearestHalf } from "../base/half.js";
import type { ElementwiseOp } from "../graph/node.js";

export interface Constant {
  readonly value: number;
  readonly dtype: DType;
}

/** A number as a device holds it. */
export const stored = ({ value, dtype }: Constant): number =>
  isHalf(dtype) ? nearestHalf(dtype, value) : dtype === "f32" ? Math.fround(value) : value;

/** What an op makes of numbers, to the last bit what the device would; undefined where that is not known. */
export const folded = (op: ElementwiseOp, inputs: readonly Constant[], dtype: DType): number | undefined =>
  op.approximate ? undefined : stored({ value: op.scalar(...inputs.map(stored)), dtype });
