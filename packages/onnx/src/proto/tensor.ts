// Tensors in ONNX files: their types, shapes and elements.
import { FormatError } from "tidu";
import { formatShape, STORED_TYPES, sizeOf, storedBytes, type TensorData } from "tidu/internal";
import { type TensorProto, type TensorToWrite, TYPE } from "./schema.js";

/** More axes than any network has; the limit keeps values made from a shape small. */
export const MOST_AXES = 10;

type Lists = "float_data" | "int32_data" | "int64_data" | "double_data" | "uint64_data";

/**
 * ONNX's element types by number: the name that safetensors has for the same layout, and the field that holds the
 * elements where they do not stand as raw bytes (half floats as their bits).
 */
const TYPES: ReadonlyMap<number, readonly [name: string, list: Lists]> = new Map([
  [1, ["F32", "float_data"]],
  [2, ["U8", "int32_data"]],
  [3, ["I8", "int32_data"]],
  [4, ["U16", "int32_data"]],
  [5, ["I16", "int32_data"]],
  [6, ["I32", "int32_data"]],
  [7, ["I64", "int64_data"]],
  [9, ["BOOL", "int32_data"]],
  [10, ["F16", "int32_data"]],
  [11, ["F64", "double_data"]],
  [12, ["U32", "uint64_data"]],
  [13, ["U64", "uint64_data"]],
  [16, ["BF16", "int32_data"]],
]);

/** Integers of 4 bits, two in a byte, the lower half first; whether they have a sign. */
const NIBBLES: ReadonlyMap<number, boolean> = new Map([
  [21, false],
  [22, true],
]);

const EXTERNAL = 1;

/** The bytes of other files, by their names in the model. */
export type ExternalData = ReadonlyMap<string, Uint8Array>;

const NO_FILES: ExternalData = new Map();

/**
 * The elements of a tensor in a file.
 *
 * @throws FormatError unless its sizes are counts whose product is the number of elements that the file holds for it.
 */
export function readTensor(tensor: TensorProto, file: string, external = NO_FILES): TensorData {
  const fail = (problem: string): never => {
    throw new FormatError(file, tensor.at, `tensor ${JSON.stringify(tensor.name ?? "")} ${problem}`);
  };
  const { dims, data_type: code = 0 } = tensor;
  if (dims.length > MOST_AXES || !dims.every((d) => Number.isSafeInteger(d) && d >= 0)) {
    fail(`has shape ${formatShape(dims.slice(0, MOST_AXES))}, expected at most ${MOST_AXES} whole numbers from 0`);
  }
  const signed = NIBBLES.get(code);
  if (signed !== undefined) return readNibbles(tensor, signed, external, fail);
  const [name, list] = TYPES.get(code) ?? [];
  const type = STORED_TYPES.get(name ?? "");
  if (list === undefined || type === undefined) {
    return fail(`has element type ${code}, expected one of ${[...TYPES.keys()].join(", ")}`);
  }
  const isOutside = tensor.data_location === EXTERNAL;
  const raw = isOutside ? outside(tensor, external, sizeOf(dims) * type.size, fail) : tensor.raw_data;
  const held = raw?.length ?? tensor[list].length * type.size;
  if (held !== sizeOf(dims) * type.size) {
    fail(`has shape ${formatShape(dims)}, ${sizeOf(dims)} elements of ${type.size} bytes, but holds ${held} bytes`);
  }
  return type.load([...dims], raw === undefined ? pack(tensor[list], type.size, list) : new Uint8Array(raw).buffer);
}

function readNibbles(
  tensor: TensorProto,
  signed: boolean,
  external: ExternalData,
  fail: (problem: string) => never,
): TensorData {
  const { dims } = tensor;
  const [count, size] = [sizeOf(dims), Math.ceil(sizeOf(dims) / 2)];
  const isOutside = tensor.data_location === EXTERNAL;
  const raw = isOutside ? outside(tensor, external, size, fail) : (tensor.raw_data ?? tensor.int32_data);
  if (raw.length !== size)
    fail(`has shape ${formatShape(dims)}, ${count} elements of 4 bits, but holds ${raw.length} bytes`);
  const data = Int8Array.from({ length: count }, (_, i) => {
    const bits = (raw[i >> 1] >> (4 * (i & 1))) & 15;
    return signed && bits > 7 ? bits - 16 : bits;
  });
  return { dtype: "i8", shape: [...dims], data };
}

/** The file that holds a tensor's elements, if that is another one. */
export const locationOf = ({ data_location: where, external_data: entries }: TensorProto): string | undefined =>
  where === EXTERNAL ? entries.find(({ key }) => key === "location")?.value : undefined;

/** The bytes of a tensor that stand in another file, `offset` and `length` of it. */
function outside(
  tensor: TensorProto,
  external: ExternalData,
  size: number,
  fail: (problem: string) => never,
): Uint8Array {
  const location = locationOf(tensor);
  const bytes = external.get(location ?? "");
  if (bytes === undefined) {
    return fail(`keeps its elements in the file ${JSON.stringify(location)}; use loadOnnx, or give it as external`);
  }
  const entry = (name: string) => tensor.external_data.find(({ key }) => key === name)?.value;
  const [offset, length] = [Number(entry("offset") ?? 0), Number(entry("length") ?? size)];
  if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
    fail(
      `is stored at bytes ${offset} to ${offset + length} of ${JSON.stringify(location)}, which has ${bytes.length} bytes`,
    );
  }
  return bytes.subarray(offset, offset + length);
}

/** The numbers of a list as little-endian elements of `size` bytes. */
function pack(numbers: readonly number[], size: number, list: Lists): ArrayBuffer {
  if (list === "float_data") return Float32Array.from(numbers).buffer;
  if (list === "double_data") return Float64Array.from(numbers).buffer;
  if (size === 8) return BigInt64Array.from(numbers, BigInt).buffer;
  const Numbers = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[size] ?? Uint32Array;
  return Numbers.from(numbers).buffer;
}

const CODES = {
  f32: TYPE.FLOAT,
  u8: TYPE.UINT8,
  i32: TYPE.INT32,
  i64: TYPE.INT64,
  f64: TYPE.DOUBLE,
  bool: TYPE.BOOL,
  f16: TYPE.FLOAT16,
  bf16: TYPE.BFLOAT16,
} as const;

/** The number of an element type. */
export const elementType = (dtype: keyof typeof CODES): number => CODES[dtype];

/** What is written: the element types that tensors here have, the 64-bit integers that ONNX has shapes in, and float64. */
export type DataToWrite = Extract<TensorData, { readonly dtype: keyof typeof CODES }>;

/** A list of texts for a file. */
export const writeTexts = (texts: readonly string[]): TensorToWrite => ({
  dims: [texts.length],
  data_type: TYPE.STRING,
  string_data: texts.map((text) => new TextEncoder().encode(text)),
});

/** A tensor for a file. */
export function writeTensor(name: string | undefined, tensor: DataToWrite): TensorToWrite {
  return { name, dims: tensor.shape, data_type: CODES[tensor.dtype], raw_data: storedBytes(tensor) };
}
