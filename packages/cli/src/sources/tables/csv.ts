// Reads tables of delimited text, whole or some rows at a time, and finds out which characters divide it.
// csv-parse: kept up, RFC 4180 in full. In browsers it brings what it needs of Node along; see "imports" in package.json.

import { FormatError } from "tidu";
import { type CsvError, type InfoRecord, type Options, parse as parseStream } from "#csv-parse";
import { parse } from "#csv-parse/sync";
import { type Dialect, MISSING } from "./dialect.js";
import { textsOf, toUtf8 } from "./encoding.js";
import type { Table } from "./table.js";
import { TableBuilder } from "./table-builder.js";

const DELIMITERS = ["\t", ";", "|", ","];
/** The first line by which spreadsheets name the delimiter. */
const SAYS = /^\ufeff?sep=(.)$/i;
/** Bytes and lines that are looked at to find the delimiter. */
const [LOOK, LINES] = [1 << 16, 50];

/** In browsers the parser has a kind of bytes of its own, and takes no other. */
const isNode = "Buffer" in globalThis;

/**
 * Reads a CSV file; quotes as in RFC 4180.
 *
 * @throws FormatError, with the byte offset and the line, for bytes that are not text or a quote out of place; DataError
 *   for a row of more or fewer fields than columns, names that repeat, and files without rows.
 */
export function readTable(raw: Uint8Array, file: string, dialect: Dialect = {}): Table {
  const { bytes, encoding } = toUtf8(raw, file, dialect.encoding);
  const builder = builderFor(bytes, file, { ...dialect, encoding });
  try {
    parse(
      isNode ? bytes : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
      parserOptions(builder, () => {}),
    );
  } catch (error) {
    throw asFormatError(error, builder);
  }
  return builder.take();
}

/**
 * The same, `size` rows at a time, of a file that need not fit into the memory.
 *
 * @param chunks the file's bytes, from its beginning.
 */
export async function* streamTable(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  dialect: Dialect,
  size: number,
): AsyncGenerator<Table, void, void> {
  const ready: Table[] = [];
  let parser:
    | { readonly builder: TableBuilder; readonly write: (text: string | undefined) => Promise<void> }
    | undefined;
  for await (const { text, encoding } of textsOf(chunks, file, dialect.encoding)) {
    if (parser === undefined) {
      const builder = builderFor(new TextEncoder().encode(text.slice(0, LOOK)), file, { ...dialect, encoding }, true);
      const onRow = (): void => {
        if (builder.rows >= size) ready.push(builder.take());
      };
      parser = { builder, write: writerTo(builder, onRow) };
    }
    await parser.write(text);
    while (ready.length > 0) yield ready.shift() as Table;
  }
  await parser?.write(undefined);
  while (ready.length > 0) yield ready.shift() as Table;
  const builder =
    parser?.builder ?? new TableBuilder(file, { ...dialect, delimiter: ",", encoding: "utf-8", missing: [] });
  if (builder.rows > 0 || !builder.begun) yield builder.take();
}

/** Writes to a parser; undefined ends it. Resolves once the rows were given, rejects with what is wrong. */
function writerTo(builder: TableBuilder, onRow: () => void): (text: string | undefined) => Promise<void> {
  const parser = parseStream(parserOptions(builder, onRow));
  parser.resume();
  return (text) =>
    new Promise((done, fail) => {
      const stop = (error: unknown): void => fail(asFormatError(error, builder));
      parser.once("error", stop);
      const next = (): void => {
        parser.off("error", stop);
        done();
      };
      if (text === undefined) parser.once("end", next).end();
      else parser.write(text, (error) => (error ? stop(error) : next()));
    });
}

/** Gives each record to the builder, and tells when. Nothing is kept by the parser. */
const parserOptions = (builder: TableBuilder, onRow: () => void): Options => ({
  bom: true,
  delimiter: builder.delimiter,
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
  on_record: (record: string[], { lines }: InfoRecord): null => {
    if (lines === 1 && SAYS.test(record.join(builder.delimiter))) return null;
    // Several blanks divide two fields, as one does.
    builder.add(builder.delimiter === " " ? record.filter((text) => text !== "") : record, lines);
    onRow();
    return null;
  },
});

/** @param cut whether the bytes may end inside the file. */
function builderFor(
  bytes: Uint8Array,
  file: string,
  dialect: Dialect & { encoding: string },
  cut = false,
): TableBuilder {
  const { delimiter, usual, missing = MISSING } = dialect;
  return new TableBuilder(file, { ...dialect, missing, delimiter: delimiter ?? inferDelimiter(bytes, usual, cut) });
}

function inferDelimiter(bytes: Uint8Array, usual: string | undefined, cut: boolean): string {
  const lines = new TextDecoder().decode(bytes.subarray(0, LOOK)).split(/\r\n|[\r\n]/);
  // The last line of what was looked at may be cut.
  const said = SAYS.exec(lines[0])?.[1];
  if (said !== undefined) return said;
  const whole = (bytes.length > LOOK || (cut && lines.length > 1) ? lines.slice(0, -1) : lines)
    .filter((line) => line.trim() !== "")
    .slice(0, LINES);
  const unquoted = whole.map((line) => line.replaceAll(/"[^"]*"/g, ""));
  const counts = (delimiter: string): number[] => unquoted.map((line) => line.split(delimiter).length);
  const candidates = usual === undefined ? DELIMITERS : [usual, ...DELIMITERS];
  const dividesAlike = ([first, ...rest]: number[]): boolean => first > 1 && rest.every((count) => count === first);
  const alike = candidates.find((delimiter) => dividesAlike(counts(delimiter)));
  if (alike !== undefined) return alike;
  const blanks = unquoted.map((line) => line.trim().split(/ +/).length);
  const undivided = candidates.every((delimiter) => counts(delimiter).every((count) => count === 1));
  if (undivided && usual === undefined && blanks.length > 1 && dividesAlike(blanks)) return " ";
  const inFirst = DELIMITERS.map((delimiter) => counts(delimiter)[0] ?? 0);
  return usual ?? DELIMITERS[inFirst.lastIndexOf(Math.max(...inFirst))];
}

/** The parser counts on to where it stops: a quote that goes wrong was opened in the row after the last whole one. */
function asFormatError(error: unknown, { file, line }: TableBuilder): unknown {
  const { code, bytes, lines, message } = error as CsvError & { bytes: number; lines: number };
  if (code === undefined) return error;
  const [problem] = message.split(/[:,] /);
  const [at, mend] = [line + 1, `write a quote inside quotes as ""`];
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    return new FormatError(file, bytes, `line ${at}: a quote is opened here and not closed; close it, or ${mend}`);
  }
  const since = at < lines ? `, of a row that begins in line ${at}` : "";
  return new FormatError(file, bytes, `line ${lines}${since}: ${problem.toLowerCase()}; ${mend}`);
}
