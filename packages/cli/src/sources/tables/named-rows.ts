// Tables of rows that name their values, as JSON does: a row may lack some, and bring new ones.
import { DataError } from "tidu";
import { ColumnBuilder, type Value } from "./column-builder.js";
import { type Dialect, missingWords } from "./dialect.js";
import type { Table } from "./table.js";

/** A row by the names of its columns. */
export type NamedRow = ReadonlyMap<string, Value>;

/** Collects rows by columns. A column that was once there stays. */
export class NamedRowsBuilder {
  #columns = new Map<string, ColumnBuilder>();
  #places: number[] = [];
  #begun = false;

  constructor(
    readonly file: string,
    readonly form: Table["form"],
    readonly dialect: Dialect,
  ) {}

  /** Rows since the last `take`. */
  get rows(): number {
    return this.#places.length;
  }

  /** @param place number of the row's line, or of the row, from 1. */
  add(row: NamedRow, place: number): void {
    for (const [name, value] of row) this.#column(name).add(value);
    this.#places.push(place);
    for (const column of this.#columns.values()) if (column.length < this.rows) column.add("");
  }

  #column(name: string): ColumnBuilder {
    const column = this.#columns.get(name) ?? new ColumnBuilder(this.rows);
    this.#columns.set(name, column);
    return column;
  }

  /**
   * The rows since the last call, as a table.
   *
   * @throws DataError for a file without rows.
   */
  take(): Table {
    if (this.rows === 0 && !this.#begun) throw new DataError(`${this.file}: there are no rows in it; add some`);
    this.#begun = true;
    const { missing, encoding = "utf-8" } = this.dialect;
    const columns = [...this.#columns].map(([name, column]) => column.finish(name));
    const lines = Int32Array.from(this.#places);
    this.#columns = new Map([...this.#columns.keys()].map((name) => [name, new ColumnBuilder()]));
    this.#places = [];
    return {
      file: this.file,
      form: this.form,
      columns,
      lines,
      dialect: { delimiter: ",", header: true, encoding },
      missing: missingWords(missing),
      notes: [],
    };
  }

  /** Whether there is something to take at the end. */
  get pending(): boolean {
    return this.rows > 0 || !this.#begun;
  }
}
