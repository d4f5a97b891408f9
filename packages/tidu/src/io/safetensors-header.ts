// The header of safetensors files, read and written.
import { FormatError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import { type JsonKeys, jsonKeys } from "./json-keys.js";
import { STORED_TYPES, type StoredType } from "./tensor-data.js";

/** Bytes of the little-endian header length that starts the file. */
export const LENGTH_BYTES = 8;
/** The longest header that is written or read, in bytes; the reference implementation has the same limit. */
export const LARGEST_HEADER = 100_000_000;
/** The key of the header that is not a tensor. */
export const METADATA_KEY = "__metadata__";

/** One tensor as the header describes it. */
export interface StoredTensor {
  readonly name: string;
  /** The type's name in the file. */
  readonly dtype: string;
  /** How its values are read; undefined for types that are not. */
  readonly type: StoredType | undefined;
  readonly shape: Shape;
  /** First byte of its values, counted from the start of the file. */
  readonly begin: number;
  /** One past the last byte of its values. */
  readonly end: number;
}

/** A header whose tensors are known to cover the rest of the file without gap or overlap, in that order. */
export interface Header {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Record<string, string>;
}

/** Reads and checks the header of a safetensors file; throws FormatError where it does not hold. */
export function readHeader(bytes: Uint8Array, file: string, fileEnd = bytes.length): Header {
  const dataStart = LENGTH_BYTES + readLength(bytes, file, fileEnd);
  const text = decodeText(bytes.subarray(LENGTH_BYTES, dataStart), file);
  const header = parseObject(text, file);
  const keys = findKeys(text, file);
  const fail: Fail = (key, problem) => {
    throw new FormatError(file, byteOffset(text, keys.outermost.get(key) ?? 0), `${JSON.stringify(key)} ${problem}`);
  };
  const entries = Object.entries(header).filter(([name]) => name !== METADATA_KEY);
  const tensors = entries.map(([name, entry]) => readTensor(name, entry, dataStart, fail));
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(tensors, dataStart, fileEnd, file);
  return { tensors, metadata: readMetadata(header, fail) };
}

type Fail = (key: string, problem: string) => never;

/** How long the header is that follows the first bytes of a file. */
export function readLength(bytes: Uint8Array, file: string, fileEnd = bytes.length): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new FormatError(file, bytes.length, `the file ends inside the ${LENGTH_BYTES}-byte header length`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > LARGEST_HEADER) {
    throw new FormatError(file, 0, `header length is ${length}, expected at most ${LARGEST_HEADER} bytes`);
  }
  const rest = fileEnd - LENGTH_BYTES;
  if (length > rest) throw new FormatError(file, 0, `header length is ${length}, but only ${rest} bytes follow`);
  return length;
}

function decodeText(bytes: Uint8Array, file: string): string {
  try {
    // The copy makes this work on shared memory, which browsers do not decode.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    throw new FormatError(file, LENGTH_BYTES, "the header is not UTF-8");
  }
}

function parseObject(text: string, file: string): object {
  const header = parseJson(text, file);
  if (!text.startsWith("{") || !isObject(header)) {
    throw new FormatError(file, LENGTH_BYTES, "the header is not a JSON object, which starts with {");
  }
  return header;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(file, LENGTH_BYTES, `the header is not JSON: ${(cause as Error).message}`);
  }
}

function findKeys(text: string, file: string): JsonKeys {
  const keys = jsonKeys(text);
  if (keys.duplicate === undefined) return keys;
  const { key, position } = keys.duplicate;
  throw new FormatError(file, byteOffset(text, position), `the header has the key ${JSON.stringify(key)} twice`);
}

/** Where in the file the character at `position` of the header stands. */
function byteOffset(text: string, position: number): number {
  return LENGTH_BYTES + new TextEncoder().encode(text.slice(0, position)).length;
}

function readMetadata(header: object, fail: Fail): Record<string, string> {
  const metadata: unknown = (header as Record<string, unknown>)[METADATA_KEY] ?? {};
  const holds = isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string");
  return holds ? (metadata as Record<string, string>) : fail(METADATA_KEY, "must be an object of strings");
}

function readTensor(name: string, entry: unknown, dataStart: number, fail: Fail): StoredTensor {
  if (!isObject(entry)) return fail(name, "must be an object with dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  const type = STORED_TYPES.get(dtype as string);
  // A file may have 8-bit floats as long as they are not read.
  const width = type?.size ?? (/^F8_/.test(dtype as string) ? 1 : undefined);
  if (width === undefined) {
    return fail(name, `has dtype ${JSON.stringify(dtype)}, expected one of ${[...STORED_TYPES.keys()].join(", ")}`);
  }
  if (!isCounts(shape)) return fail(name, `has shape ${JSON.stringify(shape)}, expected integers from 0`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail(name, `has data_offsets ${JSON.stringify(offsets)}, expected [begin, end] with 0 <= begin <= end`);
  }
  const [begin, end] = offsets;
  const size = sizeOf(shape) * width;
  if (size !== end - begin) {
    return fail(name, `is ${dtype} ${formatShape(shape)}, ${size} bytes, but data_offsets span ${end - begin}`);
  }
  return { name, dtype: dtype as string, type, shape, begin: dataStart + begin, end: dataStart + end };
}

function checkCoverage(tensors: readonly StoredTensor[], dataStart: number, fileEnd: number, file: string): void {
  let covered = dataStart;
  for (const { name, begin, end } of tensors) {
    const tensor = JSON.stringify(name);
    if (begin > covered)
      throw new FormatError(file, covered, `no tensor covers ${begin - covered} bytes before ${tensor}`);
    if (begin < covered) throw new FormatError(file, begin, `${tensor} overlaps the tensor before it`);
    if (end > fileEnd) throw new FormatError(file, fileEnd, `${tensor} ends at byte ${end}, the file at ${fileEnd}`);
    covered = end;
  }
  if (covered < fileEnd) throw new FormatError(file, covered, `no tensor covers the last ${fileEnd - covered} bytes`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0))
  );
}
