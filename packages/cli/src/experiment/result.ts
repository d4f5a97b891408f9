import type { Finding, Interval } from "./statistics.js";
import type { Text } from "./words.js";

// The form of experiments/results/NAME.json. Numbers have six significant digits.

/** What a number is. */
export interface Quantity {
  readonly id: string;
  readonly label: Text;
  /** As in "%", "µs" or "products"; empty for a plain number. Shares are stored in percent. */
  readonly unit: string;
}

/** Something measured once for each seed; its interval is a bootstrap's, a difference's is Student's. */
export interface Measure extends Quantity, Interval {
  /** In the order of the result's seeds. */
  readonly values: readonly number[];
}

/** The differences a - b of two measures, seed by seed. */
export interface Comparison extends Measure {
  /** Ids of measures. */
  readonly a: string;
  readonly b: string;
  /** From which size on a difference would matter: fixed before it was measured. */
  readonly matters: number;
  /** Of the first half of the seeds, and of the second; none where there are fewer than four. */
  readonly sets: readonly Interval[];
  /** What both sets establish; null where there are none. */
  readonly finding: Finding | null;
}

/** A measure for each of several x. */
export interface Curve extends Quantity {
  readonly x: { readonly label: Text; readonly unit: string };
  readonly points: readonly ({ readonly x: number } & Interval)[];
}

/** A number that does not depend on a seed, such as a count of multiplications. */
export interface Count extends Quantity {
  readonly value: number;
}

/** Measured times on one machine, which differ from run to run. */
export interface Times {
  readonly machine: string;
  /** `values` are those of rounds. */
  readonly measures: readonly Measure[];
}

/** The result of an experiment. All but `date` and `times` is the same, bit for bit, whenever and wherever it is run. */
export interface Result {
  readonly name: string;
  readonly question: Text;
  /** Day of the measurement, as in 2026-01-31. */
  readonly date: string;
  /** The command that measures it again. */
  readonly command: string;
  readonly engine: "portable";
  /** Sizes and rates that the experiment was run with. */
  readonly settings: Readonly<Record<string, number>>;
  readonly seeds: readonly number[];
  readonly measures: readonly Measure[];
  readonly comparisons: readonly Comparison[];
  readonly curves: readonly Curve[];
  readonly counts: readonly Count[];
  readonly times?: Times;
}
