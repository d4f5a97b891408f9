// Infers the columns of a table from the training rows.

import { brief, show } from "tidu/internal";
import { alikeNote } from "../alike.js";
import { naming, optionName } from "../option-names.js";
import type { OpenOptions, TableColumn } from "../source.js";
import { lostNote, measure } from "../statistics.js";
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
import { mixtureHint } from "./mixtures.js";
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

/** The type of a column that the user gave. */
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
    if (learned.column === undefined) notes.push(`left out: ${show(column.name)}, ${learned.why}`);
    else {
      columns.push(learned.column);
      notes.push(...(learned.why === undefined ? [] : [learned.why]), ...lost(column, learned.column));
    }
  }
  return { columns, notes };
}

const GIVEN: readonly Given[] = ["category", "number", "date"];

/** A column's type, or why it is dropped; and notes for the user. */
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
  if (present.length === 1 && !missing) return { why: `which is always ${brief(values[present[0]])}` };
  const isOpen = given === undefined && column.numbers === undefined;
  const dates = isOpen || given === "date" ? learnDates(table, used, options, given === "date") : undefined;
  if (dates !== undefined) {
    const open = `column ${show(name)}: its dates do not show whether the day or the month comes first, and are read as ${DATE_FORMATS[dates.format]}; set ${optionName("dateOrder")} if that is wrong`;
    return { ...asLearned(dateColumn(used, dates)), ...(dates.open ? { why: open } : {}) };
  }
  const code = isOpen ? codeIn(used) : undefined;
  if (code?.alike) {
    const { column: kept, why } = asLearned(namesColumn(table, used, false));
    if (kept === undefined) return { why };
    return {
      column: kept,
      why: `column ${show(name)}: digits with leading zeros, such as ${show(code.text)}, are read as names; if they are numbers, ${naming("the column", "numeric", JSON.stringify(name))}`,
    };
  }
  const numbers =
    given === "category" ? undefined : learnNumbers(table, used, hintsFor(table, options), given === "number");
  const learned = asLearned(
    numbers === undefined ? namesColumn(table, used, given === "category") : numberColumn(used, numbers),
  );
  if (learned.column === undefined) return learned;
  if (numbers === undefined && given === undefined) return { ...learned, why: namesHint(table, used, learned.column) };
  if (code === undefined) return learned;
  return {
    ...learned,
    why: `column ${show(name)}: some numbers have leading zeros, such as ${show(code.text)}; if they are names, ${naming("the column", "categorical", JSON.stringify(name))}`,
  };
}

/** A text of digits with a leading zero, in a column of digits only; whether all are of one width, as codes of places and articles are. */
function codeIn({ column, present }: UsedColumn): { readonly text: string; readonly alike: boolean } | undefined {
  const texts = present.map((code) => column.values[code]);
  const text = texts.find((each) => /^0\d/.test(each));
  if (text === undefined || !texts.every((each) => /^\d+$/.test(each))) return undefined;
  return { text, alike: texts.every((each) => each.length === text.length) };
}

/** What a person should know of a column that is taken for names. */
function namesHint(table: Table, used: UsedColumn, column: TableColumn): string | undefined {
  const hint = mixtureHint(table, used) ?? (column.kind === "category" ? alikeNote(column.categories) : undefined);
  return hint === undefined ? undefined : `column ${show(column.name)}: ${hint}`;
}

/** A feature for each category; a hash where they are many and repeat. */
function namesColumn(table: Table, used: UsedColumn, certain: boolean): TableColumn | string {
  const { column, codes, present, missing } = used;
  const { name, values } = column;
  const hardlyRepeats = present.length > MANY_NAMES && present.length > codes.length / 2;
  if (hardlyRepeats && !certain) return `which has ${present.length} different names (${adviceFor(table, used)})`;
  if (present.length > MOST_NAMES) {
    return { kind: "hash", name, places: placesFor(present.length), ...(missing ? { missing } : {}) };
  }
  const categories = [...new Set(present.map((code) => values[code]))].sort();
  return { kind: "category", name, categories: missing ? [...categories, ""] : categories };
}

/** Advice for a column of too many categories: if most are numbers or dates, the others may be missing values. */
function adviceFor(table: Table, used: UsedColumn): string {
  const { column, present } = used;
  const name = JSON.stringify(column.name);
  const hint = mixtureHint(table, used);
  if (hint !== undefined) return hint;
  if (present.some((code) => !looksNumeric(column.values[code])))
    return `to use it all the same, ${naming("it", "categorical", name)}`;
  return `digits with leading zeros; to use it all the same, ${naming("it", "categorical", name)}, or ${naming("it", "numeric", name)}`;
}

/** A note that different numbers of a column become equal, because a network computes in float32. */
function lost(own: TextColumn, column: TableColumn): string[] {
  if (column.kind !== "number") return [];
  const note = lostNote(readNumbers(own, column.format), column);
  if (note === undefined) return [];
  return [
    `column ${show(own.name)}: ${note}; if they are names, name the column in ${optionName("categorical")} or ${optionName("ignore")}`,
  ];
}

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
