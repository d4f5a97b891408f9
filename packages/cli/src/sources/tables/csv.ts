import { isUtf8 } from "node:buffer";
import type { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { DataError, FormatError } from "tidu";

/** A column as it is written. Equal values are kept once. */
export interface TextColumn {
  readonly name: string;
  /** The different values. */
  readonly values: readonly string[];
  /** For each row, which of them it has. */
  readonly codes: Int32Array;
}

/** A CSV file with a header. */
export interface Table {
  readonly file: string;
  readonly columns: readonly TextColumn[];
  readonly delimiter: string;
  /** For each row, the line of the file on which it ends, from 1. */
  readonly lines: Int32Array;
}

const DELIMITERS = [",", ";", "\t", "|"];
const NEWLINE = 0x0a;

/**
 * Reads a CSV file: UTF-8, its first line the names of the columns; quotes as in RFC 4180.
 *
 * @param delimiter default: the one that the first line has most of.
 * @throws FormatError, with the byte offset and the line, for text that is not UTF-8 or a quote out of place; DataError
 *   for a row of more or fewer fields than columns, names that repeat or look like data, and files without rows.
 */
export function readTable(bytes: Uint8Array, file: string, delimiter?: string): Table {
  checkText(bytes, file);
  const used = delimiter ?? inferDelimiter(bytes);
  const builder = new TableBuilder(file, used);
  try {
    parse(bytes, {
      bom: true,
      delimiter: used,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record: string[], { lines }) => builder.add(record, lines),
    });
  } catch (error) {
    throw asFormatError(error, file);
  }
  return builder.finish();
}

function checkText(bytes: Uint8Array, file: string): void {
  if (isUtf8(bytes)) return;
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(NEWLINE); end >= 0 && isUtf8(bytes.subarray(start, end)); line++) {
    start = end + 1;
    end = bytes.indexOf(NEWLINE, start);
  }
  throw new FormatError(file, start, `line ${line} is not UTF-8 text: save the file as CSV in UTF-8`);
}

function inferDelimiter(bytes: Uint8Array): string {
  const end = bytes.indexOf(NEWLINE);
  const header = Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString("utf8");
  const outside = header.replaceAll(/"[^"]*"/g, "");
  const uses = DELIMITERS.map((delimiter) => outside.split(delimiter).length);
  return DELIMITERS[uses.indexOf(Math.max(...uses))];
}

function asFormatError(error: unknown, file: string): unknown {
  const { code, bytes, lines, message } = error as CsvError & { bytes: number; lines: number };
  if (code === undefined) return error;
  const [problem] = message.split(/[:,] /);
  return new FormatError(file, bytes, `line ${lines}: ${problem.toLowerCase()}: write a quote inside quotes as ""`);
}

/** Collects rows by columns. */
class TableBuilder {
  #columns: ColumnBuilder[] | undefined;
  readonly #lines: number[] = [];

  constructor(
    readonly file: string,
    readonly delimiter: string,
  ) {}

  /** Returns null, so that the parser keeps nothing. */
  add(record: readonly string[], line: number): null {
    if (this.#columns === undefined) this.#columns = this.#header(record, line);
    else this.#row(record, line, this.#columns);
    return null;
  }

  #header(names: readonly string[], line: number): ColumnBuilder[] {
    const fail = (column: number, problem: string): never => {
      throw new DataError(`${this.file}: line ${line}, column ${column + 1}: ${problem}: make the first line names`);
    };
    names.forEach((name, i) => {
      if (/^[+-]?\d*\.\d+$/.test(name)) fail(i, `${name} is a number, expected the name of a column`);
      if (names.indexOf(name) < i) fail(i, `the name "${name}" stands twice`);
    });
    return names.map((name) => new ColumnBuilder(name));
  }

  #row(record: readonly string[], line: number, columns: readonly ColumnBuilder[]): void {
    if (record.length !== columns.length) {
      const delimiter = JSON.stringify(this.delimiter);
      throw new DataError(
        `${this.file}: line ${line}: ${record.length} fields between ${delimiter}, the header has ${columns.length} columns: mend the line or set delimiter`,
      );
    }
    columns.forEach((column, i) => column.add(record[i]));
    this.#lines.push(line);
  }

  finish(): Table {
    if (this.#columns === undefined || this.#lines.length === 0) {
      throw new DataError(`${this.file}: line 2: there are no rows below the names of the columns: add some`);
    }
    const columns = this.#columns.map((column) => column.finish());
    return { file: this.file, columns, delimiter: this.delimiter, lines: Int32Array.from(this.#lines) };
  }
}

class ColumnBuilder {
  readonly #codes: number[] = [];
  readonly #known = new Map<string, number>();

  constructor(readonly name: string) {}

  add(value: string): void {
    const code = this.#known.get(value) ?? this.#known.size;
    if (code === this.#known.size) this.#known.set(value, code);
    this.#codes.push(code);
  }

  finish(): TextColumn {
    return { name: this.name, values: [...this.#known.keys()], codes: Int32Array.from(this.#codes) };
  }
}
