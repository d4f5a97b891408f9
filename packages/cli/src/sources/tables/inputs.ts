// From the rows of a table to inputs.
import { show } from "tidu/internal";
import { counted } from "../../text/numbers.js";
import type { TableColumn } from "../source.js";
import { type Encoder, encoderOf, featureCount, Misfit } from "./features.js";
import type { Table, TextColumn } from "./table.js";
import { columnOf, fieldError, fieldValue, isMissing } from "./values.js";

export interface EncodedRows {
  /** [rows, features]. */
  readonly inputs: Float32Array;
  /** What was missing or unknown. */
  readonly odd: OddFields;
}

/** How a field may be other than those of training. */
type Oddity = "missing" | "unknown";

const WORDS: Readonly<Record<TableColumn["kind"], string>> = {
  number: "number",
  date: "date",
  hash: "name",
  category: "name",
};

/** What became of missing values, and of names that training does not have. */
function becameOf(
  { kind }: TableColumn,
  { missing }: Encoder,
  oddity: Oddity,
): readonly [what: string, became: string] {
  const word = WORDS[kind];
  if (oddity === "unknown") return [`unknown ${word}`, "became no category"];
  if (kind === "category")
    return [`missing ${word}`, missing < 0 ? "became no category" : "became a separate category"];
  const became = kind === "hash" ? "became no name" : "became the mean";
  return [`missing ${word}`, missing < 0 ? became : `${became}, marked by an extra feature`];
}

/** Counts odd fields of a file, which may be read some rows at a time. */
export class OddFields {
  #rows = 0;
  readonly #counts = new Map<
    string,
    { readonly text: readonly [string, string]; readonly column: string; count: number }
  >();

  constructor(private readonly file: string) {}

  /** So many more rows were looked at. */
  addRows(count: number): void {
    this.#rows += count;
  }

  add(column: TableColumn, encoder: Encoder, oddity: Oddity, count: number): void {
    const key = JSON.stringify([column.name, oddity]);
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += count;
    else if (count > 0) this.#counts.set(key, { column: column.name, text: becameOf(column, encoder, oddity), count });
  }

  /** In lines for a person. */
  notes(): string[] {
    return [...this.#counts.values()].map(
      ({ column, text: [what, became], count }) =>
        `${this.file}: column ${show(column)}: ${counted(count, what)} in ${counted(this.#rows, "row")} ${became}`,
    );
  }
}

/**
 * Makes the features of rows; see `TablePreprocess`.
 *
 * @param odd what was counted before in the same file.
 * @throws DataError for a missing column, and for a value that does not fit its column, with its line.
 */
export function encodeRows(
  table: Table,
  rows: Int32Array,
  columns: readonly TableColumn[],
  odd = new OddFields(table.file),
): EncodedRows {
  const width = featureCount(columns);
  const inputs = new Float32Array(rows.length * width);
  odd.addRows(rows.length);
  let at = 0;
  for (const column of columns) {
    const own = columnOf(table, column.name);
    const encoder = encoderOf(column);
    const { features, unknown } = encodeValues(table, own, encoder);
    const missing = own.values.map((value) => isMissing(table, value));
    const counts = { missing: 0, unknown: 0 };
    rows.forEach((row, i) => {
      const code = own.codes[row];
      const [from, to] = [code * encoder.width, i * width + at];
      for (let f = 0; f < encoder.width; f++) inputs[to + f] = features[from + f];
      if (missing[code]) counts.missing++;
      else if (unknown.has(code)) counts.unknown++;
    });
    odd.add(column, encoder, "missing", counts.missing);
    odd.add(column, encoder, "unknown", counts.unknown);
    at += encoder.width;
  }
  return { inputs, odd };
}

/** The features of each different value of a column, and the codes of names that training does not have. */
function encodeValues(table: Table, own: TextColumn, encoder: Encoder) {
  const { width, missing } = encoder;
  const features = new Float32Array(own.values.length * width);
  const unknown = new Set<number>();
  for (const [code, value] of own.values.entries()) {
    if (isMissing(table, value)) {
      if (missing >= 0) features[code * width + missing] = 1;
      continue;
    }
    try {
      if (!encoder.write(fieldValue(own, code), features, code * width)) unknown.add(code);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      throw fieldError(table, own, code, `${error.message}; correct it or leave it empty`);
    }
  }
  return { features, unknown };
}
