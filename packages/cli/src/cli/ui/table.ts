// Aligned tables for the terminal.
import { truncate, visibleName } from "./terminal.js";

/** Characters of a cell: a path has them, a text that somebody has in a column of names may have any number. */
const WIDEST = 200;

type Align = "left" | "right";

/** Rows as aligned columns: the first to the left, the others, mostly numbers, to the right unless told. */
export const table = (rows: readonly (readonly string[])[], { align = "right" }: { align?: Align } = {}): string =>
  new GrowingTable(align).lines(rows);

/** A table whose rows come some at a time: its columns become wider where they must, and never narrower. */
export class GrowingTable {
  readonly #widths: number[] = [];

  constructor(private readonly align: Align = "right") {}

  lines(given: readonly (readonly string[])[]): string {
    const rows = given.map((row) => row.map((text) => truncate(visibleName(text), WIDEST)));
    for (const row of rows) {
      row.forEach((text, c) => (this.#widths[c] = Math.max(this.#widths[c] ?? 0, text.length)));
    }
    return rows
      .map((row) =>
        row
          .map((text, c) => this.#cell(text, c))
          .join("  ")
          .trimEnd(),
      )
      .join("\n");
  }

  #cell(text: string, c: number): string {
    return c === 0 || this.align === "left" ? text.padEnd(this.#widths[c]) : text.padStart(this.#widths[c]);
  }
}
