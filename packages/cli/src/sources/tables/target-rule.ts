// The default target column of a table, for the command line and the studio's playground.

/** Names of such a column; of several, the first of these. */
const NAMES = ["target", "label", "labels", "class", "y"];

/** The column that is named so, else the last: its number. */
export function targetColumn(names: readonly string[]): number {
  const lower = names.map((name) => name.trim().toLowerCase());
  const named = NAMES.find((name) => lower.includes(name));
  return named === undefined ? names.length - 1 : lower.indexOf(named);
}

/** Share of the rows from which a word is a class rather than a missing value, unless a person says otherwise. */
export const OFTEN = 0.05;

/** Different whole numbers up to which a column of numbers holds classes. */
export const MOST_CLASSES = 20;

/** Whether numbers are those of classes: whole ones, and few. */
export const areClasses = (numbers: readonly number[], most = MOST_CLASSES): boolean =>
  numbers.every(Number.isInteger) && new Set(numbers).size <= most;
