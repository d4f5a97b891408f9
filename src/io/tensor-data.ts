import type { Shape } from "../base/shape.js";

/** The typed array that holds each element type. `bool` is one byte, 0 or 1. */
interface TensorArrays {
  f64: Float64Array;
  f32: Float32Array;
  i64: BigInt64Array;
  u64: BigUint64Array;
  i32: Int32Array;
  u32: Uint32Array;
  i16: Int16Array;
  u16: Uint16Array;
  i8: Int8Array;
  u8: Uint8Array;
  bool: Uint8Array;
}

/** Element type of a tensor in a file. */
export type TensorDtype = keyof TensorArrays;

/** A tensor outside the engine: `data` has product(shape) elements in row-major order. */
export type TensorData = {
  [D in TensorDtype]: { readonly dtype: D; readonly shape: Shape; readonly data: TensorArrays[D] };
}[TensorDtype];

/** How a file stores elements, and how they come into memory. */
export interface StoredType {
  /** Bytes of one element in the file. */
  readonly size: number;
  /** Takes over `buffer`, the little-endian bytes of the tensor and nothing else. */
  load(shape: Shape, buffer: ArrayBuffer): TensorData;
}

/** Every element type of safetensors that is read here, by its name in the file. Half floats are widened to f32. */
export const STORED_TYPES: ReadonlyMap<string, StoredType> = new Map<string, StoredType>([
  ["F64", { size: 8, load: (shape, buffer) => ({ dtype: "f64", shape, data: new Float64Array(buffer) }) }],
  ["F32", { size: 4, load: (shape, buffer) => ({ dtype: "f32", shape, data: new Float32Array(buffer) }) }],
  ["F16", { size: 2, load: (shape, buffer) => ({ dtype: "f32", shape, data: widenHalf(buffer) }) }],
  ["BF16", { size: 2, load: (shape, buffer) => ({ dtype: "f32", shape, data: widenBrain(buffer) }) }],
  ["I64", { size: 8, load: (shape, buffer) => ({ dtype: "i64", shape, data: new BigInt64Array(buffer) }) }],
  ["U64", { size: 8, load: (shape, buffer) => ({ dtype: "u64", shape, data: new BigUint64Array(buffer) }) }],
  ["I32", { size: 4, load: (shape, buffer) => ({ dtype: "i32", shape, data: new Int32Array(buffer) }) }],
  ["U32", { size: 4, load: (shape, buffer) => ({ dtype: "u32", shape, data: new Uint32Array(buffer) }) }],
  ["I16", { size: 2, load: (shape, buffer) => ({ dtype: "i16", shape, data: new Int16Array(buffer) }) }],
  ["U16", { size: 2, load: (shape, buffer) => ({ dtype: "u16", shape, data: new Uint16Array(buffer) }) }],
  ["I8", { size: 1, load: (shape, buffer) => ({ dtype: "i8", shape, data: new Int8Array(buffer) }) }],
  ["U8", { size: 1, load: (shape, buffer) => ({ dtype: "u8", shape, data: new Uint8Array(buffer) }) }],
  ["BOOL", { size: 1, load: (shape, buffer) => ({ dtype: "bool", shape, data: new Uint8Array(buffer) }) }],
]);

/** The name under which a file stores `dtype`. */
export const storedName = (dtype: TensorDtype): string => dtype.toUpperCase();

/** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. Every value is an f32 too. */
function widenHalf(buffer: ArrayBuffer): Float32Array {
  return Float32Array.from(new Uint16Array(buffer), halfValue);
}

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (0x400 + fraction) * 2 ** (exponent - 25);
}

/** bfloat16: the upper half of an f32. */
function widenBrain(buffer: ArrayBuffer): Float32Array {
  return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
}
