// From the rows of a table to inputs.

import type { TableColumn } from "../source.js";
import { readNumbers } from "./column-numbers.js";
import type { Table, TextColumn } from "./csv.js";
import { columnOf, fieldError, isMissing } from "./values.js";

/** Deviations from the mean beyond which a number is a mistake: float32 could not compute with it. */
const FARTHEST = 1e15;

/** Numbers that columns become for each row. */
export const featureCount = (columns: readonly TableColumn[]): number =>
  columns.reduce((sum, column) => sum + widthOf(column), 0);

const widthOf = (column: TableColumn): number => (column.kind === "number" ? 1 : column.categories.length);

export interface EncodedRows {
  /** [rows, features]. */
  readonly inputs: Float32Array;
  /** What was missing or unknown. */
  readonly notes: readonly string[];
}

/**
 * Numbers become standardised, missing ones 0, which is the mean; names become a 1 at their category, and one that was
 * not there in training only zeros.
 *
 * @throws DataError for a missing column, and for text in a column of numbers, with its line.
 */
export function encodeRows(table: Table, rows: Int32Array, columns: readonly TableColumn[]): EncodedRows {
  const width = featureCount(columns);
  const inputs = new Float32Array(rows.length * width);
  const notes: string[] = [];
  let at = 0;
  for (const column of columns) {
    const own = columnOf(table, column.name);
    const write = column.kind === "number" ? numberWriter(table, own, column) : categoryWriter(table, own, column);
    rows.forEach((row, i) => write(own.codes[row], inputs, i * width + at));
    notes.push(...countOdd(table, rows, own, column));
    at += widthOf(column);
  }
  return { inputs, notes };
}

/** Writes what a code stands for at an offset of the inputs. */
type Writer = (code: number, inputs: Float32Array, offset: number) => void;

function numberWriter(
  table: Table,
  own: TextColumn,
  { mean, deviation, format }: Extract<TableColumn, { kind: "number" }>,
): Writer {
  const numbers = readNumbers(own, format);
  const features = own.values.map((value, code) => {
    if (isMissing(table, value)) return 0;
    if (Number.isNaN(numbers[code])) {
      throw fieldError(table, own, code, `"${value}" is not a number: correct it or leave it empty`);
    }
    const feature = (numbers[code] - mean) / deviation;
    if (Math.abs(feature) < FARTHEST) return feature;
    throw fieldError(
      table,
      own,
      code,
      `${value} is too far from the mean in training, ${Number(mean.toPrecision(4))}: correct it or leave it empty`,
    );
  });
  return (code, inputs, offset) => (inputs[offset] = features[code]);
}

function categoryWriter(table: Table, own: TextColumn, column: Extract<TableColumn, { kind: "category" }>): Writer {
  const places = own.values.map(placesOf(table, column));
  return (code, inputs, offset) => {
    if (places[code] >= 0) inputs[offset + places[code]] = 1;
  };
}

/** The place of each value among the categories; -1 for one that training does not have. */
function placesOf(table: Table, { categories }: Extract<TableColumn, { kind: "category" }>) {
  const places = new Map(categories.map((name, i) => [name, i]));
  return (value: string): number => places.get(isMissing(table, value) ? "" : value) ?? -1;
}

function countOdd(table: Table, rows: Int32Array, own: TextColumn, column: TableColumn): string[] {
  const count = (odd: (value: string) => boolean): number => {
    const isOdd = own.values.map(odd);
    return rows.reduce((sum, row) => sum + (isOdd[own.codes[row]] ? 1 : 0), 0);
  };
  const where = `${table.file}: column "${own.name}"`;
  if (column.kind === "number") {
    const missing = count((value) => isMissing(table, value));
    return missing === 0 ? [] : [`${where}: ${missing} missing numbers in ${rows.length} rows became the mean`];
  }
  const placeOf = placesOf(table, column);
  const unknown = count((value) => placeOf(value) < 0);
  const missing = count((value) => isMissing(table, value) && column.categories.includes(""));
  return [
    ...(missing === 0 ? [] : [`${where}: ${missing} missing names in ${rows.length} rows are a category of their own`]),
    ...(unknown === 0
      ? []
      : [`${where}: ${unknown} names in ${rows.length} rows that training does not have became no category`]),
  ];
}
