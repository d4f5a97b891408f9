// Reads tables of Apache Parquet (parquet.apache.org), one row group at a time.

// hyparquet: kept up, no dependencies, small; hyparquet-compressors has the codecs that it leaves out. Loaded when needed.
import type { AsyncBuffer } from "hyparquet";
import { FormatError, TiduError } from "tidu";
import { systemReason } from "tidu/internal";
import { bytesOf, comesOnce, nameOf } from "./bytes.js";
import type { Dialect } from "./dialect.js";
import { rowFrom } from "./json-lines.js";
import { NamedRowsBuilder } from "./named-rows.js";
import type { Table } from "./table.js";

/** What can be read at any place. */
export const bufferOf = (bytes: Uint8Array): AsyncBuffer => ({
  byteLength: bytes.length,
  slice: (start, end) => new Uint8Array(bytes.slice(start, end)).buffer,
});

/** The content of a file, which is read where it is needed; of standard input and of gzip all of it. */
export async function openParquet(path: string): Promise<AsyncBuffer> {
  if (!/\.gz$/i.test(path) && !(await comesOnce(path))) {
    const { asyncBufferFromFile } = await import("hyparquet");
    return named(nameOf(path), () => asyncBufferFromFile(path));
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(path)) chunks.push(chunk);
  return bufferOf(Buffer.concat(chunks));
}

/**
 * Reads a table, `size` rows at a time. Numbers are numbers as such, dates texts as in ISO 8601; what is inside a struct is a
 * column of its own, as "size.height".
 *
 * @throws FormatError for a damaged file, or a codec that is not known; DataError for a file without rows.
 */
export async function* streamParquet(
  file: AsyncBuffer,
  name: string,
  dialect: Dialect,
  size: number,
): AsyncGenerator<Table, void, void> {
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const builder = new NamedRowsBuilder(name, "parquet", dialect);
  const metadata = await named(name, () => parquetMetadataAsync(file));
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    const rows = await named(name, () => parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd }));
    for (const [i, row] of rows.entries()) {
      builder.add(rowFrom(row), rowStart + i + 1);
      if (builder.rows >= size) yield builder.take();
    }
    rowStart = rowEnd;
  }
  if (builder.pending) yield builder.take();
}

/** Says which file it is. */
async function named<T>(name: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    if (cause instanceof TiduError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== undefined) throw new TiduError(`cannot read ${name}: ${systemReason(cause)}`, { cause });
    throw new FormatError(name, 0, `it cannot be read as Parquet: ${message}`);
  }
}
