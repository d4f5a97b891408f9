import type { Text } from "../../i18n/words.js";

/** One setting's result of an experiment. */
export interface Measurement {
  readonly setting: Text;
  readonly mean: number;
  /** Confidence interval of the mean. */
  readonly low: number;
  readonly high: number;
}

/** What an experiment found: the form of experiments/results/NAME.json. */
export interface Measured {
  readonly question: Text;
  readonly verdict: Text;
  /** What the numbers are, with their unit. */
  readonly quantity: Text;
  /** Day of the measurement, as in 2026-01-31. */
  readonly date: string;
  /** What measures it again. */
  readonly command: string;
  readonly measurements: readonly Measurement[];
}

/** What of these experiments there is, by their names; `files` are the results by the paths of their files. */
export const answersTo = (
  names: readonly string[],
  files: Readonly<Record<string, Measured>>,
): readonly (readonly [name: string, measured: Measured])[] =>
  names.flatMap((name) => {
    const file = Object.keys(files).find((path) => path.endsWith(`/${name}.json`));
    return file === undefined ? [] : [[name, files[file]] as const];
  });
