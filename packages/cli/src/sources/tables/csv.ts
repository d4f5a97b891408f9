// Reads tables of delimited text: which characters divide it, whether it has a header, and its columns.
import type { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { DataError, FormatError } from "tidu";
import { toUtf8 } from "./encoding.js";
import { hasHeader } from "./header.js";

/** A column as it is written. Equal values are kept once. */
export interface TextColumn {
  readonly name: string;
  /** The different values. */
  readonly values: readonly string[];
  /** For each row, which of them it has. */
  readonly codes: Int32Array;
}

/** A table of text. */
export interface Table {
  readonly file: string;
  readonly columns: readonly TextColumn[];
  /** For each row, the line of the file on which it ends, from 1. */
  readonly lines: Int32Array;
  /** How it was read. */
  readonly dialect: Required<Pick<Dialect, "delimiter" | "header" | "encoding">>;
  /** Words that stand for a missing value, in lower case. */
  readonly missing: ReadonlySet<string>;
  /** What a person should know of how it was read. */
  readonly notes: readonly string[];
}

/** Words that stand for a missing value, in any case, unless a person names others; the empty field always does. */
export const MISSING: readonly string[] = ["na", "n/a", "#n/a", "<na>", "nan", "null", "none", "?"];

/** What a person may say of how a table is written. What is left open is inferred. */
export interface Dialect {
  /** The character between fields. Default: whichever of tab, semicolon, bar and comma divides the lines alike. */
  readonly delimiter?: string;
  /** The character to take where several divide the lines alike, or none. */
  readonly usual?: string;
  /** Whether the first line names the columns. Default: by comparing it with the rows. */
  readonly header?: boolean;
  /** Name of the encoding. Default: UTF-8, UTF-16 or Windows-1252, as the bytes say. */
  readonly encoding?: string;
  /** Words that stand for a missing value. Default: `MISSING`. */
  readonly missing?: readonly string[];
}

const DELIMITERS = ["\t", ";", "|", ","];
/** Bytes and lines that are looked at to find the delimiter. */
const [LOOK, LINES] = [1 << 16, 50];

/**
 * Reads a CSV file; quotes as in RFC 4180.
 *
 * @throws FormatError, with the byte offset and the line, for bytes that are not text or a quote out of place; DataError
 *   for a row of more or fewer fields than columns, names that repeat, and files without rows.
 */
export function readTable(raw: Uint8Array, file: string, dialect: Dialect = {}): Table {
  const { delimiter, usual, header, encoding, missing = MISSING } = dialect;
  const { bytes, encoding: used } = toUtf8(raw, file, encoding);
  const between = delimiter ?? inferDelimiter(bytes, usual);
  const builder = new TableBuilder(file, between, header);
  try {
    parse(bytes, {
      bom: true,
      delimiter: between,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record: string[], { lines }) => builder.add(record, lines),
    });
  } catch (error) {
    throw asFormatError(error, file);
  }
  const words = new Set(missing.map((word) => word.toLowerCase()));
  return { ...builder.finish(used), missing: words };
}

function inferDelimiter(bytes: Uint8Array, usual: string | undefined): string {
  const lines = Buffer.from(bytes.subarray(0, LOOK))
    .toString("utf8")
    .split(/\r\n|[\r\n]/);
  // The last line of what was looked at may be cut.
  const whole = (bytes.length > LOOK ? lines.slice(0, -1) : lines).filter((line) => line.trim() !== "").slice(0, LINES);
  const unquoted = whole.map((line) => line.replaceAll(/"[^"]*"/g, ""));
  const counts = (delimiter: string): number[] => unquoted.map((line) => line.split(delimiter).length);
  const candidates = usual === undefined ? DELIMITERS : [usual, ...DELIMITERS];
  const dividesAlike = ([first, ...rest]: number[]): boolean => first > 1 && rest.every((count) => count === first);
  const alike = candidates.find((delimiter) => dividesAlike(counts(delimiter)));
  if (alike !== undefined) return alike;
  const inFirst = DELIMITERS.map((delimiter) => counts(delimiter)[0] ?? 0);
  return usual ?? DELIMITERS[inFirst.lastIndexOf(Math.max(...inFirst))];
}

function asFormatError(error: unknown, file: string): unknown {
  const { code, bytes, lines, message } = error as CsvError & { bytes: number; lines: number };
  if (code === undefined) return error;
  const [problem] = message.split(/[:,] /);
  return new FormatError(file, bytes, `line ${lines}: ${problem.toLowerCase()}: write a quote inside quotes as ""`);
}

/** Collects rows by columns. */
class TableBuilder {
  #first: { readonly record: readonly string[]; readonly line: number } | undefined;
  #columns: readonly ColumnBuilder[] = [];
  readonly #lines: number[] = [];

  constructor(
    readonly file: string,
    readonly delimiter: string,
    readonly header: boolean | undefined,
  ) {}

  /** Returns null, so that the parser keeps nothing. */
  add(record: readonly string[], line: number): null {
    if (this.#first === undefined) {
      this.#first = { record, line };
      this.#columns = record.map(() => new ColumnBuilder());
    } else this.#row(record, line);
    return null;
  }

  #row(record: readonly string[], line: number): void {
    if (record.length !== this.#columns.length) {
      const delimiter = JSON.stringify(this.delimiter);
      throw new DataError(
        `${this.file}: line ${line}: ${record.length} fields between ${delimiter}, the first line has ${this.#columns.length}: mend the line or set the delimiter`,
      );
    }
    this.#columns.forEach((column, i) => column.add(record[i]));
    this.#lines.push(line);
  }

  finish(encoding: string): Omit<Table, "missing"> {
    if (this.#first === undefined) throw new DataError(`${this.file}: line 1: the file is empty: add rows`);
    const { record, line } = this.#first;
    const header =
      this.header ??
      hasHeader(
        record,
        this.#columns.map((column) => column.texts(SAMPLE)),
      );
    if (header && this.#lines.length === 0) {
      throw new DataError(`${this.file}: line 2: there are no rows below the names of the columns: add some`);
    }
    const names = header ? this.#names(record, line) : record.map((_, i) => `column ${i + 1}`);
    const columns = this.#columns.map((column, i) => column.finish(names[i], header ? undefined : record[i]));
    const notes = [
      ...(header
        ? []
        : [
            `${this.file}: the first line is a row like the others; columns are named column 1 to column ${names.length}`,
          ]),
      ...(encoding === "utf-8" ? [] : [`${this.file}: read as ${encoding}`]),
    ];
    const lines = Int32Array.from(header ? this.#lines : [line, ...this.#lines]);
    return { file: this.file, columns, lines, dialect: { delimiter: this.delimiter, header, encoding }, notes };
  }

  #names(names: readonly string[], line: number): readonly string[] {
    const twice = names.findIndex((name, i) => names.indexOf(name) < i);
    if (twice < 0) return names;
    throw new DataError(
      `${this.file}: line ${line}, column ${twice + 1}: the name "${names[twice]}" stands twice: make the first line names, or say that there is no header`,
    );
  }
}

/** Rows that the first line is compared with. */
const SAMPLE = 1000;

class ColumnBuilder {
  readonly #codes: number[] = [];
  readonly #known = new Map<string, number>();

  add(value: string): void {
    this.#codes.push(this.#codeOf(value));
  }

  #codeOf(value: string): number {
    const code = this.#known.get(value) ?? this.#known.size;
    if (code === this.#known.size) this.#known.set(value, code);
    return code;
  }

  /** The first texts. */
  texts(most: number): string[] {
    const values = [...this.#known.keys()];
    return this.#codes.slice(0, most).map((code) => values[code]);
  }

  /** The column, with one more value before the others, if given. */
  finish(name: string, first: string | undefined): TextColumn {
    const before = first === undefined ? [] : [this.#codeOf(first)];
    return { name, values: [...this.#known.keys()], codes: Int32Array.from([...before, ...this.#codes]) };
  }
}
