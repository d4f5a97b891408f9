// Raw samples at the time of prediction, treated as those of training were.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { ArgumentError, concat, DataError, type Tensor } from "tidu";
import { adopt, formatShape, readFile, sameShape, sizeOf } from "tidu/internal";
import { readArray } from "./arrays/files.js";
import { layoutOf, toSamples } from "./arrays/layout.js";
import { listImages } from "./images/folder.js";
import { loadImages } from "./images/load.js";
import { pixelTransform } from "./images/pixels.js";
import { checkDecoding } from "./options.js";
import type { ArrayPreprocess, DecodeOptions, ImagePreprocess, Preprocess, TablePreprocess } from "./source.js";
import { standardize } from "./statistics.js";
import { readTable } from "./tables/csv.js";
import { encodeRows, featureCount } from "./tables/inputs.js";

/** Inputs as a network sees them. */
export interface Samples {
  /** [samples, …], for `net.predict`. */
  readonly input: Tensor;
  /** For each sample, where it comes from: a file, a line of a CSV file, a row of an array. */
  readonly names: readonly string[];
  /** What a person should know, such as values that were missing. */
  readonly notes: readonly string[];
}

/**
 * Reads samples to predict, from the same kind of files as those that `preprocess` was learned from: images (or folders
 * of them), CSV files, or NPY and IDX files. Targets are not needed; where CSV files have them they are not looked at.
 *
 * @throws DataError or FormatError, which name the file, for what cannot be read or does not fit.
 */
export async function prepareSamples(
  preprocess: Preprocess,
  paths: readonly string[],
  options: DecodeOptions = {},
): Promise<Samples> {
  if (paths.length === 0) throw new DataError("prepareSamples: there are no files: name at least one");
  checkDecoding(options);
  if (preprocess.kind === "image") return prepareImages(preprocess, paths, options);
  const all = await Promise.all(
    paths.map((path) => (preprocess.kind === "table" ? prepareRows(preprocess, path) : prepareArray(preprocess, path))),
  );
  return {
    input: all.length === 1 ? all[0].input : concat(all.map(({ input }) => input)),
    names: all.flatMap(({ names }) => names),
    notes: all.flatMap(({ notes }) => notes),
  };
}

/**
 * Outputs of regression in the units of the targets: [samples, targets] in row-major order, both ways.
 *
 * @param outputs numbers; of a tensor, give what its `data()` resolves to.
 * @throws ArgumentError for anything else, or for a number of them that is no multiple of that of the targets.
 */
export function restoreTargets({ targets }: Preprocess, outputs: ArrayLike<number>): Float64Array {
  const count = (outputs as ArrayLike<number> | undefined)?.length;
  if (typeof count !== "number" || typeof outputs === "string") {
    throw new ArgumentError("restoreTargets: outputs must be numbers; of a tensor, give `await outputs.data()`");
  }
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

async function prepareImages(
  preprocess: ImagePreprocess,
  paths: readonly string[],
  options: DecodeOptions,
): Promise<Samples> {
  const names = (await Promise.all(paths.map(expand))).flat();
  if (names.length === 0) throw new DataError(`${paths[0]}: there are no PNG, JPEG or WebP files in it`);
  const { channels, height, width } = preprocess;
  const { pixels } = await loadImages(names, preprocess, options);
  const input = pixelTransform(preprocess)(adopt(pixels, [names.length, channels, height, width]));
  return { input, names, notes: [] };
}

/** A file is itself; a folder is the images in it. */
async function expand(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? (await listImages(path)).files : [path];
}

async function prepareRows({ columns, dialect }: TablePreprocess, path: string): Promise<Samples> {
  const table = readTable(await readFile(path), path, dialect);
  const rows = table.lines.map((_, row) => row);
  const { inputs, notes } = encodeRows(table, rows, columns);
  const names = Array.from(table.lines, (line) => `${basename(path)}:${line}`);
  return { input: adopt(inputs, [rows.length, featureCount(columns)]), names, notes };
}

async function prepareArray(preprocess: ArrayPreprocess, path: string): Promise<Samples> {
  const array = await readArray(path);
  const layout = layoutOf(array);
  if (!sameShape(layout.shape, preprocess.shape)) {
    throw new DataError(
      `${path}: samples have shape ${formatShape(layout.shape)}, expected ${formatShape(preprocess.shape)} as in training`,
    );
  }
  const { shape, mean } = preprocess;
  const inputs = standardize(toSamples(array, layout), preprocess, sizeOf(shape) / mean.length);
  const count = inputs.length / sizeOf(shape);
  const names = Array.from({ length: count }, (_, row) => `${basename(path)}:${row}`);
  return { input: adopt(inputs, [count, ...shape]), names, notes: [] };
}
