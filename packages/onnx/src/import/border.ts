// Pads a tensor with a constant.
import { ones, type Tensor } from "tidu";

/** Elements before and after each axis. */
export type Widths = readonly (readonly [before: number, after: number])[];

/** Adds a border of one number. */
export function border(x: Tensor, widths: Widths, value: number | Tensor = 0): Tensor {
  if (widths.every(([before, after]) => before === 0 && after === 0)) return x;
  const padded = x.pad(widths);
  return value === 0 ? padded : ones(x.shape).pad(widths).gt(0).where(padded, value);
}
