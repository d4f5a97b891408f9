// The definition of an experiment: what is measured, and how.
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

/** The x axis of a curve, and the unit of its values. */
export interface CurveAxis {
  readonly unit: string;
  readonly x: { readonly label: Text; readonly unit: string; readonly values: readonly number[] };
}

/**
 * A question that measurements answer: the same trial for several seeds. A file of an experiment has it as its default
 * export, and `tidu experiment` runs it.
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
  /** Upper limits of settings: numbers, or names of other settings. */
  readonly limits?: Readonly<Record<string, number | (keyof S & string)>>;
  /** Unit of each measure, in the order in which they are shown. */
  readonly measures: Readonly<Record<M, string>>;
  /**
   * Pairs of measures whose differences a - b are of interest, in the same unit. Each has the smallest difference that
   * matters, above 0, in that unit.
   */
  readonly comparisons?: readonly (readonly [a: NoInfer<M>, b: NoInfer<M>, matters: number])[];
  readonly curves?: Readonly<Record<C, CurveAxis>>;
  /** Measures once, with the given seed. */
  trial(seed: number, settings: S): Promise<Trial>;
  /** Unit of each count. */
  readonly counted?: Readonly<Record<K, string>>;
  /** Gives the counts, such as numbers of multiplications, which do not depend on a seed. */
  counts?(settings: S): Promise<Readonly<Record<string, number>>>;
  /** Unit of each time. */
  readonly timed?: Readonly<Record<T, string>>;
  /** Measures the times, each once per round. */
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
 * Checks the definition of an experiment and returns it. TypeScript checks that each id has a label and a unit.
 *
 * @throws ArgumentError for a part that is missing or of another type.
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
