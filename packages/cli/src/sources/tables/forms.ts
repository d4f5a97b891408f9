// The forms of files that hold tables: which one a file has, and how each is read.
import { readFile } from "tidu/internal";
import { bytesOf, comesOnce, gunzipAll, isPacked, nameOf, STDIN, type TableFile } from "./bytes.js";
import { readTable, streamTable } from "./csv.js";
import type { Dialect } from "./dialect.js";
import { encodingOf } from "./encoding.js";
import { streamJsonLines } from "./json-lines.js";
import { bufferOf, openParquet, streamParquet } from "./parquet.js";
import type { Table, TableForm } from "./table.js";

/** A way to keep tables in files. */
interface Form {
  /** What names end in, before a further .gz. */
  readonly endings: readonly string[];
  /** Reads a whole file. @param bytes its content, unpacked. */
  read(bytes: Uint8Array, file: string, dialect: Dialect): Table | Promise<Table>;
  /** Reads a file some rows at a time. */
  stream(path: string, dialect: Dialect, size: number): AsyncGenerator<Table, void, void>;
}

const FORMS: Readonly<Record<TableForm, Form>> = {
  csv: {
    endings: ["csv", "tsv"],
    read: readTable,
    async *stream(path, dialect, size) {
      // Of what comes once the beginning must do.
      const encoding = dialect.encoding ?? ((await comesOnce(path)) ? undefined : await encodingOf(bytesOf(path)));
      yield* streamTable(bytesOf(path), nameOf(path), { ...dialect, encoding }, size);
    },
  },
  jsonl: {
    endings: ["jsonl", "ndjson"],
    read: (bytes, file, dialect) => whole(streamJsonLines(once(bytes), file, dialect, Number.POSITIVE_INFINITY)),
    stream: (path, dialect, size) => streamJsonLines(bytesOf(path), nameOf(path), dialect, size),
  },
  parquet: {
    endings: ["parquet"],
    read: (bytes, file, dialect) => whole(streamParquet(bufferOf(bytes), file, dialect, Number.POSITIVE_INFINITY)),
    async *stream(path, dialect, size) {
      yield* streamParquet(await openParquet(path), nameOf(path), dialect, size);
    },
  },
};

async function whole(tables: AsyncGenerator<Table, void, void>): Promise<Table> {
  return (await tables.next()).value as Table;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}

export const TABLE_FORMS = Object.keys(FORMS) as readonly TableForm[];

/** The form that a file's name says; undefined if it says none. */
export function tableFormOf(name: string): TableForm | undefined {
  const ending = /\.(\w+)(\.gz)?$/.exec(name)?.[1].toLowerCase() ?? "";
  return TABLE_FORMS.find((form) => FORMS[form].endings.includes(ending));
}

/** The form of a file: as its name says, else `given`, else CSV. */
const formOf = (path: string, given: TableForm | undefined): Form => FORMS[tableFormOf(path) ?? given ?? "csv"];

/** The bytes of a file, or of standard input, as they are, to the end. */
export async function readBytes(path: TableFile): Promise<Uint8Array> {
  if (typeof path !== "string") return new Uint8Array(await path.arrayBuffer());
  if (path !== STDIN) return readFile(path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(path)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Makes a table of a file's bytes; unpacks what gzip has packed. */
export async function parseTable(
  bytes: Uint8Array,
  file: TableFile,
  dialect: Dialect,
  given: TableForm | undefined,
): Promise<Table> {
  const path = nameOf(file);
  const content = isPacked(bytes, path) ? await gunzipAll(bytes, path) : bytes;
  return formOf(path, given).read(content, nameOf(path), dialect);
}

/**
 * Reads the file of a table, `size` rows at a time.
 *
 * @param given its form, if its name does not say it.
 * @throws as `parseTable` does, when the rows at fault are reached.
 */
export async function* streamTableFile(
  file: TableFile,
  dialect: Dialect,
  size: number,
  given?: TableForm,
): AsyncGenerator<Table, void, void> {
  if (typeof file !== "string") yield await parseTable(await readBytes(file), file, dialect, given);
  else yield* formOf(file, given).stream(file, dialect, size);
}
