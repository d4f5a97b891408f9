// Tables, as they are read from files.

/** A column as it is written. Equal values are kept once. */
export interface TextColumn {
  readonly name: string;
  /** The different values. */
  readonly values: readonly string[];
  /** For each of them, the number that it is as such, not by its text; NaN for a text. Absent where all are texts. */
  readonly numbers?: Float64Array;
  /** For each row, which of them it has. */
  readonly codes: Int32Array;
}

/** The forms of files that hold tables. */
export type TableForm = "csv" | "jsonl" | "parquet";

/** A table, mostly of text. */
export interface Table {
  readonly file: string;
  readonly form: TableForm;
  readonly columns: readonly TextColumn[];
  /** For each row, the line of the file on which it ends, or of Parquet its number, from 1. */
  readonly lines: Int32Array;
  /** How it was read. */
  readonly dialect: { readonly delimiter: string; readonly header: boolean; readonly encoding: string };
  /** Words that stand for a missing value, in lower case. */
  readonly missing: ReadonlySet<string>;
  /** What a person should know of how it was read. */
  readonly notes: readonly string[];
}
