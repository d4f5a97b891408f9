// Collects the values of a column of a table; equal ones are kept once.
import type { TextColumn } from "./table.js";

/** What a row has in a column: text as it is written, or a number as such. */
export type Value = string | number;

export class ColumnBuilder {
  readonly #codes: number[] = [];
  readonly #known = new Map<Value, number>();

  /** @param rows rows that came before the column did: they have nothing in it. */
  constructor(rows = 0) {
    for (let i = 0; i < rows; i++) this.add("");
  }

  get length(): number {
    return this.#codes.length;
  }

  get different(): number {
    return this.#known.size;
  }

  add(value: Value): void {
    this.#codes.push(this.#codeOf(value));
  }

  #codeOf(value: Value): number {
    const code = this.#known.get(value) ?? this.#known.size;
    if (code === this.#known.size) this.#known.set(value, code);
    return code;
  }

  /** The first texts. */
  texts(most: number): string[] {
    const values = [...this.#known.keys()];
    return this.#codes.slice(0, most).map((code) => String(values[code]));
  }

  /** The column, with one more value before the others, if given. */
  finish(name: string, first?: string): TextColumn {
    const before = first === undefined ? [] : [this.#codeOf(first)];
    const [known, codes] = [[...this.#known.keys()], Int32Array.from([...before, ...this.#codes])];
    const column = { name, values: known.map(String), codes };
    if (!known.some((value) => typeof value === "number")) return column;
    return { ...column, numbers: Float64Array.from(known, (v) => (typeof v === "number" ? v : Number.NaN)) };
  }
}
