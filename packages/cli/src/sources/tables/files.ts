// Finds the tables that belong together: one file, or those named train, validation and test in a folder.

import { DataError } from "tidu";
import type { Fingerprint } from "../fingerprint.js";
import { basename, join, readdir } from "../node.js";
import { makeParts, type PartName, type Parts, partOf } from "../parts.js";
import { nameOf, type TableFile } from "./bytes.js";
import type { Dialect } from "./dialect.js";
import { parseTable, readBytes, tableFormOf } from "./forms.js";
import type { Table, TableForm } from "./table.js";

/** Whether a file in a folder is taken for a table. */
export const isTableOfFolder = (name: string): boolean => tableFormOf(name) !== undefined;

/**
 * Reads one file of a table, or those of a folder.
 *
 * @param form of a file whose name does not say it.
 */
export async function readTables(
  path: TableFile,
  isFolder: boolean,
  dialect: Dialect,
  fingerprint: Fingerprint,
  form?: TableForm,
): Promise<Parts<Table>> {
  let header = dialect.header;
  const read = async (file: TableFile): Promise<Table> => {
    const bytes = await readBytes(file);
    fingerprint.add(basename(nameOf(file)), bytes);
    const table = await parseTable(bytes, file, { ...dialect, header }, form);
    // The other files are written as the first.
    header ??= table.dialect.header;
    return table;
  };
  if (!isFolder || typeof path !== "string") return { train: await read(path) };
  const names = (await readdir(path)).filter(isTableOfFolder);
  if (names.length === 1) return { train: await read(join(path, names[0])) };
  const find = async (part: PartName): Promise<Table | undefined> => {
    const name = names.find((n) => partOf(n.replace(/\..*$/, "")) === part);
    return name === undefined ? undefined : read(join(path, name));
  };
  const train = await find("train");
  if (train !== undefined) return makeParts(train, await find("validation"), await find("test"));
  throw new DataError(
    `${path}: there is no table named train among ${names.join(", ")}; open one of the files by its name`,
  );
}
