// Sources from IDX, NPY and NPZ files.

import { DataError } from "tidu";
import { dataset } from "tidu/data";
import { formatShape, type Shape, sameShape, sizeOf } from "tidu/internal";
import { ArrayPart } from "../array-part.js";
import { assemble, knownAs, knownScales, type LearnedOutputs, learnOutputs } from "../assemble.js";
import { Fingerprint } from "../fingerprint.js";
import { learnPixels, pixelDatasets, pixelNote } from "../images/pixels.js";
import { basename } from "../node.js";
import { combineParts, listParts, makeParts, mapParts, type Parts, setApart } from "../parts.js";
import type { Reading } from "../reading.js";
import type { ArrayPreprocess, ImagePreprocess, Source, SourceKind } from "../source.js";
import { checkNear, measure, type Statistics, standardize, standardizer } from "../statistics.js";
import { learnTargets, type RawTargets } from "../targets.js";
import { type ArrayPair, readArrays } from "./files.js";
import { type Layout, layoutOf, toSamples } from "./layout.js";
import type { NumberArray, StoredArray } from "./stored-array.js";

/** Different whole numbers up to which an array of whole numbers holds classes, and one of fractions. */
const [MOST_WHOLE, MOST_OTHER] = [1000, 20];

/** Opens the arrays in an NPZ file, in a folder, or in a file and the one with its labels. */
export async function openArrays(path: string, isFolder: boolean, kind: SourceKind, options: Reading): Promise<Source> {
  const fingerprint = new Fingerprint();
  return arraySource(await readArrays(path, isFolder, options.labels, fingerprint), kind, options, fingerprint);
}

/**
 * A source from arrays in memory.
 *
 * @param usual what images are standardized by, if it is not to be measured.
 */
export async function arraySource(
  pairs: Parts<ArrayPair>,
  kind: SourceKind,
  options: Reading,
  fingerprint: Fingerprint,
  usual?: Statistics,
): Promise<Source> {
  const layout = commonLayout(pairs);
  const known = knownAs(layout.image === undefined ? "array" : "image", options);
  if (known !== undefined) checkShape(pairs.train.inputs, layout.shape, inputShape(known));
  const learned = learnTargets(mapParts(pairs, rawTargets), options);
  const size = sizeOf(layout.shape);
  const samples = mapParts(pairs, ({ inputs }) => toSamples(inputs, layout));
  const whole = combineParts(samples, learned.parts, (inputs, targets) => new ArrayPart(inputs, size, targets));
  const notes: string[] = [];
  const parts = setApart(whole, options, (line) => notes.push(line));
  const { train } = parts;
  const names = targetNames(train.targets.width);
  const outputs = learnOutputs(learned, train.targets, names, knownScales(options, learned, names));
  const origins = combineParts(parts, withOwn(pairs, parts), ({ numbers }, { inputs: { file } }) => {
    const name = basename(file);
    return (sample: number): string => `${name}:${numbers[sample]}`;
  });
  const rest = { kind, notes, train: train.targets, fingerprint, origins };
  if (layout.image !== undefined) {
    const preprocess = learnPixels(train, layout.image, outputs, known ?? usual);
    notes.unshift(pixelNote(preprocess));
    return assemble({ ...rest, data: pixelDatasets(parts, preprocess), preprocess, samples: "images" });
  }
  const preprocess = learnArray(train, layout, outputs, known);
  notes.unshift(
    `samples of shape ${formatShape(layout.shape)}, standardized by the training samples' mean and standard deviation`,
  );
  return assemble({
    ...rest,
    data: arrayDatasets(parts, preprocess, pairs.train.inputs.file),
    preprocess,
    samples: "samples",
  });
}

/** The files of each part: what was set apart for validation comes from those of the training part. */
const withOwn = (pairs: Parts<ArrayPair>, parts: Parts<ArrayPart>): Parts<ArrayPair> =>
  makeParts(pairs.train, parts.validation && (pairs.validation ?? pairs.train), pairs.test);

const inputShape = (known: ImagePreprocess | ArrayPreprocess): Shape =>
  known.kind === "array" ? known.shape : [known.channels, known.height, known.width];

/** The layout of samples, which must be the same in all parts. */
function commonLayout(pairs: Parts<ArrayPair>): Layout {
  const layout = layoutOf(pairs.train.inputs);
  for (const { inputs } of listParts(pairs)) checkShape(inputs, layoutOf(inputs).shape, layout.shape);
  return layout;
}

function checkShape({ file }: StoredArray, shape: Shape, expected: Shape): void {
  if (sameShape(shape, expected)) return;
  throw new DataError(
    `${file}: samples have shape ${formatShape(shape)}, expected ${formatShape(expected)} as in training; convert them`,
  );
}

function rawTargets({ inputs, targets }: ArrayPair): RawTargets {
  const { file, shape, values, whole } = targets;
  const [count, width] = [inputs.shape[0] ?? 0, sizeOf(shape.slice(1))];
  if (shape.length === 0 || shape[0] !== count || count === 0 || width === 0) {
    throw new DataError(
      `${file}: targets have shape ${formatShape(shape)} and the inputs in ${inputs.file} ${formatShape(inputs.shape)}; both must have the same number of samples, at least one`,
    );
  }
  const where = (sample: number): string => `${file}: sample ${sample}`;
  const hot = width > 1 && typeof values[0] === "number" ? oneHot(values as NumberArray, width) : undefined;
  const mostClasses = whole ? MOST_WHOLE : MOST_OTHER;
  return hot === undefined ? { values, width, mostClasses, where } : { values: hot, width: 1, mostClasses, where };
}

/** Class numbers, if each row has a single 1 among zeros. */
function oneHot(values: NumberArray, width: number): Int32Array | undefined {
  const labels = new Int32Array(values.length / width);
  for (let row = 0; row < labels.length; row++) {
    const numbers = values.subarray(row * width, (row + 1) * width);
    if (numbers.some((n) => n !== 0 && n !== 1) || numbers.indexOf(1) !== numbers.lastIndexOf(1)) return undefined;
    labels[row] = numbers.indexOf(1);
    if (labels[row] < 0) return undefined;
  }
  return labels;
}

const targetNames = (width: number): string[] =>
  width === 1 ? ["target"] : Array.from({ length: width }, (_, i) => `target ${i}`);

function learnArray(
  { inputs }: ArrayPart,
  { shape }: Layout,
  outputs: LearnedOutputs,
  known: Statistics | undefined,
): ArrayPreprocess {
  // Bytes are of one kind, such as pixels, some of which may hardly ever change; numbers are features of their own.
  const channels = inputs instanceof Uint8Array ? 1 : shape[0];
  const { mean, deviation } = known ?? measure(inputs, channels, sizeOf(shape) / channels);
  return { kind: "array", shape, mean, deviation, ...outputs };
}

/** Bytes stay bytes and are standardized where they are used, other numbers at once. */
function arrayDatasets(parts: Parts<ArrayPart>, preprocess: ArrayPreprocess, file: string) {
  const { shape, classes, targets: scales, mean } = preprocess;
  return mapParts(parts, ({ inputs, targets }) => {
    const own = targets.finish(scales);
    if (!(inputs instanceof Uint8Array)) {
      const standardized = standardize(inputs, preprocess, sizeOf(shape) / mean.length);
      checkNear(standardized, inputs, file);
      return dataset(standardized, shape, own, { classes });
    }
    return dataset(inputs, shape, own, { classes, transform: standardizer(preprocess, shape.length) });
  });
}
