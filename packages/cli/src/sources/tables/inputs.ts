// From the rows of a table to inputs.
import type { TableColumn } from "../source.js";
import { FARTHEST } from "../statistics.js";
import { readNumbers } from "./column-numbers.js";
import type { Table, TextColumn } from "./table.js";
import { columnOf, fieldError, isMissing } from "./values.js";

/** Numbers that columns become for each row. */
export const featureCount = (columns: readonly TableColumn[]): number =>
  columns.reduce((sum, column) => sum + widthOf(column), 0);

const widthOf = (column: TableColumn): number => (column.kind === "number" ? 1 : column.categories.length);

export interface EncodedRows {
  /** [rows, features]. */
  readonly inputs: Float32Array;
  /** What was missing or unknown. */
  readonly odd: OddFields;
}

/** How a field may be other than those of training. */
type Oddity = "missing number" | "missing name" | "unknown name";

const BECAME: Readonly<Record<Oddity, readonly [what: string, became: string]>> = {
  "missing number": ["missing numbers", "became the mean"],
  "missing name": ["missing names", "are a category of their own"],
  "unknown name": ["names", "that training does not have became no category"],
};

/** Counts odd fields of a file, which may be read some rows at a time. */
export class OddFields {
  #rows = 0;
  readonly #counts = new Map<string, { readonly column: string; readonly oddity: Oddity; count: number }>();

  constructor(private readonly file: string) {}

  /** So many more rows were looked at. */
  addRows(count: number): void {
    this.#rows += count;
  }

  add(column: string, oddity: Oddity, count: number): void {
    const key = JSON.stringify([column, oddity]);
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += count;
    else if (count > 0) this.#counts.set(key, { column, oddity, count });
  }

  /** In lines for a person. */
  notes(): string[] {
    return [...this.#counts.values()].map(({ column, oddity, count }) => {
      const [what, became] = BECAME[oddity];
      return `${this.file}: column "${column}": ${count} ${what} in ${this.#rows} rows ${became}`;
    });
  }
}

/**
 * Numbers become standardized, missing ones 0, which is the mean; names become a 1 at their category, and one that was
 * not there in training only zeros.
 *
 * @param odd what was counted before in the same file.
 * @throws DataError for a missing column, and for text in a column of numbers, with its line.
 */
export function encodeRows(
  table: Table,
  rows: Int32Array,
  columns: readonly TableColumn[],
  odd = new OddFields(table.file),
): EncodedRows {
  const width = featureCount(columns);
  const inputs = new Float32Array(rows.length * width);
  odd.addRows(rows.length);
  let at = 0;
  for (const column of columns) {
    const own = columnOf(table, column.name);
    const write = column.kind === "number" ? numberWriter(table, own, column) : categoryWriter(table, own, column);
    rows.forEach((row, i) => write(own.codes[row], inputs, i * width + at));
    countOdd(table, rows, own, column, odd);
    at += widthOf(column);
  }
  return { inputs, odd };
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

function countOdd(table: Table, rows: Int32Array, own: TextColumn, column: TableColumn, odd: OddFields): void {
  const count = (isOdd: (value: string) => boolean): number => {
    const which = own.values.map(isOdd);
    return rows.reduce((sum, row) => sum + (which[own.codes[row]] ? 1 : 0), 0);
  };
  if (column.kind === "number") {
    odd.add(
      own.name,
      "missing number",
      count((value) => isMissing(table, value)),
    );
    return;
  }
  const placeOf = placesOf(table, column);
  if (column.categories.includes("")) {
    odd.add(
      own.name,
      "missing name",
      count((value) => isMissing(table, value)),
    );
  }
  odd.add(
    own.name,
    "unknown name",
    count((value) => placeOf(value) < 0),
  );
}
