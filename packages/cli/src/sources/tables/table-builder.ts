// Puts tables together from rows of fields, as CSV files have them.
import { DataError } from "tidu";
import { ColumnBuilder } from "./column-builder.js";
import { missingWords } from "./dialect.js";
import { hasHeader } from "./header.js";
import type { Table } from "./table.js";

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

  add(record: readonly string[], line: number): void {
    if (this.#first === undefined) {
      this.#first = { record, line };
      this.#columns = record.map(() => new ColumnBuilder());
    } else this.#row(record, line);
  }

  #row(record: readonly string[], line: number): void {
    if (record.length === this.#columns.length + 1) this.#nameRows();
    if (record.length !== this.#columns.length) {
      const delimiter = JSON.stringify(this.delimiter);
      const before = this.#rowNames ? "the second" : "the first";
      throw new DataError(
        `${this.file}: line ${line}: ${record.length} fields between ${delimiter}, ${before} line has ${this.#columns.length}: fix the line or set the delimiter`,
      );
    }
    this.#columns.forEach((column, i) => column.add(record[i]));
    this.#lines.push(line);
  }

  /** In files of R the names of the rows stand first, in a column that has no name. */
  #nameRows(): void {
    if (this.#first === undefined || this.begun || this.rows > 0 || this.writing.header === false) return;
    this.#first = { ...this.#first, record: ["", ...this.#first.record] };
    this.#columns = [new ColumnBuilder(), ...this.#columns];
    this.#rowNames = true;
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
    const columns = this.#columns.map((column, i) => column.finish(names[i], first?.record[i]));
    const lines = Int32Array.from(first === undefined ? this.#lines : [first.line, ...this.#lines]);
    const notes = known === undefined ? this.#notes(header) : [];
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
    if (this.#first === undefined) throw new DataError(`${this.file}: line 1: the file is empty: add rows`);
    const { record, line } = this.#first;
    const samples = (): string[][] => this.#columns.map((column) => column.texts(SAMPLE));
    const header = this.writing.header ?? (this.#rowNames || hasHeader(record, samples()));
    if (header && this.#lines.length === 0) {
      throw new DataError(`${this.file}: line 2: there are no rows below the names of the columns: add some`);
    }
    this.#names = header ? this.#checked(record, line) : record.map((_, i) => `column ${i + 1}`);
    return header;
  }

  #notes(header: boolean): string[] {
    const { encoding } = this.writing;
    const last = this.#names?.at(-1);
    return [
      ...(header
        ? []
        : [`${this.file}: the first line is a row like the others; columns are named column 1 to ${last}`]),
      ...(encoding === "utf-8" ? [] : [`${this.file}: read as ${encoding}`]),
    ];
  }

  #checked(names: readonly string[], line: number): readonly string[] {
    const twice = names.findIndex((name, i) => names.indexOf(name) < i);
    if (twice < 0) return names;
    throw new DataError(
      `${this.file}: line ${line}, column ${twice + 1}: the name "${names[twice]}" is there twice; make the first line names, or say that there is no header`,
    );
  }
}

/** Rows that the first line is compared with. */
const SAMPLE = 1000;
