// Images whose targets are in a table, one of whose columns has their names.

import { DataError } from "tidu";
import { show } from "tidu/internal";
import { counted } from "../../text/numbers.js";
import type { Fingerprint } from "../fingerprint.js";
import { relative } from "../node.js";
import type { OpenOptions, Scale } from "../source.js";
import { parseTable, readBytes } from "../tables/forms.js";
import type { Table, TextColumn } from "../tables/table.js";
import { keepFrequentWords, labelledRows, rawTargets, type TableTargets, targetColumns } from "../tables/targets.js";
import { fieldError } from "../tables/values.js";
import { listImages } from "./folder.js";

/** Images of a folder, and what a table says of them. */
export interface LabelledImages {
  readonly paths: readonly string[];
  readonly targets: TableTargets;
  /** Names of the columns that are predicted. */
  readonly names: readonly string[];
  /** Files of the folder that are not images. */
  readonly others: number;
}

/**
 * Reads the table.
 *
 * @param known formats of numbers that an earlier table had.
 * @throws DataError, with the line, for a name that is not an image of the folder, unless `skipDamaged` is set.
 */
export async function readLabelled(
  root: string,
  labels: string,
  options: OpenOptions,
  known: readonly Scale[] | undefined,
  fingerprint: Fingerprint,
  describe: (line: string) => void,
): Promise<LabelledImages> {
  const bytes = await readBytes(labels);
  fingerprint.add("labels", bytes);
  const read = await parseTable(bytes, labels, options, undefined);
  read.notes.forEach(describe);
  const { files, others } = await listImages(root);
  const byName = namesOf(root, files);
  const own = fileColumn(read, byName, root);
  const rest = { ...read, columns: read.columns.filter((column) => column !== own) };
  if (rest.columns.length === 0)
    throw new DataError(`${labels}: there is no column beside "${own.name}"; add one of targets`);
  const names = targetColumns(rest, options.target);
  const table = keepFrequentWords(rest, names, options, describe);
  const labelled = labelledRows(table, names, describe);
  const rows = knownRows(read, own, labelled.rows, byName, options, describe);
  const paths = Array.from(rows, (row) => byName.get(own.values[own.codes[row]]) as string);
  const without = files.length - new Set(paths).size;
  if (without > 0) describe(`left out: ${counted(without, "image")} that ${labels} does not name`);
  describe(`targets: ${names.join(", ")} of ${labels}, whose column "${own.name}" names the images`);
  return { paths, targets: rawTargets({ table, rows }, names, options, known), names, others };
}

/** Images by their paths below the folder, and without their endings where that is one only. */
function namesOf(root: string, files: readonly string[]): ReadonlyMap<string, string> {
  const names = files.map((file): [string, string] => [relative(root, file).replaceAll("\\", "/"), file]);
  const short = names.map(([name, file]): [string, string] => [name.replace(/\.\w+$/, ""), file]);
  const counts = new Map<string, number>();
  for (const [name] of short) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...short.filter(([name]) => counts.get(name) === 1), ...names]);
}

/** The column of which most values name images. */
function fileColumn(table: Table, byName: ReadonlyMap<string, string>, root: string): TextColumn {
  const hits = table.columns.map(({ values }) => values.filter((value) => byName.has(value)).length);
  const most = Math.max(...hits);
  if (most > 0) return table.columns[hits.indexOf(most)];
  throw new DataError(
    `${table.file}: no column names images in ${root}; one must have their paths below it, such as "a.png" or "day/a.png"`,
  );
}

function knownRows(
  table: Table,
  own: TextColumn,
  rows: Int32Array,
  byName: ReadonlyMap<string, string>,
  { skipDamaged }: OpenOptions,
  describe: (line: string) => void,
): Int32Array {
  const there = rows.filter((row) => byName.has(own.values[own.codes[row]]));
  if (there.length === rows.length) return rows;
  const code = own.codes[rows.find((row) => !byName.has(own.values[own.codes[row]])) as number];
  if (!skipDamaged || there.length === 0) {
    throw fieldError(table, own, code, `there is no image ${show(own.values[code])}; add it, or remove the line`);
  }
  describe(`left out: ${counted(rows.length - there.length, "row")} of ${table.file} without an image in the folder`);
  return there;
}
