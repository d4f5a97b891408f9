// Raw samples for prediction, preprocessed as the training samples were.

import { ArgumentError, DataError, type FormatError, type Tensor } from "tidu";
import {
  adopt,
  callback,
  check,
  checkOptions,
  flag,
  formatShape,
  listOf,
  sameShape,
  sizeOf,
  words,
} from "tidu/internal";
import { counted } from "../text/numbers.js";
import { readArray } from "./arrays/files.js";
import { layoutOf, toSamples } from "./arrays/layout.js";
import { listImages } from "./images/folder.js";
import { FORMATS } from "./images/header.js";
import { type LoadedImages, loadImages } from "./images/load.js";
import { pixelTransform } from "./images/pixels.js";
import { basename, stat } from "./node.js";
import { DECODING, NUMBERS, PATH_OR_FILE, PREPROCESS } from "./options.js";
import { takeRows } from "./rows.js";
import type {
  ArrayPreprocess,
  DecodeOptions,
  ImagePreprocess,
  Preprocess,
  ReadProgress,
  TablePreprocess,
} from "./source.js";
import { checkNear, standardize } from "./statistics.js";
import { nameOf, STDIN } from "./tables/bytes.js";
import { featureCount } from "./tables/features.js";
import { streamTableFile, TABLE_FORMS } from "./tables/forms.js";
import { encodeRows, OddFields } from "./tables/inputs.js";
import type { TableForm } from "./tables/table.js";

/** Inputs as a network sees them. */
export interface Samples {
  /** [samples, …], for `net.predict`. */
  readonly input: Tensor;
  /** For each sample, where it comes from: a file, a line of a CSV file, a row of an array. */
  readonly names: readonly string[];
  /** Notes for the user, such as on missing values. */
  readonly notes: readonly string[];
}

export interface PrepareOptions extends DecodeOptions {
  /** Images: skip those that cannot be decoded, and report how many. Default: they are an error. */
  readonly skipDamaged?: boolean;
  /** Tables: the format of files whose names do not show it, such as standard input, "-". Default "csv". */
  readonly kind?: TableForm;
}

/** One group of the samples that are read; the last group may be smaller. */
export type SampleBatch = Omit<Samples, "notes">;

/**
 * Reads samples to predict, from the same kind of files as those that `preprocess` was learned from: images (or folders
 * of them), tables, or NPY and IDX files. Targets are not needed, and are ignored in tables that have them.
 *
 * @throws DataError or FormatError, which name the file, for samples that cannot be read or do not fit.
 *
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { openData, prepareSamples } from "@tidu/cli/sources";
 *
 * const folder = await mkdtemp("table-");
 * const rows = Array.from({ length: 40 }, (_, i) => `${i},${i < 20 ? "low" : "high"}`);
 * await writeFile(`${folder}/sizes.csv`, `size,class\n${rows.join("\n")}\n`);
 * await writeFile(`${folder}/new.csv`, "size\n3\n35\n");
 * const { preprocess } = await openData(`${folder}/sizes.csv`);
 * const { input } = await prepareSamples(preprocess, [`${folder}/new.csv`]);
 * console.log(input.shape); // [2, 1]
 * ```
 */
export async function prepareSamples(
  preprocess: Preprocess,
  paths: readonly (string | File)[],
  options: PrepareOptions = {},
): Promise<Samples> {
  checkArguments("prepareSamples", preprocess, paths, options);
  const notes: string[] = [];
  const pieces: RawBatch[] = [];
  for await (const piece of rawBatches(preprocess, paths, options, (note) => notes.push(note))) pieces.push(piece);
  const names = pieces.flatMap(({ names }) => names);
  return { input: toInput(preprocess, joined(pieces), names.length), names, notes };
}

/**
 * The same in groups: 1,000 rows at a time for tables, which may be larger than memory, and 32 images at a time.
 *
 * @param note called with notes for the user, after each file.
 * @throws as `prepareSamples` does, when it reaches the faulty sample.
 *
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { openData, streamSamples } from "@tidu/cli/sources";
 *
 * const folder = await mkdtemp("table-");
 * const rows = Array.from({ length: 40 }, (_, i) => `${i},${i < 20 ? "low" : "high"}`);
 * await writeFile(`${folder}/sizes.csv`, `size,class\n${rows.join("\n")}\n`);
 * const { preprocess } = await openData(`${folder}/sizes.csv`);
 * for await (const { input, names } of streamSamples(preprocess, [`${folder}/sizes.csv`])) {
 *   console.log(input.shape, names.length); // [40, 1] 40
 * }
 * ```
 */
export async function* streamSamples(
  preprocess: Preprocess,
  paths: readonly (string | File)[],
  options: PrepareOptions = {},
  note: (text: string) => void = () => {},
): AsyncGenerator<SampleBatch, void, void> {
  checkArguments("streamSamples", preprocess, paths, options);
  check("streamSamples", "note", note, callback);
  for await (const { values, names } of rawBatches(preprocess, paths, options, note)) {
    if (names.length > 0) yield { input: toInput(preprocess, values, names.length), names };
  }
}

const PATHS = {
  ...listOf(PATH_OR_FILE, "a list of paths, or of Files that hold tables, at least one"),
  ok: (v: unknown) => Array.isArray(v) && v.length > 0,
};

function checkArguments(
  where: string,
  preprocess: Preprocess,
  paths: readonly (string | File)[],
  options: PrepareOptions,
): void {
  check(where, "preprocess", preprocess, PREPROCESS);
  check(where, "paths", paths, PATHS);
  checkOptions(where, options, { ...DECODING, skipDamaged: flag, kind: words(...TABLE_FORMS) });
}

/** Rows of tables, rows of arrays and images that are read at a time. */
const [ROWS, SAMPLES, IMAGES] = [1000, 1000, 32];

/** Samples as they lie in memory: pixels of images, which are standardized as inputs, or features. */
interface RawBatch {
  readonly values: Uint8Array | Float32Array;
  readonly names: readonly string[];
}

type Note = (text: string) => void;

async function* rawBatches(
  preprocess: Preprocess,
  paths: readonly (string | File)[],
  options: PrepareOptions,
  note: Note,
): AsyncGenerator<RawBatch, void, void> {
  if (preprocess.kind === "table") {
    for (const path of paths) yield* rowBatches(preprocess, path, options, note);
    return;
  }
  const file = paths.find((path) => typeof path !== "string");
  if (file !== undefined)
    throw new ArgumentError(`paths has a File, which can only hold a table; for ${preprocess.kind} data, give paths`);
  const given = paths as readonly string[];
  if (given.includes(STDIN))
    throw new ArgumentError(`standard input can only hold a table; for ${preprocess.kind} data, give paths`);
  if (preprocess.kind === "image") yield* imageBatches(preprocess, given, options, note);
  else for (const path of given) yield* arrayBatches(preprocess, path);
}

function joined(pieces: readonly RawBatch[]): Uint8Array | Float32Array {
  const [first] = pieces;
  if (first === undefined || pieces.length === 1) return first?.values ?? new Float32Array(0);
  const length = pieces.reduce((sum, { values }) => sum + values.length, 0);
  const all = first.values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  let at = 0;
  for (const { values } of pieces) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

function toInput(preprocess: Preprocess, values: Uint8Array | Float32Array, count: number): Tensor {
  if (preprocess.kind === "table") return adopt(values, [count, featureCount(preprocess.columns)]);
  if (preprocess.kind === "array") return adopt(values, [count, ...preprocess.shape]);
  const { channels, height, width } = preprocess;
  return pixelTransform(preprocess)(adopt(values, [count, channels, height, width]));
}

/**
 * Converts outputs of regression to the units of the targets. Argument and result are [samples, targets] in row-major
 * order.
 *
 * @param outputs the numbers; for a tensor, pass `await outputs.data()`.
 * @throws ArgumentError for anything else, or if their number is not a multiple of the number of targets.
 *
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { openData, restoreTargets } from "@tidu/cli/sources";
 *
 * const folder = await mkdtemp("table-");
 * const rows = Array.from({ length: 40 }, (_, i) => `${i},${100 + i / 8}`);
 * await writeFile(`${folder}/heights.csv`, `age,height\n${rows.join("\n")}\n`);
 * const { preprocess } = await openData(`${folder}/heights.csv`, { task: "regression" });
 * // An output of 0 is the mean of the training targets.
 * const [height] = restoreTargets(preprocess, [0]);
 * console.log(height > 101 && height < 104); // true
 * ```
 */
export function restoreTargets(preprocess: Preprocess, outputs: ArrayLike<number>): Float64Array {
  check("restoreTargets", "preprocess", preprocess, PREPROCESS);
  check("restoreTargets", "outputs", outputs, {
    ...NUMBERS,
    says: `${NUMBERS.says}; of a tensor, give \`await outputs.data()\``,
  });
  const { targets } = preprocess;
  const count = outputs.length;
  if (targets !== undefined && count % targets.length !== 0) {
    throw new ArgumentError(
      `restoreTargets: outputs has ${count} numbers; with ${targets.length} targets it must be a multiple of ${targets.length}`,
    );
  }
  const values = Float64Array.from(outputs);
  if (targets === undefined) return values;
  return values.map((value, i) => {
    const { mean, deviation } = targets[i % targets.length];
    return value * deviation + mean;
  });
}

async function* imageBatches(
  preprocess: ImagePreprocess,
  paths: readonly string[],
  options: PrepareOptions,
  note: Note,
): AsyncGenerator<RawBatch, void, void> {
  const all = (await Promise.all(paths.map(expand))).flat();
  if (all.length === 0) throw new DataError(`${paths[0]}: there are no files of ${FORMATS} in it`);
  const { onProgress, ...decoding } = options;
  const damaged: FormatError[] = [];
  for (let from = 0; from < all.length; from += IMAGES) {
    const names = all.slice(from, from + IMAGES);
    const progress = ({ done }: ReadProgress): void => onProgress?.({ done: from + done, total: all.length });
    const loaded = await loadImages(names, preprocess, { ...decoding, onProgress: progress });
    damaged.push(...loaded.damaged.values());
    yield soundImages(names, loaded);
  }
  if (damaged.length === all.length) throw damaged[0];
  if (damaged.length > 0) note(`left out: ${counted(damaged.length, "damaged image")}, such as ${damaged[0].message}`);
}

function soundImages(names: readonly string[], { pixels, damaged }: LoadedImages): RawBatch {
  if (damaged.size === 0) return { values: pixels, names };
  const sound = new Int32Array(names.length).map((_, i) => i).filter((i) => !damaged.has(i));
  return {
    values: takeRows(pixels, pixels.length / names.length, sound),
    names: names.filter((_, i) => !damaged.has(i)),
  };
}

/** A file is itself; a folder is the images in it. */
async function expand(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? (await listImages(path)).files : [path];
}

async function* rowBatches(
  { columns, dialect = {} }: TablePreprocess,
  path: string | File,
  { kind }: PrepareOptions,
  note: Note,
): AsyncGenerator<RawBatch, void, void> {
  const odd = new OddFields(nameOf(path));
  for await (const table of streamTableFile(path, dialect, ROWS, kind)) {
    const rows = table.lines.map((_, row) => row);
    const { inputs } = encodeRows(table, rows, columns, odd);
    const short = basename(nameOf(path));
    yield { values: inputs, names: Array.from(table.lines, (line) => `${short}:${line}`) };
  }
  odd.notes().forEach(note);
}

async function* arrayBatches(preprocess: ArrayPreprocess, path: string): AsyncGenerator<RawBatch, void, void> {
  const array = await readArray(path);
  const layout = layoutOf(array);
  if (!sameShape(layout.shape, preprocess.shape)) {
    throw new DataError(
      `${path}: samples have shape ${formatShape(layout.shape)}, expected ${formatShape(preprocess.shape)} as in training`,
    );
  }
  const { shape, mean } = preprocess;
  const [samples, size] = [toSamples(array, layout), sizeOf(shape)];
  for (let from = 0; from < samples.length / size; from += SAMPLES) {
    const some = samples.subarray(from * size, (from + SAMPLES) * size);
    const values = standardize(some, preprocess, size / mean.length);
    checkNear(values, some, `${path}: sample ${from} and those after it`);
    const names = Array.from({ length: values.length / size }, (_, row) => `${basename(path)}:${from + row}`);
    yield { values, names };
  }
}
