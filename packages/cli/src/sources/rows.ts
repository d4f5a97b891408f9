import type { NumberArray } from "./arrays/stored-array.js";

/** Copies of rows of `width` elements. */
export function takeRows<A extends NumberArray>(values: A, width: number, rows: Int32Array): A {
  const out = new (values.constructor as new (length: number) => A)(rows.length * width);
  rows.forEach((row, i) => out.set(values.subarray(row * width, (row + 1) * width), i * width));
  return out;
}
