// IDX: the big-endian array format of the MNIST files. Two zero bytes, a type byte, the rank, one 32-bit size for each
// dimension, then the values in row-major order.
import { BYTES, check, listOf, needed, options, real, refuse, text, words } from "../base/check.js";
import { ArgumentError, FormatError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";

/** The typed array that holds each element type. */
interface IdxArrays {
  u8: Uint8Array;
  i8: Int8Array;
  i16: Int16Array;
  i32: Int32Array;
  f32: Float32Array;
  f64: Float64Array;
}

/** Element type of an IDX array. */
export type IdxDtype = keyof IdxArrays;

/** An array as an IDX file holds it: `data` has product(shape) elements in row-major order. */
export type IdxData = {
  [D in IdxDtype]: { readonly dtype: D; readonly shape: Shape; readonly data: IdxArrays[D] };
}[IdxDtype];

interface IdxType {
  readonly code: number;
  readonly size: number;
  /** An array over `count` elements that lie in native byte order in `buffer`, from byte `offset`. */
  view(shape: Shape, buffer: ArrayBufferLike, offset: number, count: number): IdxData;
}

const TYPES: Readonly<Record<IdxDtype, IdxType>> = {
  u8: { code: 0x08, size: 1, view: (shape, b, o, n) => ({ dtype: "u8", shape, data: new Uint8Array(b, o, n) }) },
  i8: { code: 0x09, size: 1, view: (shape, b, o, n) => ({ dtype: "i8", shape, data: new Int8Array(b, o, n) }) },
  i16: { code: 0x0b, size: 2, view: (shape, b, o, n) => ({ dtype: "i16", shape, data: new Int16Array(b, o, n) }) },
  i32: { code: 0x0c, size: 4, view: (shape, b, o, n) => ({ dtype: "i32", shape, data: new Int32Array(b, o, n) }) },
  f32: { code: 0x0d, size: 4, view: (shape, b, o, n) => ({ dtype: "f32", shape, data: new Float32Array(b, o, n) }) },
  f64: { code: 0x0e, size: 8, view: (shape, b, o, n) => ({ dtype: "f64", shape, data: new Float64Array(b, o, n) }) },
};

const VIEW = { says: "a typed array of the dtype", ok: ArrayBuffer.isView };
const PREFIX = 4;
const LARGEST_RANK = 255;
const LARGEST_SIZE = 2 ** 32 - 1;

/**
 * Reads an IDX file. `file` names it in errors. Values of one byte are a view of `bytes`, wider ones a copy in native
 * byte order.
 *
 * Throws FormatError where the bytes are not IDX: a wrong magic number, an unknown type, a header cut short, sizes
 * whose product overflows, or more or fewer values than the sizes promise.
 *
 * @example
 * ```ts
 * import { decodeIdx, encodeIdx } from "tidu/data";
 *
 * const bytes = encodeIdx({ dtype: "u8", shape: [3], data: Uint8Array.of(7, 2, 1) });
 * console.log([...decodeIdx(bytes, "small.idx").data]); // [7, 2, 1]
 * ```
 */
export function decodeIdx(bytes: Uint8Array, file: string): IdxData {
  check("decodeIdx", "bytes", bytes, BYTES);
  check("decodeIdx", "file", file, text);
  const type = readType(bytes, file);
  const shape = readShape(bytes, file);
  const start = PREFIX + 4 * shape.length;
  const count = checkLength(bytes, start, shape, type.size, file);
  if (type.size === 1) return type.view(shape, bytes.buffer, bytes.byteOffset + start, count);
  return type.view(shape, swapped(bytes.subarray(start), type.size).buffer, 0, count);
}

/**
 * Writes an array as the bytes of an IDX file.
 *
 * Throws ArgumentError for more than 255 dimensions, a size that is not an integer from 0 to 2^32 - 1, or data whose
 * type or length does not fit `dtype` and `shape`.
 *
 * @example
 * ```ts
 * import { decodeIdx, encodeIdx } from "tidu/data";
 *
 * const bytes = encodeIdx({ dtype: "u8", shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) });
 * console.log(decodeIdx(bytes, "small.idx").shape); // [2, 2]
 * ```
 */
export function encodeIdx(array: IdxData): Uint8Array {
  const fields = { dtype: needed(words(...Object.keys(TYPES))), shape: needed(listOf(real)), data: needed(VIEW) };
  check("encodeIdx", "array", array, options(fields));
  const { dtype, shape, data } = array;
  const { code, size } = TYPES[dtype];
  checkArray(array);
  const start = PREFIX + 4 * shape.length;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set([0, 0, code, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((length, axis) => {
    view.setUint32(PREFIX + 4 * axis, length);
  });
  bytes.set(swapped(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), size), start);
  return bytes;
}

function readType(bytes: Uint8Array, file: string): IdxType {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FormatError(file, 0, "this is gzip, expected IDX; decompress the file first");
  }
  if (bytes.length < PREFIX) {
    throw new FormatError(file, bytes.length, `the file ends inside the ${PREFIX}-byte IDX prefix`);
  }
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw new FormatError(file, 0, `magic number starts with ${hex(bytes[0])} ${hex(bytes[1])}, expected 0x00 0x00`);
  }
  const type = Object.values(TYPES).find(({ code }) => code === bytes[2]);
  if (type === undefined) {
    const known = Object.entries(TYPES).map(([dtype, { code }]) => `${hex(code)} (${dtype})`);
    throw new FormatError(file, 2, `unknown element type ${hex(bytes[2])}, expected one of ${known.join(", ")}`);
  }
  return type;
}

function readShape(bytes: Uint8Array, file: string): number[] {
  const rank = bytes[3];
  if (bytes.length < PREFIX + 4 * rank) {
    const need = PREFIX + 4 * rank;
    throw new FormatError(file, bytes.length, `the file ends inside the sizes of ${rank} dimensions (${need} bytes)`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: rank }, (_, axis) => view.getUint32(PREFIX + 4 * axis));
}

/** Number of elements, once the file is known to hold exactly that many. */
function checkLength(bytes: Uint8Array, start: number, shape: Shape, size: number, file: string): number {
  const count = sizeOf(shape);
  if (!Number.isSafeInteger(count * size)) {
    throw new FormatError(file, PREFIX, `shape ${formatShape(shape)} has more elements than can be counted`);
  }
  const end = start + count * size;
  if (bytes.length === end) return count;
  const problem = `shape ${formatShape(shape)} with ${size}-byte elements makes ${end} bytes, the file has ${bytes.length}`;
  throw new FormatError(file, Math.min(end, bytes.length), problem);
}

function checkArray({ dtype, shape, data }: IdxData): void {
  if (shape.length > LARGEST_RANK) {
    throw new ArgumentError(`encodeIdx: shape has ${shape.length} dimensions; IDX allows at most ${LARGEST_RANK}`);
  }
  const wrong = shape.find((length) => !Number.isInteger(length) || length < 0 || length > LARGEST_SIZE);
  if (wrong !== undefined) {
    throw new ArgumentError(
      `encodeIdx: shape has a size of ${wrong}; it must be a whole number from 0 to ${LARGEST_SIZE}`,
    );
  }
  const kindOf = (array: unknown): string => Object.prototype.toString.call(array).slice(8, -1);
  const kind = kindOf(TYPES[dtype].view([], new ArrayBuffer(0), 0, 0).data);
  if (kindOf(data) !== kind || data.length !== sizeOf(shape))
    refuse("encodeIdx", "data", data, `a ${kind} of ${sizeOf(shape)} elements, for ${dtype} ${formatShape(shape)}`);
}

/** A copy with the bytes of each element in reverse: big-endian to native (little-endian) order and back. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) out[at] = bytes[at - (at % size) + size - 1 - (at % size)];
  return out;
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, "0")}`;
}
