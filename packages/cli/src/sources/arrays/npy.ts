// NPY, the array format of NumPy: a magic number, a version, the length of a header, the header (a Python dictionary),
// then the values. See numpy.lib.format.
import { FormatError } from "tidu";
import { formatShape, type Shape, STORED_TYPES, sizeOf } from "tidu/internal";
import type { StoredArray, StoredValues } from "./stored-array.js";

const MAGIC = "\x93NUMPY";
/** The header's length stands after the magic number and the version. */
const LENGTH_AT = 8;
/** Of Unicode. */
const LAST_CHARACTER = 0x10ffff;
/** The longest header that is read, in bytes: more than any array of numbers needs. */
const LONGEST_HEADER = 65_536;

/**
 * Reads an NPY file of numbers, truth values or strings, whose rows may also lie in Fortran's order.
 *
 * @throws FormatError, with the byte offset, if it is not NPY, its header is damaged, or it has more or fewer values
 *   than the header promises.
 */
export function readNpy(bytes: Uint8Array, file: string): StoredArray {
  const { text, start } = readHeader(bytes, file);
  const fail = (problem: string): never => {
    throw new FormatError(file, LENGTH_AT, `the header ${problem}`);
  };
  const type = readType(/'descr': *'([^']*)'/.exec(text)?.[1], fail);
  const order = /'fortran_order': *(True|False)/.exec(text)?.[1] ?? fail("has no fortran_order");
  const sizes = /'shape': *\(((?:\d+, *)*\d*)\)/.exec(text)?.[1] ?? fail("has no shape");
  const shape = (sizes.match(/\d+/g) ?? []).map(Number);
  const count = checkLength(bytes, start, shape, type.size, file);
  const values = type.load(new Uint8Array(bytes.subarray(start)), count, file);
  return { file, shape, whole: type.whole, values: order === "True" ? rowMajorOrder(values, shape) : values };
}

function readHeader(bytes: Uint8Array, file: string): { text: string; start: number } {
  const latin = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  if (latin(0, MAGIC.length) !== MAGIC)
    throw new FormatError(file, 0, "this is not NPY: it must begin with \\x93NUMPY");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bytes[6] === 1 ? 2 : 4;
  if (bytes.length < LENGTH_AT + width) throw new FormatError(file, bytes.length, "the file ends inside the prefix");
  if (bytes[6] < 1 || bytes[6] > 3) throw new FormatError(file, 6, `version ${bytes[6]} of NPY, expected 1, 2 or 3`);
  const length = width === 2 ? view.getUint16(LENGTH_AT, true) : view.getUint32(LENGTH_AT, true);
  const start = LENGTH_AT + width + length;
  if (length > LONGEST_HEADER || start > bytes.length) {
    const most = Math.min(LONGEST_HEADER, bytes.length - LENGTH_AT - width);
    throw new FormatError(file, LENGTH_AT, `the header's length is ${length}, expected at most ${most}`);
  }
  return { text: latin(LENGTH_AT + width, start), start };
}

interface NpyType {
  /** Bytes of one value. */
  readonly size: number;
  readonly whole: boolean;
  /** Values from bytes that nobody else uses. */
  load(bytes: Uint8Array<ArrayBuffer>, count: number, file: string): StoredValues;
}

/** Numbers by NumPy's names, and what safetensors calls them. */
const NUMBERS: Readonly<Record<string, string>> = {
  ...{ b1: "BOOL", u1: "U8", i1: "I8", u2: "U16", i2: "I16", u4: "U32", i4: "I32", u8: "U64", i8: "I64" },
  ...{ f2: "F16", f4: "F32", f8: "F64" },
};

/** A type such as "<f4": order of bytes, kind, size. */
function readType(descr: string | undefined, fail: (problem: string) => never): NpyType {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr ?? "") ?? [];
  if (kind === "O") fail("says that it holds Python objects; save numbers instead");
  const swap = order === ">";
  if ((kind === "U" || kind === "S") && Number(digits) > 0) {
    return { size: Number(digits) * (kind === "U" ? 4 : 1), whole: false, load: texts(kind, swap) };
  }
  const stored = STORED_TYPES.get(NUMBERS[`${kind}${digits}`]) ?? fail(`has the type ${descr}, expected numbers`);
  const load = (bytes: Uint8Array<ArrayBuffer>, count: number): StoredValues => {
    if (swap) swapBytes(bytes, stored.size);
    const { data } = stored.load([count], bytes.buffer);
    return data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data, Number) : data;
  };
  return { size: stored.size, whole: kind !== "f", load };
}

function checkLength(bytes: Uint8Array, start: number, shape: Shape, size: number, file: string): number {
  const end = start + sizeOf(shape) * size;
  if (end === bytes.length) return sizeOf(shape);
  const problem = `shape ${formatShape(shape)} with ${size}-byte values makes ${end} bytes, the file has ${bytes.length}`;
  throw new FormatError(file, Math.min(end, bytes.length) || LENGTH_AT, problem);
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Texts of equal size, filled up with zeros: UTF-32 (U) or Latin-1 (S). */
const texts =
  (kind: string, swap: boolean): NpyType["load"] =>
  (bytes, count, file) => {
    if (kind === "U" && swap) swapBytes(bytes, 4);
    const codes = kind === "U" ? new Uint32Array(bytes.buffer) : bytes;
    const bad = codes.findIndex((code) => code > LAST_CHARACTER);
    if (bad >= 0)
      throw new FormatError(
        file,
        LENGTH_AT,
        `character ${bad} of the array is ${codes[bad]}, which is not a Unicode character`,
      );
    const width = codes.length / count;
    const text = (i: number): string =>
      Array.from(codes.subarray(i * width, (i + 1) * width), (code) => String.fromCodePoint(code)).join("");
    return Array.from({ length: count }, (_, i) => text(i).replace(/\0+$/, ""));
  };

/** From the first axis lying innermost to the last. */
function rowMajorOrder<V extends StoredValues>(values: V, shape: Shape): V {
  const out = values.slice() as V & { [i: number]: string | number };
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    let [at, stride] = [0, 1];
    for (let axis = 0; axis < shape.length; stride *= shape[axis++]) at += index[axis] * stride;
    out[i] = values[at];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}
