// Tensors outside the engine, as files hold them.
import type { DType, TypedArray } from "../base/dtype.js";
import { type Half, halfBits, halfValues, isHalf } from "../base/half.js";
import type { Shape } from "../base/shape.js";

/** The typed array that holds each element type: of f16 and bf16 the numbers. `bool` is one byte, 0 or 1. */
interface TensorArrays {
  f64: Float64Array;
  f32: Float32Array;
  f16: Float32Array;
  bf16: Float32Array;
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

/** Two bytes in the file, which every f32 holds exactly. */
const halves = (dtype: Half): [string, StoredType] => [
  storedName(dtype),
  { size: 2, load: (shape, buffer) => ({ dtype, shape, data: halfValues(dtype, new Uint16Array(buffer)) }) },
];

/** A tensor's elements as a file has them. */
export function forFile(dtype: DType, shape: Shape, data: TypedArray): TensorData {
  if (dtype === "i64") return { dtype, shape, data: BigInt64Array.from(data, BigInt) };
  return { dtype, shape, data: dtype === "bool" ? Uint8Array.from(data) : data } as TensorData;
}

/** The bytes that a tensor has in a file. */
export function storedBytes({ dtype, data }: TensorData): Uint8Array {
  const stored = isHalf(dtype) ? Uint16Array.from(data as Float32Array, (x) => halfBits(dtype, x)) : data;
  const { buffer, byteOffset, byteLength } = stored;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Every element type of safetensors that is read here, by its name in the file. */
export const STORED_TYPES: ReadonlyMap<string, StoredType> = new Map<string, StoredType>([
  plain("f64", Float64Array),
  plain("f32", Float32Array),
  halves("f16"),
  halves("bf16"),
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
