// A person's own table: rows of a CSV file as inputs and what is to be learned of them.
import { certainDecimal, learnFormat, readNumber } from "../../../packages/cli/src/sources/tables/numbers.js";
import { areClasses } from "../../../packages/cli/src/sources/tables/target-rule.js";
import type { OwnData, Range } from "./data.js";
import { Troubled } from "./trouble.js";

/** A file as rows of fields, the first of which are the columns' names. */
export interface Table {
  readonly file: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The numbers of each column; undefined of a column in which not every field is a number. */
  readonly numbers: readonly (readonly number[] | undefined)[];
}

/** Columns that are inputs at most, and classes. */
const INPUTS = 16;
export const CLASSES = 10;
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
  if (names === undefined || names.length < 2 || rows.length < 4) throw new Troubled({ code: "tableEmpty", file });
  const other = rows.findIndex((row) => row.length !== names.length);
  if (other >= 0)
    throw new Troubled({ code: "tableRow", file, row: other + 2, fields: rows[other].length, names: names.length });
  const columns = names.map((_, i) => rows.map((row) => row[i].trim()));
  return { file, names: names.map((name) => name.trim()), rows, numbers: numbersOf(columns, separator) };
}

/** The numbers of each column as the command line reads them: 1.5 or 1,5, as most columns show, 1,234.5 and 12 kg. */
function numbersOf(columns: readonly (readonly string[])[], separator: string): (readonly number[] | undefined)[] {
  const looks = columns.map((texts) => [...new Set(texts)].slice(0, LOOK));
  const marks = looks.map(certainDecimal);
  const [points, commas] = [".", ","].map((mark) => marks.filter((own) => own === mark).length);
  // Where semicolons stand between fields, spreadsheets write decimal commas.
  const comma = commas === points ? separator === ";" : commas > points;
  return columns.map((texts, i) => {
    const format = learnFormat(looks[i], { preferred: comma ? "," : "." });
    const numbers = format && texts.map((text) => readNumber(text, format));
    return numbers?.every(Number.isFinite) ? numbers : undefined;
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
 * of classes by the rule of the command line, or are more than can be told apart here.
 */
export function tableData(table: Table, target: number): OwnData {
  const { file, names, rows } = table;
  const all = inputsOf(table, target);
  if (all.length === 0) throw new Troubled({ code: "tableNumbers", file });
  const columns = all.slice(0, INPUTS);
  const given = columns.map((column) => table.numbers[column] ?? []);
  const ranges = given.map(rangeOf);
  const scaled = given.map((numbers, i) => scale(numbers, ranges[i]));
  const inputs = Float32Array.from(
    { length: rows.length * columns.length },
    (_, i) => scaled[i % columns.length][Math.floor(i / columns.length)],
  );
  const shared = {
    kind: "table",
    inputs,
    shape: [columns.length],
    columns: columns.map((i) => names[i]),
    ranges,
    leftOut: {
      texts: names.filter((_, i) => i !== target && table.numbers[i] === undefined),
      more: all.slice(INPUTS).map((i) => names[i]),
    },
  } as const;
  const words = rows.map((row) => row[target].trim());
  const empty = words.indexOf("");
  if (empty >= 0) throw new Troubled({ code: "tableNoTarget", file, row: empty + 2, column: names[target] });
  const classes = [...new Set(words)].sort();
  const numbers = table.numbers[target];
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
