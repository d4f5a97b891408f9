// What a table says is to be predicted.
import { DataError } from "tidu";
import type { RawTargets } from "../targets.js";
import { holdsNumbers, usedIn } from "./columns.js";
import type { Table } from "./csv.js";
import { columnOf, isMissing, toNumber } from "./values.js";

/** Names of columns that are to be predicted if nobody says which. */
const TARGET = /^(target|label|labels|class|y)$/i;
/** Different whole numbers up to which a column of numbers holds classes. */
const MOST_CLASSES = 20;

/** The columns to predict: those given, else the one named so, else the last. */
export function targetColumns(table: Table, given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) {
    const names = table.columns.map(({ name }) => name);
    return [names.find((name) => TARGET.test(name)) ?? names.at(-1)!];
  }
  const names = typeof given === "string" ? [given] : given;
  for (const name of names) columnOf(table, name);
  return names;
}

/** Some rows of a table. */
export interface TableRows {
  readonly table: Table;
  readonly rows: Int32Array;
}

/** The rows whose targets are all there. */
export function labelledRows(table: Table, target: readonly string[], describe: (line: string) => void): TableRows {
  const columns = target.map((name) => columnOf(table, name));
  const missing = columns.map(({ values }) => values.map(isMissing));
  const rows = new Int32Array(table.lines.length)
    .map((_, row) => row)
    .filter((row) => columns.every(({ codes }, c) => !missing[c][codes[row]]));
  if (rows.length === 0)
    throw new DataError(`${table.file}: line 2, column "${target[0]}": no row has a value: add some`);
  const without = table.lines.length - rows.length;
  if (without > 0) describe(`left out: ${without} rows of ${table.file} without ${target.join(", ")}`);
  return { table, rows };
}

/**
 * Numbers if the columns hold numbers, else the names in the only one.
 *
 * @throws DataError, with the line, for the rare text among numbers, and for several columns that hold names.
 */
export function rawTargets(
  { table, rows }: TableRows,
  target: readonly string[],
  categorical: readonly string[] = [],
): RawTargets {
  const columns = target.map((name) => columnOf(table, name));
  const where = (sample: number): string => `${table.file}: line ${table.lines[rows[sample]]}, column "${target[0]}"`;
  const common = { width: target.length, mostClasses: MOST_CLASSES, where };
  const numbers = columns.map(({ values }) => values.map(toNumber));
  const names = columns.find(
    (column, c) => categorical.includes(column.name) || !holdsNumbers(table, usedIn(column, rows), numbers[c]),
  );
  if (names === undefined) {
    const values = new Float64Array(rows.length * target.length);
    rows.forEach((row, i) => {
      columns.forEach(({ codes }, c) => (values[i * target.length + c] = numbers[c][codes[row]]));
    });
    return { ...common, values };
  }
  if (columns.length === 1) return { ...common, values: Array.from(rows, (row) => names.values[names.codes[row]]) };
  throw new DataError(`${where(0)}: "${names.name}" holds names, and several targets must be numbers: choose one`);
}
