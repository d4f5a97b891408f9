// Options for how a table is written.

/** Default words for a missing value, in any case; an empty field always is one. */
export const MISSING: readonly string[] = ["na", "n/a", "#n/a", "<na>", "nan", "null", "none", "?"];

/** The words by which a missing value is known, in lower case. */
export const missingWords = (words = MISSING): ReadonlySet<string> => new Set(words.map((word) => word.toLowerCase()));

/** Whether a value is missing: nothing, or one of the words that stand for that. */
export const isMissingValue = (words: ReadonlySet<string>, value: string): boolean =>
  value === "" || words.has(value.toLowerCase());

/** How a table is written. Options that are not given are inferred. */
export interface Dialect {
  /** The character between fields. Default: whichever of tab, semicolon, bar and comma divides the lines alike; else blanks, if they do. */
  readonly delimiter?: string;
  /** The character to take where several divide the lines alike, or none. */
  readonly usual?: string;
  /** Whether the first line names the columns. Default: by comparing it with the rows. */
  readonly header?: boolean;
  /** Name of the encoding. Default: UTF-8, UTF-16 or Windows-1252, as the bytes say. */
  readonly encoding?: string;
  /** Words that stand for a missing value. Default: `MISSING`. */
  readonly missing?: readonly string[];
}
