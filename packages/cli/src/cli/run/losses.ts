// The losses of `--loss`.
import { ArgumentError, loss } from "tidu";
import type { Task } from "../../sources/source.js";
import { parseSpec, type SpecOptions } from "./spec.js";

/** A loss that the command line knows. */
interface Choice {
  readonly task: Task;
  readonly options: SpecOptions;
  readonly make: (options: Readonly<Record<string, number>>, weight: readonly number[] | undefined) => loss.Loss;
}

const choices: Readonly<Record<string, Choice>> = {
  "cross-entropy": {
    task: "classification",
    options: { smoothing: "number" },
    make: ({ smoothing: labelSmoothing = 0 }, weight) =>
      weight === undefined && labelSmoothing === 0
        ? loss.crossEntropy
        : (scores, labels) => loss.crossEntropy(scores, labels, { weight, labelSmoothing }),
  },
  mse: { task: "regression", options: {}, make: () => loss.mse },
  mae: { task: "regression", options: {}, make: () => loss.l1 },
  huber: {
    task: "regression",
    options: { delta: "number" },
    make:
      ({ delta = 1 }) =>
      (outputs, values) =>
        loss.huber(outputs, values, { delta }),
  },
};

const known = Object.fromEntries(Object.entries(choices).map(([name, { options }]) => [name, options]));

const DEFAULTS: Readonly<Record<Task, string>> = { classification: "cross-entropy", regression: "mse" };

/**
 * Makes a loss from "huber:delta=0.5" and the like; default: cross-entropy for classes, mean squares for values.
 *
 * @param weight factors of the classes.
 * @throws ArgumentError for one that does not exist, or is for the other task.
 */
export function makeLoss(text: string | undefined, task: Task, weight?: readonly number[]): loss.Loss {
  const { name, options } = readLoss(text ?? DEFAULTS[task]);
  const choice = choices[name];
  if (choice.task === task) return choice.make(options as Readonly<Record<string, number>>, weight);
  const fitting = Object.keys(choices).filter((key) => choices[key].task === task);
  throw new ArgumentError(`--loss ${text}: it is for ${choice.task}, this is ${task}; use ${fitting.join(", ")}`);
}

/** Throws ArgumentError for a loss or an option that does not exist, or a number out of range. */
export function readLoss(text: string) {
  const spec = parseSpec("loss", text, known);
  const { smoothing, delta } = spec.options;
  if (typeof smoothing === "number" && !(smoothing >= 0 && smoothing < 1))
    throw new ArgumentError(`loss "${text}": smoothing is ${smoothing}; it must be at least 0 and below 1`);
  if (typeof delta === "number" && !(delta > 0))
    throw new ArgumentError(`loss "${text}": delta is ${delta}; it must be above 0`);
  return spec;
}
