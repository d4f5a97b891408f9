// What the fields of a CSV file mean.
import { DataError } from "tidu";
import type { Table, TextColumn } from "./csv.js";

/** Ways to write that a value is missing. */
const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export const isMissing = (value: string): boolean => MISSING.has(value.toLowerCase());

/** The number that a field holds; NaN if it holds none, or one too large for float32. */
export function toNumber(value: string): number {
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(Math.fround(number)) ? number : Number.NaN;
}

/** The column of this name; throws DataError if there is none. */
export function columnOf({ file, columns }: Table, name: string): TextColumn {
  const column = columns.find((c) => c.name === name);
  if (column !== undefined) return column;
  throw new DataError(
    `${file}: line 1: there is no column "${name}"; the columns are ${columns.map((c) => c.name).join(", ")}`,
  );
}

/** An error about the first field of a column that has one of its values. */
export function fieldError({ file, lines }: Table, column: TextColumn, code: number, problem: string): DataError {
  const line = lines[column.codes.indexOf(code)];
  return new DataError(`${file}: line ${line}, column "${column.name}": ${problem}`);
}
