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

/** The name under which a file stores `dtype`. */
export const storedName = (dtype: TensorDtype): string => dtype.toUpperCase();

/** A type whose values lie in the file as in memory. */
const plain = <D extends TensorDtype>(
  dtype: D,
  Values: { new (buffer: ArrayBuffer): TensorArrays[D]; readonly BYTES_PER_ELEMENT: number },
): [string, StoredType] => [
  storedName(dtype),
  {
    size: Values.BYTES_PER_ELEMENT,
    load: (shape, buffer) => ({ dtype, shape, data: new Values(buffer) }) as TensorData,
  },
];

/** Every element type of safetensors that is read here, by its name in the file. Half floats are widened to f32. */
export const STORED_TYPES: ReadonlyMap<string, StoredType> = new Map<string, StoredType>([
  plain("f64", Float64Array),
  plain("f32", Float32Array),
  ["F16", { size: 2, load: (shape, buffer) => ({ dtype: "f32", shape, data: widenHalf(buffer) }) }],
  ["BF16", { size: 2, load: (shape, buffer) => ({ dtype: "f32", shape, data: widenBrain(buffer) }) }],
  plain("i64", BigInt64Array),
  plain("u64", BigUint64Array),
  plain("i32", Int32Array),
  plain("u32", Uint32Array),
  plain("i16", Int16Array),
  plain("u16", Uint16Array),
  plain("i8", Int8Array),
  plain("u8", Uint8Array),
  plain("bool", Uint8Array),
]);

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
