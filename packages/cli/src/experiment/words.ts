/** A text in both languages of the project. */
export type Text = Readonly<Record<"en" | "zh", string>>;

/** All that is said of an experiment. `labels` names its measures, curves, counts and times by their ids. */
export interface ExperimentWords<Id extends string = string> {
  readonly question: Text;
  /** What is compared, and what is held equal. */
  readonly method: Text;
  /** What was found, and what it depends on. Its numbers are those of the committed result. */
  readonly verdict: Text;
  readonly labels: Readonly<Record<Id, Text>>;
}
