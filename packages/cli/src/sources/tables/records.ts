// From rows of a table that are in memory to inputs.
import { DataError } from "tidu";
import { isPlain, show } from "tidu/internal";
import type { TableColumn, TablePreprocess } from "../source.js";
import { FARTHEST } from "../statistics.js";
import { missingWords } from "./dialect.js";
import { featureCount } from "./inputs.js";
import { PLAIN, readNumber } from "./numbers.js";

/** A row of a table: values by the names of their columns. */
export type TableRecord = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>;

type Value = TableRecord[string];

/** Writes the features of a value that is not missing, if it is known; false if training does not have it. */
type Writer = (value: Exclude<Value, null | undefined>, inputs: Float32Array, at: number) => boolean;

/** A column, and how its values become features. */
interface Field {
  readonly name: string;
  readonly width: number;
  readonly write: Writer;
  /** Where the feature of missing values is, counted from the column's first; -1 if they have none. */
  readonly missing: number;
}

export interface EncodedRecords {
  /** [rows, features]. */
  readonly inputs: Float32Array;
  /** For each row, the columns whose name training does not have. */
  readonly unknown: readonly (readonly string[])[];
}

/**
 * Makes inputs as `encodeRows` makes them of a file: a number stands for itself, a text is read as the training file's
 * were.
 *
 * @throws DataError, with row and column, for a column that is not there and a value that does not fit.
 */
export function recordEncoder({ columns, dialect }: TablePreprocess): (rows: readonly unknown[]) => EncodedRecords {
  const words = missingWords(dialect?.missing);
  const fields = columns.map(fieldOf);
  const names = columns.map(({ name }) => name).join(", ");
  const width = featureCount(columns);
  return (rows) => {
    const inputs = new Float32Array(rows.length * width);
    const unknown = rows.map((record, row) => {
      const odd: string[] = [];
      let at = row * width;
      for (const field of fields) {
        try {
          if (!writeField(field, valueIn(record, field.name, names), words, inputs, at)) odd.push(field.name);
        } catch (error) {
          if (!(error instanceof Misfit)) throw error;
          throw new DataError(`predict: row ${row}, column "${field.name}": ${error.message}`);
        }
        at += field.width;
      }
      return odd;
    });
    return { inputs, unknown };
  };
}

/** What is wrong with a value; where it stands is known further out. */
class Misfit extends Error {}

function valueIn(record: unknown, name: string, names: string): Value {
  if (!isPlain(record)) throw new Misfit(`the row is ${show(record)}; it must be an object with ${names}`);
  if (!Object.hasOwn(record as object, name)) {
    throw new Misfit(`it is not there; a row must have ${names}; null is a missing value`);
  }
  const value = (record as TableRecord)[name];
  if (typeof value === "object" && value !== null)
    throw new Misfit(`it is ${show(value)}; it must be a text or a number`);
  return typeof value === "string" ? value.trim() : value;
}

/** Writes a value's features; false if training does not have it. */
function writeField(
  { write, missing }: Field,
  value: Value,
  words: ReadonlySet<string>,
  inputs: Float32Array,
  at: number,
): boolean {
  const isMissing =
    value === null ||
    value === undefined ||
    value === "" ||
    (typeof value === "string" && words.has(value.toLowerCase()));
  if (!isMissing) return write(value, inputs, at);
  if (missing >= 0) inputs[at + missing] = 1;
  return true;
}

const fieldOf = (column: TableColumn): Field =>
  column.kind === "number" ? numberField(column) : categoryField(column);

/** Missing numbers are 0, which is the mean. */
function numberField({ name, mean, deviation, format = PLAIN }: Extract<TableColumn, { kind: "number" }>): Field {
  const write: Writer = (value, inputs, at) => {
    if (typeof value === "boolean") throw new Misfit(`it is ${value}; it must be a number, or null if it is missing`);
    const number = typeof value === "string" ? readNumber(value, format) : Number(value);
    if (Number.isNaN(number)) throw new Misfit(`${show(value)} is not a number; give null if it is missing`);
    const feature = (number - mean) / deviation;
    if (!(Math.abs(feature) < FARTHEST)) {
      throw new Misfit(
        `${number} is too far from the mean in training, ${Number(mean.toPrecision(4))}; correct it or give null`,
      );
    }
    inputs[at] = feature;
    return true;
  };
  return { name, width: 1, write, missing: -1 };
}

function categoryField({ name, categories }: Extract<TableColumn, { kind: "category" }>): Field {
  const places = new Map(categories.map((category, i) => [category, i]));
  const write: Writer = (value, inputs, at) => {
    const place = places.get(String(value));
    if (place !== undefined) inputs[at + place] = 1;
    return place !== undefined;
  };
  return { name, width: categories.length, write, missing: places.get("") ?? -1 };
}
