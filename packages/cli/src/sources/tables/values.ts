// Fields of a table: missing values, columns by name, and errors with a field's place.
import { ArgumentError, DataError } from "tidu";
import { show } from "tidu/internal";
import { namesLine } from "../describe.js";
import { isMissingValue } from "./dialect.js";
import type { Table, TextColumn } from "./table.js";

/** Whether a value of a table is missing. */
export const isMissing = ({ missing }: Table, value: string): boolean => isMissingValue(missing, value);

/** What one of a column's codes stands for: a number if it is one as such, else the text. */
export const fieldValue = ({ values, numbers }: TextColumn, code: number): string | number =>
  numbers === undefined || Number.isNaN(numbers[code]) ? values[code] : numbers[code];

/** The column of this name; throws DataError, or another error, if there is none. */
export function columnOf(
  { file, form, columns }: Table,
  name: string,
  Wrong: new (message: string) => Error = DataError,
): TextColumn {
  const column = columns.find((c) => c.name === name);
  if (column !== undefined) return column;
  throw new Wrong(
    `${file}: ${form === "csv" ? "line 1: " : ""}there is no column ${show(name)}; the columns are ${namesLine(columns.map((c) => c.name))}`,
  );
}

/**
 * The names of columns that a person gave: each is a name, or several joined by commas where no column has it whole.
 *
 * @throws ArgumentError for a column that is not there.
 */
export const namesIn = (table: Table, given: readonly string[]): string[] =>
  given.flatMap((text) => {
    const whole = table.columns.some(({ name }) => name === text) || !text.includes(",");
    const names = whole ? [text] : text.split(",").map((name) => name.trim());
    const known = new Set(table.columns.map(({ name }) => name));
    if (names.length > 1 && !names.every((name) => known.has(name)) && [...known].some((name) => name.includes(","))) {
      throw new ArgumentError(
        `${table.file}: ${show(text)} has names that no column has; give a name with commas in it by itself, and the option again for others`,
      );
    }
    return names.map((name) => columnOf(table, name, ArgumentError).name);
  });

/** What rows are counted by. */
const unitOf = ({ form }: Table): string => (form === "parquet" ? "row" : "line");

/** Where a row stands. */
export const rowPlace = (table: Table, row: number): string => `${table.file}: ${unitOf(table)} ${table.lines[row]}`;

/** Where the first field of a column that has one of its values stands. */
export const placeOf = (table: Table, column: TextColumn, code: number): string =>
  `${rowPlace(table, column.codes.indexOf(code))}, column ${show(column.name)}`;

/** An error about the first field of a column that has one of its values. */
export const fieldError = (table: Table, column: TextColumn, code: number, problem: string): DataError =>
  new DataError(`${placeOf(table, column, code)}: ${problem}`);

/** Up to three fields, as `"12 kg" (line 3)`. */
export function quoteFields(table: Table, { codes, values }: TextColumn, which: readonly number[]): string {
  const some = which
    .slice(0, 3)
    .map((code) => `${show(values[code])} (${unitOf(table)} ${table.lines[codes.indexOf(code)]})`);
  return some.join(", ");
}
