// Finds out what the columns of a table hold, from the training rows.
import type { OpenOptions, TableColumn } from "../source.js";
import { measure } from "../statistics.js";
import { dateColumn, learnDates } from "./column-dates.js";
import {
  formatted,
  hintsFor,
  learnNumbers,
  type Numbers,
  readNumbers,
  type UsedColumn,
  usedIn,
} from "./column-numbers.js";
import { DATE_FORMATS } from "./dates.js";
import { placesFor } from "./hashing.js";
import { looksNumeric } from "./numbers.js";
import type { Table, TextColumn } from "./table.js";
import { namesIn } from "./values.js";

/** Names beyond which each has no feature of its own; names beyond which a column tells rows apart, if most have their own. */
const [MOST_NAMES, MANY_NAMES] = [100, 20];
/** Names of columns that may number the rows; tables that Python wrote have one without a name. */
const ROW_NUMBER = /^(|id|index|row|no|nr|unnamed: 0)$/i;

export interface LearnedColumns {
  readonly columns: readonly TableColumn[];
  readonly notes: readonly string[];
}

/** What a person said that a column holds. */
type Given = "number" | "category" | "date" | undefined;

/**
 * Decides for each column that is not in `target` whether it holds dates, numbers or names; leaves out those that tell
 * nothing.
 *
 * @throws DataError for other text in a column of numbers or dates; ArgumentError for a column in `ignore`, `categorical`,
 *   `numeric` or `dates` that is not there.
 */
export function learnColumns(
  table: Table,
  rows: Int32Array,
  target: readonly string[],
  options: OpenOptions,
): LearnedColumns {
  const { ignore, categorical, numeric, dates } = options;
  const [left, ...said] = [ignore, categorical, numeric, dates].map((names = []) => namesIn(table, names));
  const given = (name: string): Given => GIVEN[said.findIndex((names) => names.includes(name))];
  const columns: TableColumn[] = [];
  const notes: string[] = [];
  for (const column of table.columns) {
    if (target.includes(column.name) || left.includes(column.name)) continue;
    const learned = learnColumn(table, usedIn(table, column, rows), options, given(column.name));
    if (learned.column === undefined) notes.push(`left out: "${column.name}", ${learned.why}`);
    else {
      columns.push(learned.column);
      notes.push(...(learned.why === undefined ? [] : [learned.why]), ...lost(column, learned.column));
    }
  }
  return { columns, notes };
}

const GIVEN: readonly Given[] = ["category", "number", "date"];

/** What a column holds, or why it is left out; and what a person should know of it. */
interface Learned {
  readonly column?: TableColumn;
  readonly why?: string;
}

const asLearned = (found: TableColumn | string): Learned =>
  typeof found === "string" ? { why: found } : { column: found };

function learnColumn(table: Table, used: UsedColumn, options: OpenOptions, given: Given): Learned {
  const { column, present, missing } = used;
  const { name, values } = column;
  if (present.length === 0) return { why: "which has no values" };
  if (present.length === 1 && !missing) return { why: `which is always ${values[present[0]]}` };
  const isOpen = given === undefined && column.numbers === undefined;
  const dates = isOpen || given === "date" ? learnDates(table, used, options, given === "date") : undefined;
  if (dates !== undefined) {
    const open = `column "${name}": its dates do not show whether day or month comes first; taken for ${DATE_FORMATS[dates.format]}: set dateOrder (--date-order) if that is wrong`;
    return { ...asLearned(dateColumn(used, dates)), ...(dates.open ? { why: open } : {}) };
  }
  const numbers =
    given === "category" ? undefined : learnNumbers(table, used, hintsFor(table, options), given === "number");
  return asLearned(numbers === undefined ? namesColumn(used, given === "category") : numberColumn(used, numbers));
}

/** A feature for each name; where they are many and come again, a hash of them. */
function namesColumn(used: UsedColumn, certain: boolean): TableColumn | string {
  const { column, codes, present, missing } = used;
  const { name, values } = column;
  const hardlyRepeats = present.length > MANY_NAMES && present.length > codes.length / 2;
  if (hardlyRepeats && !certain) return `which has ${present.length} different names (${adviceFor(used)})`;
  if (present.length > MOST_NAMES) {
    return { kind: "hash", name, places: placesFor(present.length), ...(missing ? { missing } : {}) };
  }
  const categories = [...new Set(present.map((code) => values[code]))].sort();
  return { kind: "category", name, categories: missing ? [...categories, ""] : categories };
}

/** What mends a column of too many names: most of them numbers, it may be the others that are in the way. */
function adviceFor({ column, codes, present }: UsedColumn): string {
  const words = present.filter((code) => !looksNumeric(column.values[code]));
  const rows = (code: number): number => codes.filter((each) => each === code).length;
  if (words.length > present.length / 2)
    return "to use it all the same, name it in categorical; in the command line --categorical";
  const most = words.reduce((a, b) => (rows(b) > rows(a) ? b : a));
  const word = JSON.stringify(column.values[most]);
  return `most are numbers, but ${rows(most)} rows have ${word}: if that is a missing value, name it in missing; in the command line --missing ${word}`;
}

/** Whole numbers beyond this are not all told apart in float64. */
const EXACT = 2 ** 53;

/** Says that numbers of a column become one, because a network computes in float32. */
function lost(own: TextColumn, column: TableColumn): string[] {
  if (column.kind !== "number") return [];
  const all = readNumbers(own, column.format);
  const there = all.filter((number) => !Number.isNaN(number));
  const written = there.some((number) => Math.abs(number) > EXACT) ? there.length : new Set(there).size;
  const kept = new Set(Float32Array.from(there, (number) => (number - column.mean) / column.deviation)).size;
  if (kept > SAME * written) return [];
  return [
    `column "${own.name}": of ${written} different numbers a network, which computes in float32, can tell ${kept} apart: if they are names, name the column in categorical or ignore`,
  ];
}

/** Share of the numbers that must stay apart. */
const SAME = 0.9;

function numberColumn({ column, codes, missing }: UsedColumn, { numbers, format }: Numbers): TableColumn | string {
  const { name } = column;
  const there = Float64Array.from(codes, (code) => numbers[code]).filter((number) => !Number.isNaN(number));
  if (ROW_NUMBER.test(name) && there.every((number, i) => i === 0 || number > there[i - 1])) {
    return "which numbers the rows";
  }
  const { mean, deviation } = measure(there, 1, 1);
  const scale = { name, mean: mean[0], deviation: deviation[0], ...formatted(format) };
  return { kind: "number", ...scale, ...(missing ? { missing } : {}) };
}
