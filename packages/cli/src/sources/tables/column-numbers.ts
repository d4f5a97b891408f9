// Decides whether a column of text is one of numbers, and reads them.
import type { DataError } from "tidu";
import { brief, show } from "tidu/internal";
import { optionName } from "../option-names.js";
import type { OpenOptions } from "../source.js";
import {
  certainDecimal,
  isBeyond,
  learnFormat,
  looksNumeric,
  type NumberFormat,
  type NumberHints,
  PLAIN,
  readNumber,
} from "./numbers.js";
import type { Table, TextColumn } from "./table.js";
import { fieldError, isMissing, quoteFields } from "./values.js";

/** Share of numbers, or dates, from which a column is one of them, and what is none in it a mistake. */
export const MOSTLY = 0.9;
/** Different texts that are looked at to find the decimal mark of a table. */
const LOOK = 1000;

/** A column in some rows only. */
export interface UsedColumn {
  readonly column: TextColumn;
  /** The code in each of the rows. */
  readonly codes: Int32Array;
  /** The codes that occur, without those of missing values. */
  readonly present: readonly number[];
  readonly missing: boolean;
}

export function usedIn(table: Table, column: TextColumn, rows: Int32Array): UsedColumn {
  const codes = rows.map((row) => column.codes[row]);
  const used = [...new Set(codes)];
  const present = used.filter((code) => !isMissing(table, column.values[code]));
  return { column, codes, present, missing: present.length < used.length };
}

/** A column's numbers. */
export interface Numbers {
  readonly format: NumberFormat;
  /** For each code, its number; NaN where there is none. */
  readonly numbers: Float64Array;
}

/**
 * What to assume of a table's numbers: what a person said; else the decimal mark that most columns show beyond doubt;
 * else the comma where semicolons stand between fields, as spreadsheets write where the comma is the decimal mark.
 */
export function hintsFor(table: Table, { decimal, thousands }: OpenOptions): NumberHints {
  const preferred = preferredIn(table);
  const other = thousands === "." ? "," : thousands === "," ? "." : undefined;
  return { decimal: decimal ?? other, thousands, preferred };
}

/** The decimal mark of each table, for which all columns are looked at. */
const preferences = new WeakMap<Table, "." | ",">();

function preferredIn(table: Table): "." | "," {
  let preferred = preferences.get(table);
  if (preferred === undefined) {
    const marks = table.columns.map(({ values, numbers }) =>
      numbers ? undefined : certainDecimal(values.slice(0, LOOK)),
    );
    const [points, commas] = [".", ","].map((mark) => marks.filter((each) => each === mark).length);
    preferred = points === commas ? (table.dialect.delimiter === ";" ? "," : ".") : points > commas ? "." : ",";
    preferences.set(table, preferred);
  }
  return preferred;
}

/** The numbers of a column: those that are numbers as such, and all texts in a format that is known. */
export const readNumbers = ({ values, numbers }: TextColumn, format: NumberFormat = PLAIN): Float64Array =>
  Float64Array.from(values, (text, code) =>
    numbers && isNumber(numbers[code]) ? asSuch(numbers[code]) : readNumber(text, format),
  );

const isNumber = (value: number): boolean => !Number.isNaN(value);

/** NaN for a number that float32 does not hold. */
const asSuch = (value: number): number => (Number.isFinite(Math.fround(value)) ? value : Number.NaN);

/**
 * The numbers of a column, if it is one of numbers.
 *
 * @param certain whether a person says so: then any other text is an error.
 * @throws DataError, with the line, for the rare text among numbers, and for numbers that are written in several ways.
 */
export function learnNumbers(table: Table, used: UsedColumn, hints: NumberHints, certain = false): Numbers | undefined {
  const { column, codes, present } = used;
  const texts = present.filter((code) => column.numbers === undefined || Number.isNaN(column.numbers[code]));
  const written = learnFormat(
    texts.map((code) => column.values[code]),
    hints,
  );
  const format = written ?? (texts.length < present.length ? PLAIN : undefined);
  if (format === undefined && !certain) return undefined;
  const numbers = readNumbers(column, format);
  const others = present.filter((code) => Number.isNaN(numbers[code]));
  if (others.length === 0) return { format: format ?? PLAIN, numbers };
  const huge = others.find((code) => isBeyond(column.values[code], format ?? PLAIN));
  if (huge !== undefined) {
    const text = column.values[huge];
    throw fieldError(
      table,
      column,
      huge,
      `${brief(text)} is beyond what a network computes with, float32's 3.4e38; write the column in a larger unit or as logarithms, or name it in ${optionName("ignore")}`,
    );
  }
  if (certain || shareOf(others, used) <= 1 - MOSTLY) throw rareText(table, column, others[0], certain);
  const words = present.filter((code) => !looksNumeric(column.values[code]));
  if (shareOf(words, used) > 1 - MOSTLY) return undefined;
  const right = new Set(present.filter((code) => !Number.isNaN(numbers[code])));
  const examples = [codes.find((code) => right.has(code)), ...others];
  throw fieldError(
    table,
    column,
    others[0],
    `its numbers are written in several ways or units, such as ${quoteFields(
      table,
      column,
      examples.filter((code) => code !== undefined),
    )}; write them all in one way, or name the column in ${optionName("categorical")} or ${optionName("ignore")}`,
  );
}

/** Share of the rows, without those of missing values, that have one of these codes. */
export function shareOf(which: readonly number[], { codes, present }: Pick<UsedColumn, "codes" | "present">): number {
  const [those, all] = [new Set(which), new Set(present)];
  return codes.filter((code) => those.has(code)).length / codes.filter((code) => all.has(code)).length;
}

/** Text in a column of numbers; whether a person says that it is one. */
function rareText(table: Table, column: TextColumn, code: number, certain: boolean): DataError {
  const [why, mend] = certain
    ? [`the column is in ${optionName("numeric")}`, "leave the column out there"]
    : ["nearly all others are", `name the column in ${optionName("categorical")}`];
  return fieldError(
    table,
    column,
    code,
    `${show(column.values[code])} is not a number, and ${why}; correct it, leave it empty, name it in ${optionName("missing")}, or ${mend}`,
  );
}

/** A column's format, where it is not the plain one. */
export const formatted = (format: NumberFormat): { readonly format?: NumberFormat } =>
  format.decimal === "." && format.thousands === "" && format.prefix === "" && format.suffix === "" ? {} : { format };
