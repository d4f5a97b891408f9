// Which rows of a table are set apart for validation: whole groups, or the last ones in time.
import { ArgumentError, DataError } from "tidu";
import { show, splitRows } from "tidu/internal";
import { counted } from "../../text/numbers.js";
import { optionName } from "../option-names.js";
import type { Choose } from "../parts.js";
import type { OpenOptions } from "../source.js";
import type { Targets } from "../targets.js";
import { learnDates } from "./column-dates.js";
import { readNumbers, usedIn } from "./column-numbers.js";
import type { Table, TextColumn } from "./table.js";
import { columnOf, fieldError, namesIn } from "./values.js";

/** Rows of a table. */
interface Rows {
  readonly table: Table;
  readonly rows: Int32Array;
}

/** What the options ask for; undefined: at random. */
export function chooserFor(options: OpenOptions): Choose<Rows> | undefined {
  const { splitBy, splitTime } = options;
  if (splitBy !== undefined) return byGroups(splitBy);
  return splitTime === undefined ? undefined : byTime(splitTime, options);
}

/** The column of groups tells nothing about other groups, so it is not an input. */
export const withoutGroups = (options: OpenOptions): OpenOptions =>
  options.splitBy === undefined ? options : { ...options, ignore: [...(options.ignore ?? []), options.splitBy] };

/** Throws ArgumentError where rows were to be set apart by what is to be predicted. */
export function checkSplit(table: Table, target: readonly string[], { splitBy, splitTime }: OpenOptions): void {
  for (const [option, given] of Object.entries({ splitBy, splitTime })) {
    const name = given === undefined ? undefined : namesIn(table, [given])[0];
    if (name === undefined || !target.includes(name)) continue;
    throw new ArgumentError(
      `${optionName(option as "splitBy")}: "${name}" is to be predicted, so rows cannot be set apart by it; name another column`,
    );
  }
}

/** Throws DataError where no training sample of some class is left. */
export function checkClasses(
  { table, targets }: { readonly table: Table; readonly targets: Targets },
  classes: readonly string[] | undefined,
  { splitBy, splitTime, preprocess }: OpenOptions,
): void {
  if (classes === undefined || preprocess !== undefined || (splitBy ?? splitTime) === undefined) return;
  const there = new Set(Array.from(targets.values));
  const gone = classes.findIndex((_, label) => !there.has(label));
  if (gone < 0) return;
  const option = optionName(splitBy === undefined ? "splitTime" : "splitBy");
  throw new DataError(
    `${table.file}: with ${option} "${splitBy ?? splitTime}" all rows of the class ${show(classes[gone])} are set apart, and none is left to train on; give a smaller share, another seed or another column, or add rows of this class`,
  );
}

/** Throws DataError where there are fewer groups than folds. */
export function checkGroups({ table, rows }: Rows, { splitBy, folds }: OpenOptions): void {
  if (splitBy === undefined || folds === undefined) return;
  const { codes } = columnNamed(table, splitBy);
  const groups = new Set(Array.from(rows, (row) => codes[row])).size;
  if (groups >= folds) return;
  throw new DataError(
    `${table.file}: column "${splitBy}": it has ${counted(groups, "value")}, so its rows cannot be divided into ${folds} parts; give fewer folds`,
  );
}

const columnNamed = (table: Table, name: string): TextColumn => columnOf(table, namesIn(table, [name])[0]);

const byGroups =
  (name: string): Choose<Rows> =>
  ({ table, rows }, share, seed) => {
    const { codes, values } = columnNamed(table, name);
    const groups = [...new Set(Array.from(rows, (row) => codes[row]))];
    if (groups.length < 2) {
      throw new DataError(
        `${table.file}: column "${name}": all rows have ${show(values[groups[0]])}; to divide by it, it must have at least two values`,
      );
    }
    const [, held] = splitRows(groups.length, Math.max(share, 1 / groups.length), seed);
    const apart = new Set(Array.from(held, (group) => groups[group]));
    const [rest, chosen] = divide(rows, (row) => apart.has(codes[row]));
    return [rest, chosen, `: ${apart.size} of the ${groups.length} values of "${name}"`];
  };

const byTime =
  (name: string, options: OpenOptions): Choose<Rows> =>
  ({ table, rows }, share) => {
    const column = columnNamed(table, name);
    const times = timesOf(table, column, rows, options);
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
function timesOf(table: Table, column: TextColumn, rows: Int32Array, options: OpenOptions): Float64Array {
  const used = usedIn(table, column, rows);
  const missing = used.codes.find((code) => !used.present.includes(code));
  const numbers = readNumbers(column);
  if (used.present.every((code) => !Number.isNaN(numbers[code])) && missing === undefined) return numbers;
  const moments = learnDates(table, used, options)?.moments;
  const bad = missing ?? used.present.find((code) => Number.isNaN(moments?.[code] ?? Number.NaN));
  if (bad === undefined && moments !== undefined) return moments;
  throw fieldError(
    table,
    column,
    bad ?? 0,
    `${show(column.values[bad ?? 0])} is neither a number nor a date such as 2024-05-31 or 2024-05-31T12:30; correct it, or choose another column`,
  );
}

/** Places among the rows, those first of which something does not hold. */
function divide(rows: Int32Array, holds: (row: number) => boolean): [Int32Array, Int32Array] {
  const places = rows.map((_, i) => i);
  return [places.filter((i) => !holds(rows[i])), places.filter((i) => holds(rows[i]))];
}
