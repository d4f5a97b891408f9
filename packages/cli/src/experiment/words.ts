// The texts of an experiment, in both languages.
import type { Finding } from "./statistics.js";

/** A text in both languages of the project. */
export type Text = Readonly<Record<"en" | "zh", string>>;

/**
 * The texts of an experiment. `labels` names its measures, curves, counts and times by their ids. In all texts but the
 * question, `{id}` stands for a count, or for the mean of a measure, comparison or time; `{id:size}` for that mean without
 * its sign, `{id:interval}` for its interval, and `{curve@x}` for a point of a curve. A comparison's id is `a-b`.
 */
export interface ExperimentWords<Id extends string = string> {
  readonly question: Text;
  /** What is claimed before measuring, so that the measurement can contradict it. */
  readonly hypothesis?: Text;
  /** What is compared, and what is kept equal. */
  readonly method: Text;
  /** What was found: a short sentence that answers, then the numbers. */
  readonly verdict: Text;
  /** What else was found, and what it depends on. */
  readonly details?: Text;
  /** The comparisons that the verdict rests on, by their ids, and what each establishes. */
  readonly rests?: Readonly<Record<string, Finding>>;
  readonly labels: Readonly<Record<Id, Text>>;
}
