// Finds out what the columns of a table hold, from the training rows.
import type { OpenOptions, TableColumn } from "../source.js";
import { measure } from "../statistics.js";
import { formatted, hintsFor, learnNumbers, type Numbers, type UsedColumn, usedIn } from "./column-numbers.js";
import type { NumberHints } from "./numbers.js";
import type { Table } from "./table.js";
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
 * @throws DataError for text in a column of numbers, and for a column in `ignore`, `categorical` or `numeric` that is
 *   not there.
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
    else columns.push(learned);
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
    return `which has ${present.length} different names (to use it all the same, make groups of them)`;
  }
  const categories = present.map((code) => values[code]).sort();
  return { kind: "category", name, categories: missing ? [...categories, ""] : categories };
}

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
