import type { Finding } from "./statistics.js";

/** A text in both languages of the project. */
export type Text = Readonly<Record<"en" | "zh", string>>;

/**
 * The texts of an experiment. `labels` names its measures, curves, counts and times by their ids. Texts may have
 * numbers of the result as `{id}`; see `filled`.
 */
export interface ExperimentWords<Id extends string = string> {
  readonly question: Text;
  /** What is claimed beforehand, so that the measurement can contradict it. */
  readonly hypothesis?: Text;
  /** What is compared, and what is held equal. */
  readonly method: Text;
  /** What was found: a short sentence that answers, then the numbers. */
  readonly verdict: Text;
  /** What else was found, and what it depends on. */
  readonly details?: Text;
  /** What the verdict rests on: comparisons, by their ids, and what they establish. */
  readonly rests?: Readonly<Record<string, Finding>>;
  readonly labels: Readonly<Record<Id, Text>>;
}
