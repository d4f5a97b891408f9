// Safetensors: an 8-byte little-endian header length, a JSON header, then the values of all tensors end to end.

import { ArgumentError, FormatError } from "../base/errors.js";
import { isHalf } from "../base/half.js";
import { formatShape, sizeOf } from "../base/shape.js";
import { LARGEST_HEADER, LENGTH_BYTES, METADATA_KEY, readHeader, type StoredTensor } from "./safetensors-header.js";
import { STORED_TYPES, storedBytes, storedName, type TensorData } from "./tensor-data.js";

export type { TensorData, TensorDtype } from "./tensor-data.js";

/** What a safetensors file holds: tensors in the order of their values in the file, and free-form notes. */
export interface SafetensorsFile {
  readonly tensors: Map<string, TensorData>;
  readonly metadata: Record<string, string>;
}

const ALIGNMENT = 8;

/**
 * Writes tensors as the bytes of a safetensors file. The same tensors and metadata always give the same bytes: wide
 * elements come first, so that every tensor is aligned, then names in code unit order.
 *
 * Throws ArgumentError for a tensor named `__metadata__`, a shape that does not fit its data, an array that does not
 * fit its dtype, metadata that is not a string, or a header beyond 100 MB.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const sorted = Object.entries(tensors).sort(fileOrder);
  sorted.forEach(checkTensor);
  checkMetadata(metadata);
  const header = encodeHeader(sorted, metadata);
  const total = sorted.reduce((sum, [, tensor]) => sum + bytesOf(tensor), 0);
  const bytes = new Uint8Array(LENGTH_BYTES + header.length + total);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, LENGTH_BYTES);
  let at = LENGTH_BYTES + header.length;
  for (const [, tensor] of sorted) {
    bytes.set(storedBytes(tensor), at);
    at += bytesOf(tensor);
  }
  return bytes;
}

/**
 * Reads a safetensors file. `file` names it in errors. The tensors are copies; of F16 and BF16 the numbers come, exactly.
 *
 * The file is checked completely: throws FormatError, with the byte offset, for a header that is too long, not UTF-8,
 * not JSON or has a key twice; an unknown dtype; a shape or offsets that are not counts or do
 * not fit each other; and tensors that overlap, leave gaps or reach outside the file.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const { tensors, metadata } = readHeader(bytes, file);
  return { tensors: new Map(tensors.map((t) => [t.name, loadStored(t, bytes, file)])), metadata };
}

/** A tensor's values; those of `bytes` begin at byte `from` of the file. */
export function loadStored(stored: StoredTensor, bytes: Uint8Array, file: string, from = 0): TensorData {
  const { name, dtype, type, shape, begin, end } = stored;
  if (type !== undefined) return type.load(shape, new Uint8Array(bytes.subarray(begin - from, end - from)).buffer);
  throw new FormatError(file, begin, `${JSON.stringify(name)} is ${dtype}, which is not read; save it as F16 or F32`);
}

/** Bytes of an element, and of all elements, in a file. */
const sizeIn = ({ dtype }: TensorData): number => STORED_TYPES.get(storedName(dtype))?.size as number;
const bytesOf = (tensor: TensorData): number => tensor.data.length * sizeIn(tensor);

type Named = readonly [name: string, tensor: TensorData];

function fileOrder([nameA, a]: Named, [nameB, b]: Named): number {
  return sizeIn(b) - sizeIn(a) || (nameA < nameB ? -1 : 1);
}

function encodeHeader(tensors: readonly Named[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let begin = 0;
  const entries: [string, unknown][] = tensors.map(([name, tensor]) => {
    const { dtype, shape } = tensor;
    const end = begin + bytesOf(tensor);
    const entry = { dtype: storedName(dtype), shape, data_offsets: [begin, end] };
    begin = end;
    return [name, entry];
  });
  if (Object.keys(metadata).length > 0) entries.unshift([METADATA_KEY, metadata]);
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const header = new Uint8Array(Math.ceil(text.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  header.set(text);
  if (header.length > LARGEST_HEADER) {
    throw new ArgumentError(
      `encodeSafetensors: the header takes ${header.length} bytes, at most ${LARGEST_HEADER} fit`,
    );
  }
  return header;
}

function checkTensor([name, tensor]: Named): void {
  const { dtype, shape, data } = tensor;
  const fail = (problem: string): never => {
    throw new ArgumentError(`encodeSafetensors: tensor ${JSON.stringify(name)} ${problem}`);
  };
  if (name === METADATA_KEY) fail("has the name of the metadata; rename it");
  const size = isHalf(dtype) ? 4 : sizeIn(tensor);
  if (size !== data.BYTES_PER_ELEMENT) {
    fail(`is ${dtype}, but its array has ${data.BYTES_PER_ELEMENT}-byte elements`);
  }
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || sizeOf(shape) !== data.length) {
    fail(`has shape ${formatShape(shape)}, but its array has ${data.length} elements`);
  }
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  const wrong = Object.entries(metadata).find(([, value]) => typeof value !== "string");
  if (wrong === undefined) return;
  throw new ArgumentError(
    `encodeSafetensors: metadata ${JSON.stringify(wrong[0])} is ${wrong[1]}; it must be a string`,
  );
}
