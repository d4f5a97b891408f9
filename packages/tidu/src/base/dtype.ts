/**
 * Element types. Arithmetic is `f32`; `i32` holds indices and random bits, `u8` stored pixels and labels
 * (widened to i32 when loaded), `bool` the result of a comparison (a full lane: 0 or all ones).
 */
export type DType = "f32" | "i32" | "u8" | "bool";

export type TypedArray = Float32Array | Int32Array | Uint8Array;

const BYTES: Record<DType, number> = { f32: 4, i32: 4, bool: 4, u8: 1 };

/** Bytes of one stored element. */
export const byteSize = (dtype: DType): number => BYTES[dtype];

/** A typed array of `length` elements over `buffer` (or a new one). */
export function typedArray(dtype: DType, length: number, buffer?: ArrayBufferLike, byteOffset = 0): TypedArray {
  const source = buffer ?? new ArrayBuffer(length * byteSize(dtype));
  if (dtype === "f32") return new Float32Array(source, byteOffset, length);
  if (dtype === "u8") return new Uint8Array(source, byteOffset, length);
  return new Int32Array(source, byteOffset, length);
}

/** The element type that a typed array holds. */
export function dtypeOf(array: TypedArray): DType {
  if (array instanceof Float32Array) return "f32";
  return array instanceof Int32Array ? "i32" : "u8";
}
