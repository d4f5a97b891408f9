// From rows of a table that are in memory to inputs.
import { DataError } from "tidu";
import { isPlain, show } from "tidu/internal";
import type { TablePreprocess } from "../source.js";
import { missingWords } from "./dialect.js";
import { type Encoder, encoderOf, featureCount, Misfit, type PresentValue } from "./features.js";

/** A row of a table: values by the names of their columns. A Date stands for its moment in UTC. */
export type TableRecord = Readonly<Record<string, PresentValue | null | undefined>>;

type Value = TableRecord[string];

/** A column, and how its values become features. */
interface Field extends Encoder {
  readonly name: string;
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
  const fields: readonly Field[] = columns.map((column) => ({ ...encoderOf(column), name: column.name }));
  const names = columns.map(({ name }) => name).join(", ");
  const width = featureCount(columns);
  return (rows) => {
    const inputs = new Float32Array(rows.length * width);
    const unknown = rows.map((record, row) => {
      const odd: string[] = [];
      let at = row * width;
      for (const field of fields) {
        const where = `predict: row ${row}, column "${field.name}"`;
        try {
          if (!writeField(field, valueIn(record, field.name, names, where), words, inputs, at)) odd.push(field.name);
        } catch (error) {
          if (!(error instanceof Misfit)) throw error;
          throw new DataError(`${where}: ${error.message}; give null if it is missing`);
        }
        at += field.width;
      }
      return odd;
    });
    return { inputs, unknown };
  };
}

function valueIn(record: unknown, name: string, names: string, where: string): Value {
  if (!isPlain(record)) throw new DataError(`${where}: the row is ${show(record)}; it must be an object with ${names}`);
  if (!Object.hasOwn(record as object, name)) {
    throw new DataError(`${where}: it is missing; a row must have ${names}; null is a missing value`);
  }
  const value = (record as TableRecord)[name];
  if (typeof value === "object" && value !== null && !(value instanceof Date))
    throw new DataError(`${where}: it is ${show(value)}; it must be a text or a number`);
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
