import { check, having } from "../base/check.js";
import { isFloat, type TypedArray } from "../base/dtype.js";
import { DataError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import type { Dataset } from "./dataset.js";

/** Whether targets are class numbers [samples]. */
export const hasClasses = ({ targets }: Dataset): boolean => targets.rank === 1 && !isFloat(targets.dtype);

/** The class number of each sample; throws DataError if targets are something else. */
export async function classLabels(what: string, data: Dataset): Promise<TypedArray> {
  if (hasClasses(data)) return data.targets.data();
  const { dtype, shape } = data.targets;
  throw new DataError(
    `${what}: targets are ${dtype} ${formatShape(shape)}, expected class numbers [samples], u8 or i32`,
  );
}

/**
 * A factor for each class that makes rare classes count as much as frequent ones: samples / (classes · samples of the
 * class), scikit-learn's "balanced". For `loss.crossEntropy(scores, labels, { weight })`.
 *
 * @throws DataError if targets are not class numbers, or a class has no sample.
 *
 * @example
 * ```ts
 * import { classWeights, dataset } from "tidu/data";
 *
 * const samples = dataset(new Float32Array(8), [2], Int32Array.of(0, 0, 0, 1));
 * console.log((await classWeights(samples)).map((weight) => Number(weight.toFixed(2)))); // [0.67, 2]
 * ```
 */
export async function classWeights(data: Dataset): Promise<number[]> {
  check("classWeights", "data", data, having("a data set", "targets", "inputs"));
  const labels = await classLabels("classWeights", data);
  const counts = new Array<number>(data.classes?.length ?? 0).fill(0);
  for (const label of labels) {
    while (counts.length <= label) counts.push(0);
    counts[label]++;
  }
  const none = counts.indexOf(0);
  if (none >= 0) {
    const name = data.classes?.[none] ?? none;
    throw new DataError(`classWeights: class ${name} has no sample; leave it out or add samples of it`);
  }
  return counts.map((count) => labels.length / (counts.length * count));
}
