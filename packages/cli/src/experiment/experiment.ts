import {
  callback,
  check,
  either,
  type Fields,
  finite,
  having,
  listOf,
  needed,
  notNegative,
  oneOrMore,
  options,
  real,
  recordOf,
  text,
} from "tidu/internal";
import type { ExperimentWords, Text } from "./words.js";

/** Numbers that an experiment is run with. */
export type Settings = Readonly<Record<string, number>>;

/** The result of one seed: a number for each measure, and one for each x of each curve. */
export interface Trial {
  readonly measures: Readonly<Record<string, number>>;
  readonly curves?: Readonly<Record<string, readonly number[]>>;
}

/** The axis that a curve runs along. */
export interface CurveAxis {
  readonly unit: string;
  readonly x: { readonly label: Text; readonly unit: string; readonly values: readonly number[] };
}

/**
 * A question that is answered by measuring: the same trial for several seeds. A file of experiments exports one by
 * default, and `tidu experiment` runs it.
 *
 * `M`, `C`, `K` and `T` are the ids of its measures, curves, counts and times.
 */
export interface Experiment<
  S extends Settings = Settings,
  M extends string = string,
  C extends string = string,
  K extends string = string,
  T extends string = string,
> {
  readonly name: string;
  readonly words: ExperimentWords<NoInfer<M | C | K | T>>;
  /** About how long it takes with the default seeds and settings, in seconds on two cores. */
  readonly seconds: number;
  /** Default number of seeds, at least 1. */
  readonly seeds: number;
  readonly settings: S;
  /** Upper limits of settings: numbers, or other settings. */
  readonly limits?: Readonly<Record<string, number | (keyof S & string)>>;
  /** Unit of each measure, in the order in which they are shown. */
  readonly measures: Readonly<Record<M, string>>;
  /**
   * Pairs of measures of the same unit whose differences a - b are of interest, each with the size from which on a
   * difference would matter, above 0, in the measures' unit.
   */
  readonly comparisons?: readonly (readonly [a: NoInfer<M>, b: NoInfer<M>, matters: number])[];
  readonly curves?: Readonly<Record<C, CurveAxis>>;
  trial(seed: number, settings: S): Promise<Trial>;
  /** Unit of each count. */
  readonly counted?: Readonly<Record<K, string>>;
  /** Numbers that are counted without a seed. */
  counts?(settings: S): Promise<Readonly<Record<string, number>>>;
  /** Unit of each time. */
  readonly timed?: Readonly<Record<T, string>>;
  /** Times, one for each round. */
  times?(settings: S): Promise<Readonly<Record<string, readonly number[]>>>;
}

const TEXT = options({ en: needed(text), zh: needed(text) });
const UNITS = recordOf(text);
const AXIS = options({ label: needed(TEXT), unit: needed(text), values: needed(listOf(real)) });
const EXPERIMENT: Fields = {
  name: needed(text),
  // Beside these there may be texts of the experiment's own, such as names of axes.
  words: needed(having("the texts question, method, verdict and labels", "question", "method", "verdict", "labels")),
  seconds: needed(notNegative),
  seeds: needed(oneOrMore),
  settings: needed(recordOf(finite)),
  limits: recordOf(either(finite, text)),
  measures: needed(UNITS),
  comparisons: listOf(listOf(either(text, finite), "two measures and the size that would matter", 3)),
  curves: recordOf(options({ unit: needed(text), x: needed(AXIS) })),
  trial: needed(callback),
  counted: UNITS,
  counts: callback,
  timed: UNITS,
  times: callback,
};

/** Throws ArgumentError unless it is an experiment. */
export const checkExperiment = (where: string, name: string, value: unknown): void =>
  check(where, name, value, options(EXPERIMENT));

/**
 * Checks an experiment where it is written: each id has its label, its unit and its number.
 *
 * @throws ArgumentError for what is missing or of another kind.
 *
 * @example
 * ```ts
 * import { experiment } from "@tidu/cli/experiment";
 *
 * const text = (en: string, zh: string) => ({ en, zh });
 * const dice = experiment({
 *   name: "dice",
 *   words: {
 *     question: text("How high is a roll?", "一次掷出多少点？"),
 *     method: text("One roll per seed.", "每个种子掷一次。"),
 *     verdict: text("{roll} on average.", "平均 {roll} 点。"),
 *     labels: { roll: text("mean roll", "平均点数") },
 *   },
 *   seconds: 1,
 *   seeds: 6,
 *   settings: { sides: 6 },
 *   measures: { roll: "dots" },
 *   trial: async (seed, { sides }) => ({ measures: { roll: 1 + (seed % sides) } }),
 * });
 * console.log(dice.name, dice.seeds); // dice 6
 * ```
 */
export function experiment<
  S extends Settings,
  const M extends string,
  const C extends string = never,
  const K extends string = never,
  const T extends string = never,
>(definition: Experiment<S, M, C, K, T>): Experiment<S, M, C, K, T> {
  checkExperiment("experiment", "definition", definition);
  return definition;
}
