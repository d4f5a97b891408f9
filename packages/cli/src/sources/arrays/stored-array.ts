// An array as NPY, NPZ and IDX files hold it.
import type { Shape } from "tidu/internal";

/** Numbers as files store them. */
export type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Numbers of any type, or texts. */
export type StoredValues = NumberArray | string[];

/** An array as a file holds it: product(shape) values in row-major order. */
export interface StoredArray {
  /** Where it comes from, for errors. */
  readonly file: string;
  readonly shape: Shape;
  readonly values: StoredValues;
  /** Whether its type is one of whole numbers. */
  readonly whole: boolean;
}
