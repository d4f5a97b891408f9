// Sources from tables.

import { DataError } from "tidu";
import { dataset } from "tidu/data";
import { show } from "tidu/internal";
import { counted } from "../../text/numbers.js";
import { assemble, knownAs, knownScales, learnOutputs } from "../assemble.js";
import { namesLine } from "../describe.js";
import { Fingerprint } from "../fingerprint.js";
import { basename } from "../node.js";
import { optionName } from "../option-names.js";
import { combineParts, type Divisible, listParts, makeParts, mapParts, type Parts, setApart } from "../parts.js";
import type { Reading } from "../reading.js";
import type { OpenOptions, Scale, Source, TableColumn, TablePreprocess } from "../source.js";
import { learnTargets, type Targets } from "../targets.js";
import type { TableFile } from "./bytes.js";
import { learnColumns } from "./columns.js";
import { DATE_FORMATS } from "./dates.js";
import { featureCount } from "./features.js";
import { readTables } from "./files.js";
import { encodeRows } from "./inputs.js";
import { describeFormat } from "./numbers.js";
import { checkClasses, checkGroups, checkSplit, chooserFor, withoutGroups } from "./split.js";
import type { Table, TableForm } from "./table.js";
import { keepFrequentWords, labelledRows, rawTargets, targetColumns } from "./targets.js";
import { columnOf } from "./values.js";

/** Opens the file of a table, or those named train, validation and test of a folder. */
export async function openTables(
  path: TableFile,
  isFolder: boolean,
  options: Reading & { readonly kind: TableForm },
): Promise<Source> {
  const known = knownAs("table", options);
  // Of an earlier source all is kept, or its inputs alone.
  const whole = options.preprocess === undefined ? undefined : known;
  const fingerprint = new Fingerprint();
  const notes: string[] = [];
  const describe = (line: string): number => notes.push(line);
  const { delimiter, header, encoding, missing } = options;
  const said = defined({ delimiter, header, encoding, missing });
  const dialect = whole?.dialect ?? { ...known?.dialect, ...said };
  const read = await readTables(path, isFolder, dialect, fingerprint, options.kind);
  for (const table of listParts(read)) table.notes.forEach(describe);
  const target =
    whole === undefined
      ? targetColumns(read.train, options.target ?? known?.target)
      : whole.target.map((name) => columnOf(read.train, name).name);
  if (known === undefined) checkInputs(read.train, target);
  else if (whole === undefined) checkSame(read.train, target, known.columns, options, describe);
  const marks = whole === undefined ? options : { ...options, ...dialect };
  const { missing: words } = keepFrequentWords(read.train, target, marks, describe);
  const marked = mapParts(read, (table) => ({ ...table, missing: words }));
  const labelled = mapParts(withTargets(marked, target, describe), (table) => labelledRows(table, target, describe));
  checkSplit(read.train, target, options);
  const first = rawTargets(labelled.train, target, options, whole?.targets, describe);
  // The other parts are read as the training part, or as an earlier source.
  const formats = whole === undefined ? first.formats : whole.targets;
  const raw = mapParts(labelled, (rows) =>
    rows === labelled.train ? first : rawTargets(rows, target, options, formats),
  );
  const learned = learnTargets(raw, options);
  const all = combineParts(labelled, learned.parts, ({ table, rows }, targets) => new TablePart(table, rows, targets));
  checkGroups(all.train, options);
  const parts = setApart(all, options, describe, chooserFor(options));
  const { train } = parts;
  if (parts !== all) checkClasses(train, learned.classes, options);
  const columns = known?.columns ?? inferColumns(train, target, withoutGroups(options), describe);
  const outputs = learnOutputs(learned, train.targets, target, knownScales(options, learned, target), formats);
  const { header: hasHeader, delimiter: usual } = read.train.dialect;
  const kept = { usual, ...dialect, header: hasHeader, missing: [...words] };
  const preprocess: TablePreprocess = { kind: "table", columns, target, dialect: kept, ...outputs };
  const data = mapParts(parts, ({ table, rows: own, targets }) => {
    const encoded = encodeRows(table, own, columns);
    encoded.odd.notes().forEach(describe);
    return dataset(encoded.inputs, [featureCount(columns)], targets.finish(outputs.targets), {
      classes: outputs.classes,
    });
  });
  return assemble({
    kind: options.kind,
    data,
    preprocess,
    samples: "rows",
    origins: mapParts(parts, ({ table: { file, lines }, rows: own }) => {
      const [name, places] = [basename(file), own.map((row) => lines[row])];
      return (sample) => `${name}:${places[sample]}`;
    }),
    train: train.targets,
    notes: [
      `target: ${target.map((name, i) => `${name}${written(outputs.targets?.[i] ?? {})}`).join(", ")}`,
      ...columnNotes(columns),
      ...new Set(notes),
    ],
    fingerprint,
  });
}

/** Rows of a table and their targets. */
class TablePart implements Divisible<TablePart> {
  constructor(
    readonly table: Table,
    readonly rows: Int32Array,
    readonly targets: Targets,
  ) {}

  get count(): number {
    return this.rows.length;
  }
  get labels(): ArrayLike<number> | undefined {
    return this.targets.labels;
  }
  take(chosen: Int32Array): TablePart {
    return new TablePart(
      this.table,
      chosen.map((i) => this.rows[i]),
      this.targets.take(chosen),
    );
  }
}

/** @throws DataError for a table of nothing but targets. */
function checkInputs({ file, form, columns, dialect }: Table, target: readonly string[]): void {
  if (columns.length > target.length) return;
  const names = columns.map(({ name }) => show(name)).join(", ");
  const [between, mend] =
    form === "csv"
      ? [`, between ${JSON.stringify(dialect.delimiter)}`, `set ${optionName("delimiter")}, or add columns`]
      : ["", "add columns"];
  throw new DataError(
    `${file}: ${columns.length === 1 ? "there is one column" : "all columns are targets"}, ${names}${between}, so there is nothing to predict it from; ${mend}`,
  );
}

/**
 * Says which columns the inputs of an earlier source do not have.
 *
 * @throws DataError if the table lacks some of its columns.
 */
function checkSame(
  { file, columns }: Table,
  target: readonly string[],
  known: readonly TableColumn[],
  options: OpenOptions,
  describe: (line: string) => void,
): void {
  const [here, there] = [columns, known].map((all) => new Set(all.map(({ name }) => name)));
  const apart = new Set([...target, ...[options.splitBy, options.splitTime].filter((name) => name !== undefined)]);
  const others = [...here].filter((name) => !there.has(name) && !apart.has(name));
  const missing = [...there].filter((name) => !here.has(name) || target.includes(name));
  const are = ({ length }: readonly string[]): string => (length === 1 ? "is" : "are");
  const besides = others.length === 0 ? "" : `, and ${namesLine(others)} ${are(others)} new`;
  if (missing.length > 0)
    throw new DataError(
      `${file}: the network was trained on other columns: ${namesLine(missing)} ${missing.every((name) => here.has(name)) ? "cannot be both input and target" : `${are(missing)} missing here`}${besides}; give data with the same columns, or train anew`,
    );
  if (others.length > 0) describe(`left out: ${namesLine(others)}, on which the network was not trained`);
}

/** A test file may come without targets, as in competitions; then there is nothing to test. */
function withTargets(all: Parts<Table>, target: readonly string[], describe: (line: string) => void): Parts<Table> {
  const usable = (table: Table | undefined): Table | undefined => {
    const missing = target.find((name) => table?.columns.every((column) => column.name !== name));
    if (missing === undefined) return table;
    describe(`left out: ${table?.file}, which has no column ${show(missing)} (predict can read it)`);
    return undefined;
  };
  return makeParts(all.train, usable(all.validation), usable(all.test));
}

function inferColumns(
  { table, rows }: TablePart,
  target: readonly string[],
  options: OpenOptions,
  describe: (line: string) => void,
): readonly TableColumn[] {
  const { columns, notes } = learnColumns(table, rows, target, options);
  notes.forEach(describe);
  if (columns.length > 0) return columns;
  const why = notes.length === 0 ? `all others are in ${optionName("ignore")}; leave some in` : notes.join("; ");
  throw new DataError(`${table.file}: no column is useful to predict ${target.join(", ")}: ${why}`);
}

/** Columns beyond which only their number is told. */
const MOST_TOLD = 20;

/** What columns of a kind are, in a line for all of them. */
const KINDS: Readonly<Record<TableColumn["kind"], string>> = {
  number: "numbers, standardized",
  date: "dates, as years and angles",
  hash: "many names, hashed",
  category: "categories",
};

function columnNotes(columns: readonly TableColumn[]): string[] {
  if (columns.length <= MOST_TOLD) return columns.map(columnNote);
  const kinds = Object.entries(KINDS).flatMap(([kind, what]) => {
    const count = columns.filter((column) => column.kind === kind).length;
    return count === 0 ? [] : [`${counted(count, "column")} of ${what}`];
  });
  const marked = columns.filter((column) => column.kind !== "category" && column.missing).length;
  return [...kinds, ...(marked === 0 ? [] : [`${counted(marked, "column")}${MARKED}`])];
}

const MARKED = " with a feature that marks missing values";

function columnNote(column: TableColumn): string {
  const note = `column ${show(column.name)}: ${whatIs(column)}`;
  return column.kind !== "category" && column.missing ? `${note};${MARKED}` : note;
}

function whatIs(column: TableColumn): string {
  switch (column.kind) {
    case "category":
      return `${column.categories.length} categories`;
    case "hash":
      return `more names than have a feature each, hashed to ${column.places} features`;
    case "date":
      return `dates (${DATE_FORMATS[column.format]}), told by ${column.parts.join(", ")}`;
    case "number":
      return `numbers${written(column)}, standardized by mean ${rounded(column.mean)} and standard deviation ${rounded(column.deviation)}`;
  }
}

/** How numbers are written, in brackets, where that is not as programs write them. */
const written = ({ format }: Pick<Scale, "format">): string =>
  format === undefined ? "" : ` (${describeFormat(format)})`;

/** Without what is undefined. */
const defined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

const rounded = (value: number): string => String(Number(value.toPrecision(4)));
