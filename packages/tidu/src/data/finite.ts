// Finds numbers that are NaN or infinite.
import { isFloat } from "../base/dtype.js";
import type { Tensor } from "../tensor/tensor.js";

/** An element that is NaN or infinite. */
export interface BadElement {
  /** Its place along the first axis, and its row-major place among the elements there. */
  readonly row: number;
  readonly element: number;
  readonly value: number;
}

/** The first element that is NaN or infinite, if there is one. */
export async function findNonFinite(x: Tensor): Promise<BadElement | undefined> {
  if (!isFloat(x.dtype)) return undefined;
  const rows = x.reshape([x.shape[0] ?? 1, -1]);
  // Only for NaN and the infinities x - x is not 0.
  const finite = await rows.sub(rows).eq(0).toFloat().min(1).data();
  const row = finite.indexOf(0);
  if (row < 0) return undefined;
  const values = await rows.slice(0, row, row + 1).data();
  const element = values.findIndex((v: number) => !Number.isFinite(v));
  return { row, element, value: values[element] };
}
