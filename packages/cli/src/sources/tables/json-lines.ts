// Reads tables of JSON lines (jsonlines.org): an object in each line.
import { FormatError } from "tidu";
import { isPlain, show } from "tidu/internal";
import type { Value } from "./column-builder.js";
import type { Dialect } from "./dialect.js";
import { textsOf } from "./encoding.js";
import { type NamedRow, NamedRowsBuilder } from "./named-rows.js";
import type { Table } from "./table.js";

/**
 * Reads JSON lines, `size` rows at a time. What is inside an object is a column of its own, as "size.height"; a list is
 * its text; null and what is not there are missing values.
 *
 * @param chunks the file's bytes, from its beginning.
 * @throws FormatError, with the byte offset and the line, for a line that is not an object; DataError for a file without rows.
 */
export async function* streamJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  dialect: Dialect,
  size: number,
): AsyncGenerator<Table, void, void> {
  const builder = new NamedRowsBuilder(file, "jsonl", dialect);
  for await (const { text, offset, line } of linesOf(chunks, file, dialect.encoding)) {
    if (text.trim() === "") continue;
    builder.add(rowOf(text, file, offset, line), line);
    if (builder.rows >= size) yield builder.take();
  }
  if (builder.pending) yield builder.take();
}

interface Line {
  readonly text: string;
  /** Bytes before it. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  encoding: string | undefined,
): AsyncGenerator<Line, void, void> {
  let [rest, offset, line] = ["", 0, 1];
  const next = (text: string): Line => {
    const found = { text: line === 1 ? text.replace(/^\ufeff/, "") : text, offset, line };
    offset += new TextEncoder().encode(text).length + 1;
    line++;
    return found;
  };
  for await (const { text } of textsOf(chunks, file, encoding)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    for (const whole of lines) yield next(whole);
  }
  yield next(rest);
}

function rowOf(text: string, file: string, offset: number, line: number): NamedRow {
  const at = (problem: string): FormatError => new FormatError(file, offset, `line ${line}: ${problem}`);
  const wrong = (problem: string): FormatError => at(`${problem}; it must be an object, such as {"length": 5.1}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong(`it is not JSON (${(cause as Error).message})`);
  }
  if (!isPlain(value)) throw wrong(`it is ${show(value)}`);
  if (isDeeper(value, DEEPEST))
    throw at(`it has more than ${DEEPEST} lists or objects inside each other; write them as columns`);
  return rowFrom(value as Readonly<Record<string, unknown>>);
}

/** Lists and objects inside each other. */
const DEEPEST = 100;

const isDeeper = (value: unknown, left: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (left === 0 || Object.values(value).some((inner) => isDeeper(inner, left - 1)));

/** The values of a record by the names of their columns. */
export function rowFrom(record: Readonly<Record<string, unknown>>): NamedRow {
  const row = new Map<string, Value>();
  const visit = (name: string, value: unknown): void => {
    if (isPlain(value)) for (const [key, inner] of Object.entries(value as object)) visit(`${name}.${key}`, inner);
    else row.set(name, fieldOf(value));
  };
  for (const [name, value] of Object.entries(record)) visit(name, value);
  return row;
}

function fieldOf(value: unknown): Value {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "string") return value.trim();
  // Midnight is that of a date without a time.
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
}
