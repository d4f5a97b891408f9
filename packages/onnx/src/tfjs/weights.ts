// The weights of a model.json: its manifest says how they are stored in files of bytes, group by group.
import { FormatError, UnsupportedError } from "tidu";
import { formatShape, halfValues, show, sizeOf } from "tidu/internal";
import type { ExternalData } from "../proto/tensor.js";
import { isObject, type Json, type Source } from "./place.js";

/** A tensor of the file. */
export type Weight =
  | { readonly dtype: "f32"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: "i32"; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: "bool"; readonly shape: readonly number[]; readonly data: Uint8Array };

type Numbers = Float32Array | Int32Array | Uint8Array | Uint16Array | Float64Array;

/** How elements stand in the file, by the name of their type. */
const STORED: Readonly<Record<string, readonly [size: number, read: (bytes: ArrayBuffer) => Numbers]>> = {
  float32: [4, (bytes) => new Float32Array(bytes)],
  int32: [4, (bytes) => new Int32Array(bytes)],
  bool: [1, (bytes) => new Uint8Array(bytes)],
  uint8: [1, (bytes) => new Uint8Array(bytes)],
  uint16: [2, (bytes) => new Uint16Array(bytes)],
  float16: [2, (bytes) => halfValues("f16", new Uint16Array(bytes))],
};

/** The files that a manifest names. */
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
    throw new FormatError(file, 0, `its weights are in ${JSON.stringify(path)}; use loadTfjs, or give it as external`);
  });
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function read(entry: unknown, bytes: Uint8Array, at: number, source: Source): [string, Weight, number] {
  const { file } = source;
  const { name, shape, dtype, quantization } = isObject(entry) ? entry : {};
  if (typeof name !== "string") {
    throw new FormatError(file, 0, `its weightsManifest has a weight whose name is ${show(name)}, expected a string`);
  }
  const label = `weight ${JSON.stringify(name)}`;
  const wrong = (field: string, value: unknown, allowed: string): never => {
    const offset = Math.max(source.text.indexOf(JSON.stringify(name)), 0);
    throw new FormatError(file, offset, `${label} has ${field} ${show(value)}, expected ${allowed}`);
  };
  if (!isShape(shape)) return wrong("shape", shape, "a list of whole numbers from 0 on");
  if (typeof dtype !== "string") return wrong("dtype", dtype, "a text");
  if (!Object.hasOwn(RESULT, dtype)) {
    throw new UnsupportedError(
      `${file}: ${label} has elements of type ${dtype}, which Tidu does not support; it reads ${Object.keys(RESULT).join(", ")}`,
    );
  }
  const packing = packingOf(quantization, dtype, wrong);
  const [size, load] = STORED[packing?.dtype ?? dtype];
  const length = sizeOf(shape) * size;
  if (at + length > bytes.length) {
    throw new FormatError(
      file,
      0,
      `${label} of shape ${formatShape(shape)} ends at byte ${at + length} of files with ${bytes.length}`,
    );
  }
  const numbers = load(bytes.slice(at, at + length).buffer);
  return [name, { dtype: RESULT[dtype], shape, data: given(numbers, dtype, packing) } as Weight, length];
}

const isShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) && shape.every((d) => Number.isSafeInteger(d) && d >= 0);

const RESULT: Readonly<Record<string, Weight["dtype"]>> = { float32: "f32", int32: "i32", bool: "bool" };

/** How a weight was packed: integers n stand for `scale · n + min`; half floats stand for themselves. */
type Packing =
  | { readonly dtype: "float16" }
  | { readonly dtype: "uint8" | "uint16"; readonly scale: number; readonly min: number };

function packingOf(
  given: unknown,
  dtype: string,
  wrong: (field: string, value: unknown, allowed: string) => never,
): Packing | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) return wrong("quantization", given, "an object with dtype, scale and min");
  if (dtype === "bool") return wrong("quantization", given, "none, as its dtype is bool");
  const { dtype: packed, scale, min } = given;
  if (packed === "float16") {
    return dtype === "float32"
      ? { dtype: packed }
      : wrong("quantization.dtype", packed, `uint8 or uint16 for ${dtype}`);
  }
  if (packed !== "uint8" && packed !== "uint16") {
    return wrong("quantization.dtype", packed, "uint8, uint16 or float16");
  }
  const number = (field: string, value: unknown): number =>
    Number.isFinite(value) ? (value as number) : wrong(`quantization.${field}`, value, "a number");
  return { dtype: packed, scale: number("scale", scale), min: number("min", min) };
}

function given(numbers: Numbers, dtype: string, packing: Packing | undefined): Numbers {
  if (packing === undefined || packing.dtype === "float16") return numbers;
  const { scale, min } = packing;
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
