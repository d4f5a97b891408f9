// Cuts a data set in parts at random, with the same share of each class.
import { check, flag, instance, needed, options as record, share, whole } from "../base/check.js";
import { ArgumentError, DataError } from "../base/errors.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import { Dataset } from "./dataset.js";
import { classLabels, hasClasses } from "./labels.js";
import { Sampler } from "./sampler.js";

/** Options of `split`. */
export interface SplitOptions {
  /** Share of the samples that the second part gets, above 0 and below 1; the first part gets the others. */
  readonly validation: number;
  /** Integer from 0 to 2^53 - 1: the same seed gives the same parts. Default 0. */
  readonly seed?: number;
  /** Keep the share of each class in both parts. Default: true where targets are class numbers. */
  readonly stratify?: boolean;
}

/** No training reaches this epoch, so its order is independent of those that samplers use. */
const SPLIT_EPOCH = 2 ** 32 - 1;

const PART = { ...share, says: "above 0 and below 1" };
const OPTIONS = record({ validation: needed(PART), seed: whole(0), stratify: flag });

/**
 * Divides a data set at random: `const [train, validation] = await split(data, { validation: 0.1 })`. Both parts keep
 * copies of their samples, in the order of the whole.
 *
 * @throws ArgumentError if an option is out of range; DataError if a part would be empty.
 *
 * @example
 * ```ts
 * import { dataset, split } from "tidu/data";
 *
 * const samples = dataset(new Float32Array(20), [2], Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0, 1));
 * const [train, validation] = await split(samples, { validation: 0.2 });
 * console.log([train.count, validation.count]); // [8, 2]
 * ```
 */
export async function split(data: Dataset, options: SplitOptions): Promise<[Dataset, Dataset]> {
  check("split", "data", data, instance(Dataset, "a data set in memory"));
  check("split", "options", options, OPTIONS);
  const { validation, seed = 0, stratify = hasClasses(data) } = options;
  const labels = stratify ? await classLabels("split", data) : undefined;
  const [rest, held] = splitRows(data.count, validation, seed, labels);
  return [await pick(data, rest), await pick(data, held)];
}

async function pick({ inputs, targets, ...options }: Dataset, rows: Int32Array): Promise<Dataset> {
  return new Dataset(await copy(inputs, rows), await copy(targets, rows), options);
}

/** Detached, so that the whole data set need not stay in memory. */
const copy = async (values: Tensor, rows: Int32Array): Promise<Tensor> =>
  (await values.gather(tensor(rows)).realize()).detach();

/**
 * Divides the numbers 0…count - 1 at random, each part in ascending order. With labels, each class gives its share,
 * rounded up or down, and keeps at least one sample in the first part.
 */
export function splitRows(
  count: number,
  fraction: number,
  seed: number,
  labels?: ArrayLike<number>,
): [rest: Int32Array, held: Int32Array] {
  if (!(fraction > 0 && fraction < 1)) {
    throw new ArgumentError(`split: validation is ${fraction}; it must be ${PART.says}`);
  }
  const order = new Sampler({ count, batchSize: count, shuffle: true, dropLast: false, seed }).epoch(SPLIT_EPOCH);
  const held = new Uint8Array(count);
  let [seen, taken] = [0, 0];
  for (const rows of byClass(order, labels)) {
    seen += rows.length;
    // Rounding the running total, not each class, keeps the whole at its share.
    const due = Math.min(Math.round(seen * fraction) - taken, Math.ceil(rows.length * fraction), rows.length - 1);
    for (const row of rows.slice(0, due)) held[row] = 1;
    taken += due;
  }
  if (taken === 0) {
    throw new DataError(
      `split: a share of ${fraction} of ${count} samples rounds to 0; use a larger share or more samples`,
    );
  }
  const all = new Int32Array(count).map((_, row) => row);
  return [all.filter((row) => held[row] === 0), all.filter((row) => held[row] === 1)];
}

/**
 * Divides the numbers 0…count - 1 at random into parts of equal size, up to one; with labels each class, too. Each part is
 * in ascending order.
 */
export function foldRows(count: number, folds: number, seed: number, labels?: ArrayLike<number>): Int32Array[] {
  const order = new Sampler({ count, batchSize: count, shuffle: true, dropLast: false, seed }).epoch(SPLIT_EPOCH);
  const dealt = byClass(order, labels).flat();
  return Array.from({ length: folds }, (_, fold) => Int32Array.from(dealt.filter((_, i) => i % folds === fold)).sort());
}

/** The rows of each class, in the given order; one class if there are no labels. */
function byClass(order: Int32Array, labels: ArrayLike<number> | undefined): number[][] {
  const classes = new Map<number, number[]>();
  for (const row of order) {
    const label = labels?.[row] ?? 0;
    const rows = classes.get(label);
    if (rows === undefined) classes.set(label, [row]);
    else rows.push(row);
  }
  return [...classes].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}
