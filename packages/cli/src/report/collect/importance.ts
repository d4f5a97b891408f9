// Permutation importance: how much the score falls when a column's values change places between samples
// (permutation importance: Breiman, "Random forests", 2001; Fisher, Rudin and Dominici, "All models are wrong, but many are
// useful", 2019).
import { type nn, tensor } from "tidu";
import { type Dataset, Sampler } from "tidu/data";
import type { ImportanceFindings } from "../data.js";
import type { Outputs } from "./run.js";
import { evenly } from "./samples.js";

/** Numbers of a sample that belong together, such as those for the categories of a column. */
export interface Feature {
  readonly name: string;
  /** How many numbers there are. */
  readonly width: number;
}

/** Samples that are looked at, and how often each column is shuffled. */
const [MOST_SAMPLES, REPEATS] = [1000, 5];

/**
 * Shuffles the values of each feature and measures the score again: accuracy of classes, R² of values.
 *
 * @param features in the order in which they stand in a sample [numbers].
 */
export async function findImportance(
  net: nn.Module,
  data: Dataset,
  { classifies }: Pick<Outputs, "classifies">,
  features: readonly Feature[],
): Promise<ImportanceFindings> {
  const chosen = evenly(data.count, MOST_SAMPLES);
  const { x, t } = data.batch(tensor(Int32Array.from(chosen)));
  const [inputs, truth] = await Promise.all([x.data(), t.data()]);
  const size = inputs.length / chosen.length;
  const score = async (values: Float32Array): Promise<number> => {
    const outputs = await (await net.predict(tensor(values, [chosen.length, size]))).data();
    return (classifies ? accuracy : fit)(outputs, truth, outputs.length / chosen.length);
  };
  const whole = await score(Float32Array.from(inputs));
  const count = chosen.length;
  const orders = new Sampler({ count, batchSize: count, shuffle: true, dropLast: false, seed: 0 });
  const found = [];
  let from = 0;
  for (const [f, { name, width }] of features.entries()) {
    const drops: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const order = orders.epoch(f * REPEATS + repeat);
      const shuffled = Float32Array.from(inputs);
      order.forEach((other, i) => {
        for (let k = from; k < from + width; k++) shuffled[i * size + k] = inputs[other * size + k];
      });
      drops.push(whole - (await score(shuffled)));
    }
    from += width;
    const mean = drops.reduce((sum, drop) => sum + drop, 0) / REPEATS;
    const deviation = Math.sqrt(drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / REPEATS);
    found.push({ name, mean, deviation });
  }
  return {
    score: classifies ? "accuracy" : "R²",
    whole,
    samples: chosen.length,
    features: found.sort((a, b) => b.mean - a.mean),
  };
}

function accuracy(scores: ArrayLike<number>, truth: ArrayLike<number>, width: number): number {
  let right = 0;
  for (let i = 0; i < truth.length; i++) {
    let best = 0;
    for (let c = 1; c < width; c++) if (scores[i * width + c] > scores[i * width + best]) best = c;
    if (best === truth[i]) right++;
  }
  return right / truth.length;
}

/** The mean R² of all values; of those that are all the same 0. */
function fit(outputs: ArrayLike<number>, truth: ArrayLike<number>, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const own = Float64Array.from({ length: truth.length / width }, (_, i) => truth[i * width + c]);
    const mean = own.reduce((total, value) => total + value, 0) / own.length;
    const spread = own.reduce((total, value) => total + (value - mean) ** 2, 0);
    const errors = own.reduce((total, value, i) => total + (value - outputs[i * width + c]) ** 2, 0);
    sum += spread === 0 ? 0 : 1 - errors / spread;
  }
  return sum / width;
}
