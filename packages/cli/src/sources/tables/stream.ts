// Tables that are read some rows at a time, so that what is to be predicted may be larger than the memory.
import { bytesOf, nameOf, STDIN } from "./bytes.js";
import { type Dialect, streamTable } from "./csv.js";
import { encodingOf } from "./encoding.js";
import type { Table } from "./table.js";

/**
 * Reads the file of a table, `size` rows at a time.
 *
 * @throws as `readTable` does, when the rows at fault are reached.
 */
export async function* streamTableFile(
  path: string,
  dialect: Dialect,
  size: number,
): AsyncGenerator<Table, void, void> {
  // What comes in by standard input comes once: its beginning must do.
  const encoding = dialect.encoding ?? (path === STDIN ? undefined : await encodingOf(bytesOf(path)));
  yield* streamTable(bytesOf(path), nameOf(path), { ...dialect, encoding }, size);
}
