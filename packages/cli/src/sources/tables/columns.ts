// Finds out what the columns of a table hold, from the training rows.

import type { OpenOptions, TableColumn } from "../source.js";
import { measure } from "../statistics.js";
import type { Table, TextColumn } from "./csv.js";
import { columnOf, fieldError, isMissing, toNumber } from "./values.js";

/** Share of numbers from which a column is one of numbers, and what is none in it a mistake. */
const MOSTLY = 0.9;
/** Names beyond which a column tells rows apart rather than grouping them: as such, and if most rows have their own. */
const [MOST_NAMES, MANY_NAMES] = [100, 20];
/** Names of columns that may number the rows; tables that Python wrote have one without a name. */
const ROW_NUMBER = /^(|id|index|row|no|nr|unnamed: 0)$/i;

export interface LearnedColumns {
  readonly columns: readonly TableColumn[];
  readonly notes: readonly string[];
}

/**
 * Decides for each column that is not in `target` whether it holds numbers or names; leaves out those that tell nothing.
 *
 * @throws DataError for text in a column of numbers, and for a column in `ignore` or `categorical` that is not there.
 */
export function learnColumns(
  table: Table,
  rows: Int32Array,
  target: readonly string[],
  { ignore = [], categorical = [] }: OpenOptions,
): LearnedColumns {
  for (const name of [...ignore, ...categorical]) columnOf(table, name);
  const columns: TableColumn[] = [];
  const notes: string[] = [];
  for (const column of table.columns) {
    if (target.includes(column.name) || ignore.includes(column.name)) continue;
    const learned = learnColumn(table, usedIn(column, rows), categorical.includes(column.name));
    if (typeof learned === "string") notes.push(`left out: "${column.name}", ${learned}`);
    else columns.push(learned);
  }
  return { columns, notes };
}

/** A column in some rows only. */
export interface UsedColumn {
  readonly column: TextColumn;
  /** The code in each of the rows. */
  readonly codes: Int32Array;
  /** The codes that occur, without those of missing values. */
  readonly present: readonly number[];
  readonly missing: boolean;
}

export function usedIn(column: TextColumn, rows: Int32Array): UsedColumn {
  const codes = rows.map((row) => column.codes[row]);
  const used = [...new Set(codes)];
  const present = used.filter((code) => !isMissing(column.values[code]));
  return { column, codes, present, missing: present.length < used.length };
}

/** What a column holds, or why it is left out. */
function learnColumn(table: Table, used: UsedColumn, categorical: boolean): TableColumn | string {
  const { column, present, missing } = used;
  const { name, values } = column;
  if (present.length === 0) return "which has no values";
  if (present.length === 1 && !missing) return `which is always ${values[present[0]]}`;
  const numbers = values.map(toNumber);
  if (!categorical && holdsNumbers(table, used, numbers)) return numberColumn(used, numbers);
  if (tooMany(present.length, used.codes.length)) {
    return `which has ${present.length} different names (to use it all the same, make groups of them)`;
  }
  const categories = present.map((code) => values[code]).sort();
  return { kind: "category", name, categories: missing ? [...categories, ""] : categories };
}

const tooMany = (names: number, rows: number): boolean =>
  names > MOST_NAMES || (names > MANY_NAMES && names > rows / 2);

/**
 * Whether a column is one of numbers.
 *
 * @throws DataError, with the line, for the rare text in a column that is.
 */
export function holdsNumbers(
  table: Table,
  { column, codes, present }: UsedColumn,
  numbers: readonly number[],
): boolean {
  const texts = new Set(present.filter((code) => Number.isNaN(numbers[code])));
  if (texts.size === 0) return true;
  const isText = codes.filter((code) => texts.has(code)).length;
  const isPresent = codes.filter((code) => texts.has(code) || !Number.isNaN(numbers[code])).length;
  if (isText > (1 - MOSTLY) * isPresent) return false;
  const [first] = texts;
  throw fieldError(
    table,
    column,
    first,
    `"${column.values[first]}" is not a number, and nearly all others are: correct it, leave it empty, or name the column in categorical`,
  );
}

function numberColumn({ column, codes }: UsedColumn, numbers: readonly number[]): TableColumn | string {
  const { name } = column;
  const there = Float64Array.from(codes, (code) => numbers[code]).filter((number) => !Number.isNaN(number));
  if (ROW_NUMBER.test(name) && there.every((number, i) => i === 0 || number > there[i - 1])) {
    return "which numbers the rows";
  }
  const { mean, deviation } = measure(there, 1, 1);
  return { kind: "number", name, mean: mean[0], deviation: deviation[0] };
}
