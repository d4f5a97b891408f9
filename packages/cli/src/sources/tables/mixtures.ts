// Columns that are taken for names though most of their texts are numbers or dates: what the others are, and what mends it.
import { show } from "tidu/internal";
import { counted } from "../../text/numbers.js";
import { naming } from "../option-names.js";
import { shareOf, type UsedColumn } from "./column-numbers.js";
import { looksLikeDate, readDate, SHOWN } from "./dates.js";
import { looksNumeric } from "./numbers.js";
import type { Table } from "./table.js";
import { isMissing, quoteFields } from "./values.js";

/** Share of the rows from which a column was probably meant as numbers, or dates. */
const HALF = 0.5;
/** Different texts that are looked at before all are. */
const LOOK = 100;
/** Words that are named. */
const MOST = 3;

/** The hint, such as `most are numbers, but 11 rows have "open"; …`; undefined for names. */
export function mixtureHint(table: Table, used: UsedColumn): string | undefined {
  const { column, present } = used;
  if (column.numbers !== undefined) return undefined;
  const text = (code: number): string => column.values[code];
  const isNumber = (code: number): boolean => looksNumeric(text(code));
  const words = present.filter((code) => !isNumber(code));
  if (words.length > 0 && shareOf(words, used) < HALF) return hintOf(table, "numbers", used, words);
  const step = Math.ceil(present.length / LOOK);
  if (!present.some((code, i) => i % step === 0 && looksLikeDate(text(code)))) return undefined;
  const dated = present.filter((code) => looksLikeDate(text(code)));
  if (dated.length === 0 || shareOf(dated, used) < HALF) return undefined;
  const isDated = new Set(dated);
  const others = present.filter((code) => !isDated.has(code));
  if (others.length > 0) return hintOf(table, "dates", used, others);
  const [first, ...rest] = dated;
  const fits = SHOWN.filter((format) => !Number.isNaN(readDate(text(first), format)));
  const other = rest.find((code) => fits.every((format) => Number.isNaN(readDate(text(code), format))));
  const examples = quoteFields(table, column, [first, other ?? rest[0]]);
  return `they look like dates that are written in several ways, such as ${examples}; write them all in one way`;
}

/** Words of a table that stand for missing values. */
const missingIn = (table: Table): string[] =>
  table.columns.flatMap(({ values }) => values.filter((value) => value !== "" && isMissing(table, value)));

function hintOf(table: Table, what: string, { column, codes }: UsedColumn, others: readonly number[]): string {
  const rows = new Map(others.map((code) => [code, 0]));
  for (const code of codes) if (rows.has(code)) rows.set(code, (rows.get(code) as number) + 1);
  const ranked = [...others].sort((a, b) => (rows.get(b) as number) - (rows.get(a) as number));
  const words = ranked.slice(0, MOST).map((code) => column.values[code]);
  const count = [...rows.values()].reduce((sum, n) => sum + n, 0);
  const named = words.map((word) => show(word)).join(", ");
  const have = others.length > words.length ? `others, such as ${named}` : named;
  // Words that are given stand in the place of the usual ones.
  const list = JSON.stringify([...new Set([...missingIn(table), ...words])].join(","));
  const [it, are] = others.length === 1 ? ["it", "that is a missing value"] : ["them", "those are missing values"];
  return `most are ${what}, but ${counted(count, "row")} ${count === 1 ? "has" : "have"} ${have}: if ${are}, ${naming(it, "missing", list)}, else correct ${it}`;
}
