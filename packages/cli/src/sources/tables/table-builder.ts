// Puts tables together from rows of fields, as CSV files have them.
import { DataError } from "tidu";
import { optionName } from "../option-names.js";
import { ColumnBuilder } from "./column-builder.js";
import { missingWords } from "./dialect.js";
import { hasHeader } from "./header.js";
import { oneOfEachName } from "./repeated-names.js";
import type { Table, TextColumn } from "./table.js";

/** What a builder knows of how its rows are written. */
export interface Writing {
  readonly delimiter: string;
  readonly encoding: string;
  /** Default: by comparing the first record with the others. */
  readonly header?: boolean;
  readonly missing: readonly string[];
}

/** Collects rows by columns. */
export class TableBuilder {
  #first: { readonly record: readonly string[]; readonly line: number } | undefined;
  /** Once it is known whether the first record has them. */
  #names: readonly string[] | undefined;
  #columns: readonly ColumnBuilder[] = [];
  #lines: number[] = [];
  /** Whether rows begin with a name of their own, of which the first record tells nothing. */
  #rowNames = false;
  /** Fields beyond the first record by which the first row ends, all of them empty. */
  #beyond = 0;
  #line = 0;

  constructor(
    readonly file: string,
    readonly writing: Writing,
  ) {}

  get delimiter(): string {
    return this.writing.delimiter;
  }

  /** Rows since the last `take`, below the first record. */
  get rows(): number {
    return this.#lines.length;
  }

  /** Whether a table was taken. */
  get begun(): boolean {
    return this.#names !== undefined;
  }

  /** The line on which the last row ends; 0 before the first. */
  get line(): number {
    return this.#line;
  }

  add(record: readonly string[], line: number): void {
    this.#line = line;
    if (this.#first === undefined) {
      this.#first = { record, line };
      this.#columns = record.map(() => new ColumnBuilder());
    } else this.#row(record, line);
  }

  #row(record: readonly string[], line: number): void {
    if (record.length > this.#columns.length) this.#widen(record);
    if (record.length !== this.#columns.length) throw this.#uneven(record.length, line);
    if (this.#beyond > 0 && record.slice(-this.#beyond).some((text) => text !== "")) this.#nameFirst(line);
    this.#columns.forEach((column, i) => column.add(record[i]));
    this.#lines.push(line);
  }

  #uneven(fields: number, line: number, own = this.#columns.length): DataError {
    const before = this.#rowNames ? "the second" : "the first";
    const mend = own === 1 ? "remove the lines above the names of the columns," : "fix the line";
    return new DataError(
      `${this.file}: line ${line}: ${fields} fields between ${JSON.stringify(this.delimiter)}, ${before} line has ${own}; ${mend} or set ${optionName("delimiter")}`,
    );
  }

  /**
   * The first row may be longer than the names: other programs end each row by delimiters; in files of R the names of the
   * rows stand first, in a column that has no name, and the first row's last value may be missing. Names of rows are all different:
   * where they are not, a delimiter inside a field divided it.
   */
  #widen(record: readonly string[]): void {
    if (this.#first === undefined || this.begun || this.rows > 0 || this.writing.header === false) return;
    const { record: names } = this.#first;
    const more = record.slice(names.length);
    const ends = more.every((text) => text === "");
    if (!ends && more.length > 1) return;
    this.#rowNames = !ends;
    this.#beyond = ends ? more.length : 0;
    this.#first = { ...this.#first, record: ends ? [...names, ...more] : ["", ...names] };
    this.#columns = this.#first.record.map(() => new ColumnBuilder());
  }

  /** A value at the end of a row, where the first has none: it was the names of the rows that had no name. */
  #nameFirst(line: number): void {
    if (this.#first === undefined || this.begun || this.#beyond > 1) {
      throw new DataError(
        `${this.file}: line ${line}: there is a value in a column that has no name; write the names of all columns in the first line`,
      );
    }
    const { record } = this.#first;
    this.#rowNames = true;
    this.#beyond = 0;
    this.#first = { ...this.#first, record: ["", ...record.slice(0, -1)] };
  }

  /**
   * The rows since the last call, as a table. The first decides whether there is a header.
   *
   * @throws DataError for a file without rows, and for names that repeat.
   */
  take(): Table {
    const { delimiter, encoding, missing } = this.writing;
    const known = this.#names;
    const header = known === undefined ? this.#begin() : true;
    const first = header ? undefined : this.#first;
    const names = this.#names as readonly string[];
    const all = this.#columns.map((column, i) => column.finish(names[i], first?.record[i]));
    const { columns, notes: left } = oneOfEachName(all, `${this.file}: line ${this.#first?.line}`);
    const lines = Int32Array.from(first === undefined ? this.#lines : [first.line, ...this.#lines]);
    const notes = known === undefined ? [...this.#notes(header, columns), ...left] : [];
    this.#columns = names.map(() => new ColumnBuilder());
    this.#lines = [];
    return {
      file: this.file,
      form: "csv",
      columns,
      lines,
      dialect: { delimiter, header, encoding },
      missing: missingWords(missing),
      notes,
    };
  }

  /** Settles the names; whether the first record has them. */
  #begin(): boolean {
    if (this.#first === undefined) throw new DataError(`${this.file}: line 1: the file is empty; add rows`);
    const { record } = this.#first;
    const samples = (): string[][] => this.#columns.map((column) => column.texts(SAMPLE));
    const header = this.writing.header ?? (this.#rowNames || hasHeader(record, samples()));
    if (header && this.#lines.length === 0) {
      throw new DataError(`${this.file}: line 2: there are no rows below the names of the columns; add some`);
    }
    if (this.#rowNames && this.#columns[0].different < this.rows) {
      this.#rowNames = false;
      throw this.#uneven(record.length, this.#lines[0], record.length - 1);
    }
    this.#names = header ? record : record.map((_, i) => `column ${i + 1}`);
    return header;
  }

  #notes(header: boolean, columns: readonly TextColumn[]): string[] {
    const { encoding } = this.writing;
    const last = this.#names?.at(-1);
    return [
      ...(header
        ? []
        : [`${this.file}: the first line is a row like the others; columns are named column 1 to ${last}`]),
      ...(this.#rowNames
        ? [
            `${this.file}: the first line has one name fewer than the others have fields; the first field of each row is its name`,
          ]
        : []),
      ...(encoding === "utf-8"
        ? []
        : [`${this.file}: its encoding is taken to be ${encoding}${doubtOf(encoding, columns)}`]),
    ];
  }
}

/** Characters of windows-1252's bytes that stand for none. */
const NONE = /[\u0080-\u009f]/;

/** What to do where text shows that its encoding is another. */
function doubtOf(encoding: string, columns: readonly TextColumn[]): string {
  const odd = columns.some(({ name, values }) => NONE.test(name) || values.some((value) => NONE.test(value)));
  if (encoding !== "windows-1252") return "";
  if (!odd) return `; if its letters look wrong, set ${optionName("encoding")}`;
  return `, but has bytes that stand for no character in it; set ${optionName("encoding")}, such as shift_jis, gb18030 or windows-1251`;
}

/** Rows that the first line is compared with. */
const SAMPLE = 1000;
