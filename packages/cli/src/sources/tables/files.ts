// Finds the CSV files that belong together: one file, or train.csv, validation.csv and test.csv in a folder.
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError } from "tidu";
import { readFile } from "tidu/internal";
import type { Fingerprint } from "../fingerprint.js";
import { makeParts, type PartName, type Parts, partOf } from "../parts.js";
import { gunzipAll } from "./bytes.js";
import { type Dialect, readTable } from "./csv.js";
import type { Table } from "./table.js";

/** Whether a file is taken for a table. */
export const isTableName = (name: string): boolean => /\.(csv|tsv|txt)(\.gz)?$/i.test(name);
/** Whether a file in a folder is. */
export const isTableOfFolder = (name: string): boolean => /\.(csv|tsv)(\.gz)?$/i.test(name);

/** Reads one CSV file, or those of a folder. */
export async function readTables(
  path: string,
  isFolder: boolean,
  dialect: Dialect,
  fingerprint: Fingerprint,
): Promise<Parts<Table>> {
  let header = dialect.header;
  const read = async (file: string): Promise<Table> => {
    const bytes = await readFile(file);
    fingerprint.add(basename(file), bytes);
    const table = readTable(await unpacked(bytes, file), file, { ...dialect, header });
    // The other files are written as the first.
    header ??= table.dialect.header;
    return table;
  };
  if (!isFolder) return { train: await read(path) };
  const names = (await readdir(path)).filter(isTableOfFolder);
  if (names.length === 1) return { train: await read(join(path, names[0])) };
  const find = async (part: PartName): Promise<Table | undefined> => {
    const name = names.find((n) => partOf(n.replace(/\..*$/, "")) === part);
    return name === undefined ? undefined : read(join(path, name));
  };
  const train = await find("train");
  if (train !== undefined) return makeParts(train, await find("validation"), await find("test"));
  throw new DataError(`${path}: there is no train.csv among ${names.join(", ")}: open one of the files by its name`);
}

/** What gzip has packed into a file whose name says so. */
const unpacked = (bytes: Uint8Array, file: string): Uint8Array | Promise<Uint8Array> =>
  /\.gz$/i.test(file) ? gunzipAll(bytes, file) : bytes;
