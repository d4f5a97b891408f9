// Element types, and the typed arrays that hold them.
import { refuse } from "./check.js";
import { type Half, halfBits, halfValues, isHalf } from "./half.js";

/**
 * Element types: `f32` numbers; `f16` and `bf16` numbers stored in two bytes (IEEE 754 binary16: 11 bits of precision, up
 * to 65504; bfloat16: 8 bits, the range of f32); `i32` whole numbers, indices and random bits; `u8` stored pixels and
 * labels; `bool` the result of a comparison (in the engine a full lane: 0 or all ones). Only the reference device
 * (`ReferenceDevice`) has `f64`, JavaScript's numbers, and `i64`, those that are whole: exact up to 2⁵³.
 *
 * Arithmetic on two types gives a float if either is one, f64 if either is f64, else f32; of whole numbers i64 if either is
 * i64, else i32. f16 and bf16 count as f32, u8 and bool as i32, true as 1. `div`, `pow`, `mean` and the functions of analysis
 * (`exp`, `sqrt`, …) give f64 of f64, else f32. A JavaScript number is of the type of floats beside it; beside whole numbers
 * it is one of theirs if it is whole and fits, otherwise f32. Comparisons compare in the common type and give bool.
 * Operations that only choose or move (`where`, `concat`) keep a type that all operands have. i32 wraps around at 2³¹.
 */
export type DType = "f32" | "f16" | "bf16" | "i32" | "u8" | "bool" | Wide;

/** Element types of eight bytes. */
type Wide = "f64" | "i64";

export const DTYPES: readonly DType[] = ["f32", "f16", "bf16", "i32", "u8", "bool", "f64", "i64"];

/** What the engine stores; of f16 and bf16 the bits. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint16Array | Uint8Array;

/**
 * The type of array that holds the elements of a type: Float32Array for f32, f16 and bf16, Float64Array for f64 and i64,
 * Uint8Array for u8, Int32Array for i32 and bool (1 where true).
 */
export type ArrayOf<D extends DType> = D extends "f32" | Half
  ? Float32Array
  : D extends Wide
    ? Float64Array
    : D extends "u8"
      ? Uint8Array
      : Int32Array;

/** A Float16Array, which newer engines have. */
export interface Halves extends ArrayBufferView, ArrayLike<number> {
  readonly [Symbol.toStringTag]: "Float16Array";
}

/** What tensors are made from: numbers become f32 (those of a Float16Array f16), whole numbers i32 (bytes u8). */
export type ArrayData =
  | Float32Array
  | Float64Array
  | Halves
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Uint8ClampedArray
  | BigInt64Array
  | BigUint64Array;

const BYTES: Record<DType, number> = { f32: 4, f16: 2, bf16: 2, i32: 4, bool: 4, u8: 1, f64: 8, i64: 8 };

/** Bytes of one stored element. */
export const byteSize = (dtype: DType): number => BYTES[dtype];

/** Whether elements are smaller than the words that lanes have. */
export const isPacked = (dtype: DType): boolean => byteSize(dtype) < 4;

/** Whether elements are numbers of JavaScript, which few devices store. */
export const isWide = (dtype: DType): dtype is Wide => byteSize(dtype) > 4;

/** Whether elements count as floats in arithmetic. */
export const isFloat = (dtype: DType): boolean => dtype === "f32" || dtype === "f64" || isHalf(dtype);

/** The type of floats that a type counts as where only floats will do: that of what becomes of it, and of gradients. */
export const floatOf = (dtype: DType): "f32" | "f64" => (dtype === "f64" ? dtype : "f32");

/** A typed array of `length` elements over `buffer` (or a new one). */
export function typedArray(dtype: DType, length: number, buffer?: ArrayBufferLike, byteOffset = 0): TypedArray {
  const source = buffer ?? new ArrayBuffer(length * byteSize(dtype));
  if (dtype === "f32") return new Float32Array(source, byteOffset, length);
  if (isWide(dtype)) return new Float64Array(source, byteOffset, length);
  if (dtype === "u8") return new Uint8Array(source, byteOffset, length);
  if (isHalf(dtype)) return new Uint16Array(source, byteOffset, length);
  return new Int32Array(source, byteOffset, length);
}

/** The element type that an array's elements have; undefined if it is not an array of numbers. Arrays of other realms count. */
export function dtypeOf(array: unknown): "f32" | "f16" | "i32" | "u8" | undefined {
  const name = Object.prototype.toString.call(array).slice(8, -1);
  if (!ArrayBuffer.isView(array) || !name.endsWith("Array")) return undefined;
  if (name === "Float16Array") return "f16";
  return name.startsWith("Float") ? "f32" : name.startsWith("Uint8") ? "u8" : "i32";
}

const LIMITS: Partial<Record<DType, readonly [number, number]>> = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u8: [0, 255],
  i64: [1 - 2 ** 53, 2 ** 53 - 1],
};

/** Whether a number is one that i32 has. */
export const isInt32 = (x: number): boolean => x === (x | 0);

/**
 * Elements as the engine stores a type; a copy unless they already are. Numbers become bits where it is a half.
 *
 * @param dtype default: that of a typed array; doubles become f32, other whole numbers i32.
 * @throws ArgumentError for what is not a whole number of that type, with its place.
 */
export function storeAs(
  where: string,
  name: string,
  data: ArrayLike<number | bigint | boolean>,
  dtype: DType = dtypeOf(data) ?? refuse(where, name, data, "a typed array, such as Float32Array"),
): TypedArray {
  const out = typedArray(dtype, data.length);
  const half = isHalf(dtype) ? dtype : undefined;
  const isStored = data.constructor === out.constructor && dtype !== "bool" && dtype !== "i64" && half === undefined;
  if (isStored) return data as unknown as TypedArray;
  const limits = LIMITS[dtype];
  for (let i = 0; i < out.length; i++) {
    const x = Number(data[i]);
    if (limits !== undefined && !(x >= limits[0] && x <= limits[1] && x % 1 === 0)) {
      refuse(where, `${name}[${i}]`, data[i], `a whole number from ${limits.join(" to ")}, as ${dtype} has`);
    }
    out[i] = half !== undefined ? halfBits(half, x) : dtype === "bool" ? Number(x !== 0) : x;
  }
  return out;
}

/** Stored elements as everybody else has them: halves as the numbers that they are. */
export const shown = (dtype: DType, data: TypedArray): TypedArray => (isHalf(dtype) ? halfValues(dtype, data) : data);
