// The weights of a model.json: its manifest says how they stand in files of bytes, one group of files after the other.
import { FormatError, UnsupportedError } from "tidu";
import { formatShape, sizeOf } from "tidu/internal";
import type { ExternalData } from "../proto/tensor.js";
import { isObject, type Json, type Source } from "./place.js";

/** A tensor of the file. */
export type Weight =
  | { readonly dtype: "f32"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: "i32"; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: "bool"; readonly shape: readonly number[]; readonly data: Uint8Array };

type Numbers = Float32Array | Int32Array | Uint8Array | Uint16Array | Float64Array;

/** Half-precision floats, sign, 5 bits of exponent and 10 of fraction (IEEE 754 binary16). */
function widened(bytes: ArrayBuffer): Float32Array {
  return Float32Array.from(new Uint16Array(bytes), (bits) => {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    const value = exponent < 31 ? size : fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    return bits >> 15 ? -value : value;
  });
}

/** How elements stand in the file, by the name of their type. */
const STORED: Readonly<Record<string, readonly [size: number, read: (bytes: ArrayBuffer) => Numbers]>> = {
  float32: [4, (bytes) => new Float32Array(bytes)],
  int32: [4, (bytes) => new Int32Array(bytes)],
  bool: [1, (bytes) => new Uint8Array(bytes)],
  uint8: [1, (bytes) => new Uint8Array(bytes)],
  uint16: [2, (bytes) => new Uint16Array(bytes)],
  float16: [2, widened],
};

/** The files that a manifest speaks of. */
export const pathsOf = (manifest: unknown, source: Source): string[] =>
  groupsOf(manifest, source).flatMap(({ paths }) => paths as string[]);

/**
 * The weights by name.
 *
 * @throws FormatError if the files are not those that the manifest speaks of; UnsupportedError for types of elements that
 *   have no counterpart here.
 */
export function readWeights(manifest: unknown, files: ExternalData, source: Source): Map<string, Weight> {
  const found = new Map<string, Weight>();
  for (const { paths, weights } of groupsOf(manifest, source)) {
    const bytes = joined(paths as string[], files, source);
    let at = 0;
    for (const entry of weights as unknown[]) {
      const [name, weight, size] = read(entry, bytes, at, source);
      found.set(name, weight);
      at += size;
    }
    if (at !== bytes.length) {
      throw new FormatError(source.file, 0, `its weights have ${at} bytes, their files ${bytes.length}`);
    }
  }
  return found;
}

function groupsOf(manifest: unknown, { file }: Source): Json[] {
  const isGroup = (g: unknown) =>
    isObject(g) && Array.isArray(g.paths) && g.paths.every((p) => typeof p === "string") && Array.isArray(g.weights);
  if (Array.isArray(manifest) && manifest.every(isGroup)) return manifest;
  throw new FormatError(file, 0, "it has no weightsManifest of groups with paths and weights");
}

function joined(paths: readonly string[], files: ExternalData, { file }: Source): Uint8Array {
  const parts = paths.map((path) => {
    const bytes = files.get(path);
    if (bytes !== undefined) return bytes;
    throw new FormatError(file, 0, `its weights are in ${JSON.stringify(path)}: use loadTfjs, or give it as external`);
  });
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function read(entry: unknown, bytes: Uint8Array, at: number, { file }: Source): [string, Weight, number] {
  const { name, shape, dtype, quantization } = isObject(entry) ? entry : {};
  const isShape = Array.isArray(shape) && shape.every((d) => Number.isSafeInteger(d) && d >= 0);
  if (typeof name !== "string" || !isShape || typeof dtype !== "string") {
    throw new FormatError(file, 0, "its weightsManifest has a weight without name, shape or dtype");
  }
  const label = `weight ${JSON.stringify(name)}`;
  const stored = isObject(quantization) ? String(quantization.dtype) : dtype;
  const [size, load] = STORED[stored] ?? [];
  if (size === undefined || load === undefined || !(dtype in RESULT)) {
    throw new UnsupportedError(`${file}: ${label} has elements of type ${dtype}, which Tidu has not`);
  }
  const length = sizeOf(shape) * size;
  if (at + length > bytes.length) {
    throw new FormatError(
      file,
      0,
      `${label} of shape ${formatShape(shape)} ends at byte ${at + length} of files with ${bytes.length}`,
    );
  }
  const numbers = load(bytes.slice(at, at + length).buffer);
  return [name, { dtype: RESULT[dtype], shape, data: given(numbers, dtype, quantization) } as Weight, length];
}

const RESULT: Readonly<Record<string, Weight["dtype"]>> = { float32: "f32", int32: "i32", bool: "bool" };

/** Integers stand for `scale · n + min`; half floats are what they are. */
function given(numbers: Numbers, dtype: string, quantization: unknown): Numbers {
  if (!isObject(quantization) || quantization.dtype === "float16") return numbers;
  const [scale, min] = [Number(quantization.scale ?? 1), Number(quantization.min ?? 0)];
  if (dtype === "float32") return Float32Array.from(numbers, (n) => n * scale + min);
  return Int32Array.from(numbers, (n) => Math.round(n * scale + min));
}

/** A weight with its axes in another order. */
export function permuted({ dtype, shape, data }: Weight, order: readonly number[]): Weight {
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const sizes = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const result = data.slice();
  const index = new Array<number>(sizes.length).fill(0);
  let from = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = data[from];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < sizes[axis]) break;
      from -= steps[axis] * sizes[axis];
      index[axis] = 0;
    }
  }
  return { dtype, shape: sizes, data: result } as Weight;
}

/** A weight under another shape. */
export const reshaped = (weight: Weight, shape: readonly number[]): Weight => ({ ...weight, shape }) as Weight;
