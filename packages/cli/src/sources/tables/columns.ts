// Finds out what the columns of a table hold, from the training rows.
import type { OpenOptions, TableColumn } from "../source.js";
import { measure } from "../statistics.js";
import {
  formatted,
  hintsFor,
  learnNumbers,
  type Numbers,
  readNumbers,
  type UsedColumn,
  usedIn,
} from "./column-numbers.js";
import { looksNumeric, type NumberHints } from "./numbers.js";
import type { Table, TextColumn } from "./table.js";
import { namesIn } from "./values.js";

/** Names beyond which a column tells rows apart rather than grouping them: as such, and if most rows have their own. */
const [MOST_NAMES, MANY_NAMES] = [100, 20];
/** Names of columns that may number the rows; tables that Python wrote have one without a name. */
const ROW_NUMBER = /^(|id|index|row|no|nr|unnamed: 0)$/i;

export interface LearnedColumns {
  readonly columns: readonly TableColumn[];
  readonly notes: readonly string[];
}

/** What a person said that a column holds. */
type Given = "number" | "category" | undefined;

/**
 * Decides for each column that is not in `target` whether it holds numbers or names; leaves out those that tell nothing.
 *
 * @throws DataError for text in a column of numbers; ArgumentError for a column in `ignore`, `categorical` or `numeric`
 *   that is not there.
 */
export function learnColumns(
  table: Table,
  rows: Int32Array,
  target: readonly string[],
  options: OpenOptions,
): LearnedColumns {
  const [ignore, categorical, numeric] = [options.ignore, options.categorical, options.numeric].map((names = []) =>
    namesIn(table, names),
  );
  const hints = hintsFor(table, options);
  const given = (name: string): Given =>
    categorical.includes(name) ? "category" : numeric.includes(name) ? "number" : undefined;
  const columns: TableColumn[] = [];
  const notes: string[] = [];
  for (const column of table.columns) {
    if (target.includes(column.name) || ignore.includes(column.name)) continue;
    const learned = learnColumn(table, usedIn(table, column, rows), hints, given(column.name));
    if (typeof learned === "string") notes.push(`left out: "${column.name}", ${learned}`);
    else {
      columns.push(learned);
      notes.push(...lost(column, learned));
    }
  }
  return { columns, notes };
}

/** What a column holds, or why it is left out. */
function learnColumn(table: Table, used: UsedColumn, hints: NumberHints, given: Given): TableColumn | string {
  const { column, present, missing } = used;
  const { name, values } = column;
  if (present.length === 0) return "which has no values";
  if (present.length === 1 && !missing) return `which is always ${values[present[0]]}`;
  const numbers = given === "category" ? undefined : learnNumbers(table, used, hints, given === "number");
  if (numbers !== undefined) return numberColumn(used, numbers);
  if (tooMany(present.length, used.codes.length)) {
    return `which has ${present.length} different names (${adviceFor(used)})`;
  }
  const categories = [...new Set(present.map((code) => values[code]))].sort();
  return { kind: "category", name, categories: missing ? [...categories, ""] : categories };
}

/** What mends a column of too many names: most of them numbers, it may be the others that are in the way. */
function adviceFor({ column, codes, present }: UsedColumn): string {
  const words = present.filter((code) => !looksNumeric(column.values[code]));
  const rows = (code: number): number => codes.filter((each) => each === code).length;
  if (words.length > present.length / 2) return "to use it all the same, make groups of them";
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

const tooMany = (names: number, rows: number): boolean =>
  names > MOST_NAMES || (names > MANY_NAMES && names > rows / 2);

function numberColumn({ column, codes }: UsedColumn, { numbers, format }: Numbers): TableColumn | string {
  const { name } = column;
  const there = Float64Array.from(codes, (code) => numbers[code]).filter((number) => !Number.isNaN(number));
  if (ROW_NUMBER.test(name) && there.every((number, i) => i === 0 || number > there[i - 1])) {
    return "which numbers the rows";
  }
  const { mean, deviation } = measure(there, 1, 1);
  return { kind: "number", name, mean: mean[0], deviation: deviation[0], ...formatted(format) };
}
