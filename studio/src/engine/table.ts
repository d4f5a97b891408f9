// A person's own table: rows of a CSV file as inputs and what is to be learned of them.
import { isMissingValue, missingWords } from "../../../packages/cli/src/sources/tables/dialect.js";
import { certainDecimal, learnFormat, readNumber } from "../../../packages/cli/src/sources/tables/numbers.js";
import { areClasses, OFTEN } from "../../../packages/cli/src/sources/tables/target-rule.js";
import type { OwnData, Range } from "./data.js";
import { Troubled } from "./trouble.js";

/** A file as rows of fields, the first of which are the columns' names. */
export interface Table {
  readonly file: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The numbers of each column, NaN for a missing value; undefined of a column in which another field is no number. */
  readonly numbers: readonly (readonly number[] | undefined)[];
}

/** Columns that are inputs at most, and classes. */
const INPUTS = 16;
export const CLASSES = 10;
/** Rows that a table has at least. */
const ROWS = 4;
/** Words that stand for a missing value, as the command line has them. */
const MISSING = missingWords();
/** Different texts of a column that are looked at to find how its numbers are written. */
const LOOK = 1000;
const SEPARATORS = [",", ";", "\t", "|"] as const;
/** The first line by which spreadsheets name the separator. */
const SAYS = /^sep=(.)(?:\r\n?|\n)/i;

/** Reads CSV: fields in quotes may hold separators, line ends and doubled quotes (RFC 4180). */
export function readTable(text: string, file: string): Table {
  // What is not UTF-8 has become the sign for that.
  if (/[\0\uFFFD]/.test(text)) throw new Troubled({ code: "tableText", file });
  const whole = text.replace(/^\uFEFF/, "");
  const body = whole.replace(SAYS, "");
  const [first = ""] = body.split(/[\r\n]/, 1);
  const separator =
    SEPARATORS.find((s) => s === SAYS.exec(whole)?.[1]) ??
    SEPARATORS.reduce((best, s) => (first.split(s).length > first.split(best).length ? s : best));
  const [names, ...rows] = fieldsOf(body, separator, file);
  if (names === undefined || names.length < 2 || rows.length < ROWS) throw new Troubled({ code: "tableEmpty", file });
  const other = rows.findIndex((row) => row.length !== names.length);
  if (other >= 0)
    throw new Troubled({ code: "tableRow", file, row: other + 2, fields: rows[other].length, names: names.length });
  const columns = names.map((_, i) => rows.map((row) => row[i].trim()));
  return { file, names: names.map((name) => name.trim()), rows, numbers: numbersOf(columns, separator) };
}

/** The numbers of each column as the command line reads them: 1.5 or 1,5, as most columns show, 1,234.5, 12 kg, and nothing. */
function numbersOf(columns: readonly (readonly string[])[], separator: string): (readonly number[] | undefined)[] {
  const present = columns.map((texts) => [...new Set(texts)].filter((text) => !isMissingValue(MISSING, text)));
  const looks = present.map((texts) => texts.slice(0, LOOK));
  const marks = looks.map(certainDecimal);
  const [points, commas] = [".", ","].map((mark) => marks.filter((own) => own === mark).length);
  // Where semicolons stand between fields, spreadsheets write decimal commas.
  const comma = commas === points ? separator === ";" : commas > points;
  return columns.map((texts, i) => {
    const format = learnFormat(looks[i], { preferred: comma ? "," : "." });
    if (format === undefined || !present[i].every((text) => Number.isFinite(readNumber(text, format))))
      return undefined;
    return texts.map((text) => (isMissingValue(MISSING, text) ? Number.NaN : readNumber(text, format)));
  });
}

function fieldsOf(text: string, separator: string, file: string): string[][] {
  const rows: string[][] = [[]];
  // A field: in quotes, or up to the next separator or line end; then what ends it.
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))([${separator}]|\\r\\n?|\\n|$)`, "gy");
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    // A quote at the start of a field that nothing closes takes part in no field, or in one without quotes.
    if (found === null || found[2]?.startsWith('"')) throw new Troubled({ code: "tableQuote", file, row: rows.length });
    rows[rows.length - 1].push(found[1]?.replaceAll('""', '"') ?? found[2]);
    if (/^[\r\n]/.test(found[3])) rows.push([]);
    else if (found[3] === "") break;
  }
  return rows.filter((row) => row.some((value) => value.trim() !== ""));
}

/** The columns of numbers beside the one that is to be learned. */
export const inputsOf = ({ numbers }: Table, target: number): number[] =>
  numbers.flatMap((own, i) => (own === undefined || i === target ? [] : [i]));

/**
 * The table as data: inputs from -1 to 1, and classes, or numbers from -1 to 1 of a column of numbers that are not those
 * of classes by the rule of the command line, or are more than can be told apart here. Missing values are treated as there:
 * rows without a target are left out, and inputs get the mean of their column. A feature that marks them is not added,
 * since the plane would have no place for it.
 */
export function tableData(table: Table, target: number): OwnData {
  const { file, names } = table;
  const { rows, words } = labelledRows(table, target);
  const given = inputsOf(table, target).flatMap((column) => {
    const numbers = rows.map((row) => table.numbers[column]?.[row] ?? Number.NaN);
    return numbers.every(Number.isNaN) ? [] : [{ column, ...filled(numbers) }];
  });
  if (given.length === 0) throw new Troubled({ code: "tableNumbers", file });
  const used = given.slice(0, INPUTS);
  const ranges = used.map(({ numbers }) => rangeOf(numbers));
  const scaled = used.map(({ numbers }, i) => scale(numbers, ranges[i]));
  const inputs = Float32Array.from(
    { length: rows.length * used.length },
    (_, i) => scaled[i % used.length][Math.floor(i / used.length)],
  );
  const withGaps = used.filter(({ gaps }) => gaps > 0);
  const shared = {
    kind: "table",
    inputs,
    shape: [used.length],
    columns: used.map(({ column }) => names[column]),
    ranges,
    leftOut: {
      texts: names.filter((_, i) => i !== target && given.every(({ column }) => column !== i)),
      more: given.slice(INPUTS).map(({ column }) => names[column]),
      rows: table.rows.length - rows.length,
    },
    filled: {
      fields: withGaps.reduce((sum, { gaps }) => sum + gaps, 0),
      columns: withGaps.map(({ column }) => names[column]),
    },
  } as const;
  const classes = [...new Set(words)].sort();
  const numbers = table.numbers[target] && rows.map((row) => table.numbers[target]?.[row] ?? Number.NaN);
  if (numbers !== undefined && !areClasses(numbers, CLASSES)) {
    const range = rangeOf(numbers);
    if (range.low === range.high) throw new Troubled({ code: "tableTarget", file, column: names[target], classes: 1 });
    return { ...shared, targets: Float32Array.from(scale(numbers, range)), target: { ...range, name: names[target] } };
  }
  if (classes.length < 2 || classes.length > CLASSES) {
    throw new Troubled({ code: "tableTarget", file, column: names[target], classes: classes.length });
  }
  return { ...shared, targets: Uint8Array.from(words, (word) => classes.indexOf(word)), classes };
}

/** The rows whose target is there, and the targets. Throws Troubled where there are too few. */
function labelledRows({ file, names, rows, numbers }: Table, target: number) {
  const all = rows.map((row) => row[target].trim());
  const shares = new Map<string, number>();
  for (const word of all) shares.set(word, (shares.get(word) ?? 0) + 1 / all.length);
  // Among words, one that many rows have is a class, whatever it says.
  const isClass = (word: string) => word !== "" && numbers[target] === undefined && (shares.get(word) ?? 0) > OFTEN;
  const kept = all.flatMap((word, row) => (isMissingValue(MISSING, word) && !isClass(word) ? [] : [row]));
  if (kept.length < ROWS) throw new Troubled({ code: "tableNoTarget", file, rows: kept.length, column: names[target] });
  return { rows: kept, words: kept.map((row) => all[row]) };
}

/** A column's numbers with its mean in place of those that are missing, and how many these are. */
function filled(numbers: readonly number[]): { readonly numbers: readonly number[]; readonly gaps: number } {
  const known = numbers.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  return {
    numbers: numbers.map((value) => (Number.isNaN(value) ? mean : value)),
    gaps: numbers.length - known.length,
  };
}

function rangeOf(values: readonly number[]): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** Numbers moved and stretched so that they reach from -1 to 1. */
const scale = (values: readonly number[], { low, high }: Range): number[] =>
  values.map((value) => (high > low ? (2 * (value - low)) / (high - low) - 1 : 0));
