// A person's own table: rows of a CSV file as inputs and what is to be learned of them.
import type { OwnData } from "./data.js";
import { Troubled } from "./trouble.js";

/** A file as rows of fields, the first of which are the columns' names. */
export interface Table {
  readonly file: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Columns that are inputs at most, and classes. */
const INPUTS = 16;
export const CLASSES = 10;
const SEPARATORS = [",", ";", "\t"] as const;

/** Reads CSV: fields in quotes may hold separators, line ends and doubled quotes (RFC 4180). */
export function readTable(text: string, file: string): Table {
  const [first = ""] = text.split(/\r?\n/, 1);
  const separator = SEPARATORS.reduce((best, s) => (first.split(s).length > first.split(best).length ? s : best));
  const [names, ...rows] = fieldsOf(text.replace(/^\uFEFF/, ""), separator, file);
  if (names === undefined || names.length < 2 || rows.length < 4) throw new Troubled({ code: "tableEmpty", file });
  const other = rows.findIndex((row) => row.length !== names.length);
  if (other >= 0)
    throw new Troubled({ code: "tableRow", file, row: other + 2, fields: rows[other].length, names: names.length });
  return { file, names: names.map((name) => name.trim()), rows };
}

function fieldsOf(text: string, separator: string, file: string): string[][] {
  const rows: string[][] = [[]];
  // A field: in quotes, or up to the next separator or line end; then what ends it.
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, "gy");
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    // A quote at the start of a field that nothing closes takes part in no field, or in one without quotes.
    if (found === null || found[2]?.startsWith('"')) throw new Troubled({ code: "tableQuote", file, row: rows.length });
    rows[rows.length - 1].push(found[1]?.replaceAll('""', '"') ?? found[2]);
    if (/\n$/.test(found[3])) rows.push([]);
    else if (found[3] === "") break;
  }
  return rows.filter((row) => row.some((value) => value.trim() !== ""));
}

const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** The columns of numbers beside the one that is to be learned. */
export const inputsOf = ({ names, rows }: Table, target: number): number[] =>
  names
    .map((_, i) => i)
    .filter((i) => i !== target && rows.every((row) => Number.isFinite(numberOf(row[i]))))
    .slice(0, INPUTS);

/** The table as data: inputs from -1 to 1, and classes, or numbers from -1 to 1 of a column of many different numbers. */
export function tableData(table: Table, target: number): OwnData {
  const { file, names, rows } = table;
  const columns = inputsOf(table, target);
  if (columns.length === 0) throw new Troubled({ code: "tableNumbers", file });
  const scaled = columns.map((column) => scale(rows.map((row) => numberOf(row[column]))));
  const inputs = Float32Array.from(
    { length: rows.length * columns.length },
    (_, i) => scaled[i % columns.length][Math.floor(i / columns.length)],
  );
  const shared = { kind: "table", inputs, shape: [columns.length], columns: columns.map((i) => names[i]) } as const;
  const words = rows.map((row) => row[target].trim());
  const classes = [...new Set(words)].sort();
  if (classes.length > CLASSES && words.every((word) => Number.isFinite(numberOf(word)))) {
    return { ...shared, targets: Float32Array.from(scale(words.map(numberOf))) };
  }
  if (classes.length < 2 || classes.length > CLASSES) {
    throw new Troubled({ code: "tableTarget", file, column: names[target], classes: classes.length });
  }
  return { ...shared, targets: Uint8Array.from(words, (word) => classes.indexOf(word)), classes };
}

/** Numbers moved and stretched so that they reach from -1 to 1. */
function scale(values: readonly number[]): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return values.map((value) => (high > low ? (2 * (value - low)) / (high - low) - 1 : 0));
}
