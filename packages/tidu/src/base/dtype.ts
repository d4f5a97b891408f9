// Element types, and the typed arrays that hold them.
import { refuse } from "./check.js";

/**
 * Element types: `f32` numbers; `i32` whole numbers, indices and random bits; `u8` stored pixels and labels; `bool` the
 * result of a comparison (in the engine a full lane: 0 or all ones).
 *
 * Arithmetic on two types gives f32 if either is f32, else i32: u8 and bool count as i32, true as 1. `div`, `pow`, `mean`
 * and the functions of analysis (`exp`, `sqrt`, …) give f32. A JavaScript number has the type of the tensor beside it if
 * it is whole and fits into i32, otherwise f32. Comparisons compare in the common type and give bool. What only chooses
 * or moves (`where`, `concat`) keeps a type that all have in common. i32 wraps around at 2³¹.
 */
export type DType = "f32" | "i32" | "u8" | "bool";

export const DTYPES: readonly DType[] = ["f32", "i32", "u8", "bool"];

/** What the engine stores. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** The array that elements of a type come in: bool as whole numbers, 1 where true. */
export type ArrayOf<D extends DType> = D extends "f32" ? Float32Array : D extends "u8" ? Uint8Array : Int32Array;

/** What tensors are made from: numbers become f32, whole numbers i32 (bytes u8). */
export type ArrayData =
  | TypedArray
  | Float64Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Uint32Array
  | Uint8ClampedArray
  | BigInt64Array
  | BigUint64Array;

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

/** The element type that an array's elements have; undefined if it is no array of numbers. Arrays of other realms count. */
export function dtypeOf(array: unknown): Exclude<DType, "bool"> | undefined {
  const name = Object.prototype.toString.call(array).slice(8, -1);
  if (!ArrayBuffer.isView(array) || !name.endsWith("Array")) return undefined;
  return name.startsWith("Float") ? "f32" : name.startsWith("Uint8") ? "u8" : "i32";
}

const LIMITS = { i32: [-(2 ** 31), 2 ** 31 - 1], u8: [0, 255] } as const;

/** Whether a number is one that i32 has. */
export const isInt32 = (x: number): boolean => x === (x | 0);

/**
 * Elements as the engine stores a type; a copy unless they already are.
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
  if (data.constructor === out.constructor && dtype !== "bool") return data as TypedArray;
  const limits = dtype === "i32" || dtype === "u8" ? LIMITS[dtype] : undefined;
  for (let i = 0; i < out.length; i++) {
    const x = Number(data[i]);
    if (limits !== undefined && !(x >= limits[0] && x <= limits[1] && x % 1 === 0)) {
      refuse(where, `${name}[${i}]`, data[i], `a whole number from ${limits.join(" to ")}, as ${dtype} has`);
    }
    out[i] = dtype === "bool" ? Number(x !== 0) : x;
  }
  return out;
}
