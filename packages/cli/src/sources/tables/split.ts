// Which rows of a table are set apart for validation: whole groups, or the last ones in time.
import { DataError } from "tidu";
import { splitRows } from "tidu/internal";
import type { Choose } from "../parts.js";
import type { OpenOptions } from "../source.js";
import { readNumbers } from "./column-numbers.js";
import type { Table, TextColumn } from "./table.js";
import { columnOf, fieldError, namesIn } from "./values.js";

/** Rows of a table. */
interface Rows {
  readonly table: Table;
  readonly rows: Int32Array;
}

/** What the options ask for; undefined: at random. */
export function chooserFor({ splitBy, splitTime }: OpenOptions): Choose<Rows> | undefined {
  if (splitBy !== undefined) return byGroups(splitBy);
  return splitTime === undefined ? undefined : byTime(splitTime);
}

/** The column of groups tells nothing about other groups: it is no input. */
export const withoutGroups = (options: OpenOptions): OpenOptions =>
  options.splitBy === undefined ? options : { ...options, ignore: [...(options.ignore ?? []), options.splitBy] };

const columnNamed = (table: Table, name: string): TextColumn => columnOf(table, namesIn(table, [name])[0]);

const byGroups =
  (name: string): Choose<Rows> =>
  ({ table, rows }, share, seed) => {
    const { codes, values } = columnNamed(table, name);
    const groups = [...new Set(Array.from(rows, (row) => codes[row]))];
    if (groups.length < 2) {
      throw new DataError(
        `${table.file}: column "${name}": all rows have "${values[groups[0]]}"; to divide by it, it must have at least two values`,
      );
    }
    const [, held] = splitRows(groups.length, Math.max(share, 1 / groups.length), seed);
    const apart = new Set(Array.from(held, (group) => groups[group]));
    const [rest, chosen] = divide(rows, (row) => apart.has(codes[row]));
    return [rest, chosen, `: ${apart.size} of the ${groups.length} values of "${name}"`];
  };

const byTime =
  (name: string): Choose<Rows> =>
  ({ table, rows }, share) => {
    const column = columnNamed(table, name);
    const times = timesOf(table, column, rows);
    const sorted = Float64Array.from(rows, (row) => times[column.codes[row]]).sort();
    // Rows of one time stay together.
    const from = sorted[Math.min(Math.ceil(rows.length * (1 - share)), rows.length - 1)];
    if (from === sorted[0]) {
      throw new DataError(
        `${table.file}: column "${name}": too many rows have the same time to divide by it; give a smaller share, or choose another column`,
      );
    }
    const isLate = (row: number): boolean => times[column.codes[row]] >= from;
    const [rest, held] = divide(rows, isLate);
    const first = column.values[column.codes[rows[held.find((i) => times[column.codes[rows[i]]] === from) as number]]];
    return [rest, held, `: those with "${name}" from ${first} on`];
  };

/** The time of each code: a number, or a date in milliseconds. */
function timesOf(table: Table, column: TextColumn, rows: Int32Array): Float64Array {
  const used = [...new Set(Array.from(rows, (row) => column.codes[row]))];
  const numbers = readNumbers(column);
  if (used.every((code) => !Number.isNaN(numbers[code]))) return numbers;
  const dates = Float64Array.from(column.values, (text) => (/^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN));
  const bad = used.find((code) => Number.isNaN(dates[code]));
  if (bad === undefined) return dates;
  throw fieldError(
    table,
    column,
    bad,
    `"${column.values[bad]}" is neither a number nor a date such as 2024-05-31 or 2024-05-31T12:30: correct it, or choose another column`,
  );
}

/** Places among the rows, those first of which something does not hold. */
function divide(rows: Int32Array, holds: (row: number) => boolean): [Int32Array, Int32Array] {
  const places = rows.map((_, i) => i);
  return [places.filter((i) => !holds(rows[i])), places.filter((i) => holds(rows[i]))];
}
