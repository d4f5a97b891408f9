// Decides whether a column of text is one of dates, and what of them is told to a network.
import { show } from "tidu/internal";
import { optionName } from "../option-names.js";
import type { DateColumn, OpenOptions } from "../source.js";
import { measure } from "../statistics.js";
import { hintsFor, MOSTLY, shareOf, type UsedColumn } from "./column-numbers.js";
import {
  DATE_FORMATS,
  DATE_PARTS,
  type DateFormat,
  learnDateFormat,
  looksLikeDate,
  readDate,
  TURNS,
  yearOf,
} from "./dates.js";
import type { Table } from "./table.js";
import { fieldError } from "./values.js";

/** Different texts that are looked at before all are. */
const LOOK = 100;

/** A column's dates. */
export interface Dates {
  readonly format: DateFormat;
  /** For each code, its moment in milliseconds since 1970; NaN where there is none. */
  readonly moments: Float64Array;
  /** Whether day and month could be the other way round. */
  readonly open: boolean;
}

/**
 * The dates of a column, if it is one of dates.
 *
 * @param certain whether a person says so: then any other text is an error.
 * @throws DataError, with the line, for the rare text among dates.
 */
export function learnDates(
  table: Table,
  { column, codes, present }: UsedColumn,
  options: OpenOptions,
  certain = false,
): Dates | undefined {
  const step = Math.ceil(present.length / LOOK);
  const some = present.filter((_, i) => i % step === 0);
  const few = some.filter((code) => looksLikeDate(column.values[code])).length < some.length / 2;
  if (few && !certain) return undefined;
  const preferred = hintsFor(table, options).preferred === "," ? "dmy" : "mdy";
  const texts = present.map((code) => column.values[code]);
  const learned = learnDateFormat(texts, { order: options.dateOrder, preferred }, certain);
  if (learned === undefined && !certain) return undefined;
  const format = learned?.format ?? options.dateOrder ?? "ymd";
  const moments = Float64Array.from(column.values, (text) => readDate(text, format));
  const isOther = (code: number): boolean => Number.isNaN(moments[code]);
  const other = present.find(isOther);
  if (other === undefined) return { format, moments, open: learned?.open ?? false };
  if (!certain && shareOf(present.filter(isOther), { codes, present }) > 1 - MOSTLY) return undefined;
  throw fieldError(
    table,
    column,
    other,
    certain
      ? `${show(column.values[other])} is not a date (${DATE_FORMATS[format]}), and ${show(column.name)} is in ${optionName("dates")}; correct it, leave it empty, name it in ${optionName("missing")}, or set ${optionName("dateOrder")}`
      : `${show(column.values[other])} is not a date (${DATE_FORMATS[format]}), and nearly all others are; correct it, leave it empty, name it in ${optionName("missing")}, or name the column in ${optionName("categorical")}`,
  );
}

/** What is kept of a column of dates, or why it is left out. */
export function dateColumn({ column, codes, missing }: UsedColumn, { format, moments }: Dates): DateColumn | string {
  const there = Float64Array.from(codes, (code) => moments[code]).filter((moment) => !Number.isNaN(moment));
  const differs = (of: (moment: number) => number): boolean => there.some((moment) => of(moment) !== of(there[0]));
  const parts = DATE_PARTS.filter((part) => differs(part === "year" ? yearOf : TURNS[part]));
  // Of times of day the hour alone says all.
  const told = format === "time" ? parts.filter((part) => part === "hour") : parts;
  if (told.length === 0)
    return `which is always ${column.values[codes.find((code) => !Number.isNaN(moments[code])) ?? 0]}`;
  const { mean, deviation } = measure(there.map(yearOf), 1, 1);
  return {
    kind: "date",
    name: column.name,
    format,
    parts: told,
    mean: mean[0],
    deviation: deviation[0],
    ...(missing ? { missing } : {}),
  };
}
