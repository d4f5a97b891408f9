// The form of experiments/results/NAME.json. Numbers have six significant digits.
import type { Finding, Interval } from "./statistics.js";
import type { Text } from "./words.js";

/** The id, the label and the unit of a number. */
export interface Quantity {
  readonly id: string;
  readonly label: Text;
  /** Such as "%" or "µs"; empty for a plain number. Shares are stored in percent. */
  readonly unit: string;
}

/** A quantity that is measured once per seed. Its interval is from the bootstrap, that of a difference from Student's t. */
export interface Measure extends Quantity, Interval {
  /** One value per seed, in the order of the result's seeds. */
  readonly values: readonly number[];
}

/** The differences a - b of two measures, seed by seed. */
export interface Comparison extends Measure {
  /** The id of the first measure. */
  readonly a: string;
  /** The id of the second measure. */
  readonly b: string;
  /** The smallest difference that matters, which was fixed before measuring. */
  readonly matters: number;
  /** The intervals of the first half of the seeds and of the second; empty for fewer than four seeds. */
  readonly sets: readonly Interval[];
  /** What the two halves of the seeds establish together; null for fewer than four seeds. */
  readonly finding: Finding | null;
}

/** A quantity that is measured at several values of x. */
export interface Curve extends Quantity {
  readonly x: { readonly label: Text; readonly unit: string };
  readonly points: readonly ({ readonly x: number } & Interval)[];
}

/** A number that does not depend on a seed, such as a count of multiplications. */
export interface Count extends Quantity {
  readonly value: number;
}

/** Times on one machine; they differ from run to run. */
export interface Times {
  readonly machine: string;
  /** Each has one value per round. */
  readonly measures: readonly Measure[];
}

/** The result of an experiment. It is bit-identical for every run on any machine, except for `date` and `times`. */
export interface Result {
  readonly name: string;
  readonly question: Text;
  /** Day of the measurement, as in 2026-01-31. */
  readonly date: string;
  /** The command that measures it again. */
  readonly command: string;
  readonly engine: "portable";
  /** The settings that the experiment was run with. */
  readonly settings: Readonly<Record<string, number>>;
  readonly seeds: readonly number[];
  readonly measures: readonly Measure[];
  readonly comparisons: readonly Comparison[];
  readonly curves: readonly Curve[];
  readonly counts: readonly Count[];
  readonly times?: Times;
}
