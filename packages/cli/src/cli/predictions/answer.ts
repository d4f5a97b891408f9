// The prediction in a network's outputs for a sample.
import { restoreTargets } from "../../sources/index.js";
import type { Preprocess } from "../../sources/source.js";
import { probabilities } from "../run/scores.js";

/** The prediction for one sample. */
export interface Answer {
  readonly sample: string;
  /** The most probable class; absent where values are predicted. */
  readonly prediction?: string;
  /** The probability of each class, or each value in its own units, in the order of `labelsOf`. */
  readonly numbers: ArrayLike<number>;
}

/** The labels of an answer's numbers: the classes, or the targets. */
export const labelsOf = ({ classes, targets = [] }: Preprocess): readonly string[] =>
  classes ?? targets.map(({ name }) => name);

export function answer(preprocess: Preprocess, sample: string, scores: Float32Array): Answer {
  const { classes } = preprocess;
  if (classes === undefined) return { sample, numbers: restoreTargets(preprocess, scores) };
  const numbers = probabilities(scores);
  return { sample, prediction: classes[largest(numbers)], numbers };
}

/** The first of the largest. */
const largest = (numbers: readonly number[]): number =>
  numbers.reduce((best, number, i) => (number > numbers[best] ? i : best), 0);

/** The `top` most probable classes, the most probable first. */
export function ranking({ numbers }: Answer, names: readonly string[], top: number) {
  const all = Array.from(numbers, (probability, i) => ({ name: names[i], probability }));
  return all.sort((a, b) => b.probability - a.probability).slice(0, top);
}
