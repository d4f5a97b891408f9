// The targets of a table.
import { ArgumentError, DataError } from "tidu";
import { show } from "tidu/internal";
import { counted } from "../../text/numbers.js";
import { naming, optionName } from "../option-names.js";
import type { OpenOptions, Scale } from "../source.js";
import type { RawTargets } from "../targets.js";
import {
  formatted,
  hintsFor,
  learnNumbers,
  type Numbers,
  readNumbers,
  type UsedColumn,
  usedIn,
} from "./column-numbers.js";
import { mixtureHint } from "./mixtures.js";
import { looksNumeric, notNumber, PLAIN } from "./numbers.js";
import type { Table } from "./table.js";
import { MOST_CLASSES, OFTEN, targetColumn } from "./target-rule.js";
import { columnOf, fieldError, isMissing, namesIn, rowPlace } from "./values.js";

/** The columns to predict: those given, else the one named so, else the last. */
export function targetColumns(table: Table, given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) {
    const names = table.columns.map(({ name }) => name);
    return [names[targetColumn(names)]];
  }
  const names = namesIn(table, typeof given === "string" ? [given] : given);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return names;
  throw new ArgumentError(`${optionName("target")} names "${twice}" twice; name it once`);
}

/**
 * The table with fewer words for missing values: a word that many rows have as their target is a class, unless a person
 * named it as missing. Dropping every row of that class would be a silent mistake.
 *
 * @throws DataError for such a word among numbers, of which it cannot be one.
 */
export function keepFrequentWords(
  table: Table,
  target: readonly string[],
  { missing: given, categorical = [] }: OpenOptions,
  describe: (line: string) => void,
): Table {
  if (given !== undefined) return table;
  const kept = new Set(table.missing);
  for (const name of target) {
    const { values, codes } = columnOf(table, name);
    for (const [code, value] of values.entries()) {
      if (!kept.has(value.toLowerCase())) continue;
      const rows = codes.filter((each) => each === code).length;
      if (rows <= OFTEN * codes.length) continue;
      if (!namesIn(table, categorical).includes(name) && values.some(looksNumeric)) {
        throw new DataError(
          `${table.file}: column ${show(name)}: ${rows} of ${codes.length} targets are "${value}", others are numbers; ${naming("it", "missing", JSON.stringify(value))} to leave those rows out, or ${naming("the column", "categorical", JSON.stringify(name))}`,
        );
      }
      kept.delete(value.toLowerCase());
      describe(
        `"${value}" is read as a value of ${show(name)} (${rows} of ${codes.length} rows); ${naming("it", "missing", JSON.stringify(value))} if those rows have none`,
      );
    }
  }
  return { ...table, missing: kept };
}

/** Some rows of a table. */
export interface TableRows {
  readonly table: Table;
  readonly rows: Int32Array;
}

/** The rows whose targets are all there. */
export function labelledRows(table: Table, target: readonly string[], describe: (line: string) => void): TableRows {
  const columns = target.map((name) => columnOf(table, name));
  const missing = columns.map(({ values }) => values.map((value) => isMissing(table, value)));
  const rows = new Int32Array(table.lines.length)
    .map((_, row) => row)
    .filter((row) => columns.every(({ codes }, c) => !missing[c][codes[row]]));
  if (rows.length === 0)
    throw new DataError(`${rowPlace(table, 0)}, column ${show(target[0])}: no row has a value; add some`);
  const without = table.lines.length - rows.length;
  if (without > 0) describe(`left out: ${counted(without, "row")} of ${table.file} without ${target.join(", ")}`);
  return { table, rows };
}

/** The targets of a table, and how those are written that are numbers. */
export interface TableTargets extends RawTargets {
  readonly formats?: readonly Pick<Scale, "format">[];
}

/**
 * Numbers if the columns hold numbers, else the names in the only one.
 *
 * @param known formats of numbers that an earlier table had.
 * @throws DataError, with the line, for the rare text among numbers, and for several columns that hold names.
 */
export function rawTargets(
  { table, rows }: TableRows,
  target: readonly string[],
  options: OpenOptions,
  known?: readonly Pick<Scale, "format">[],
  describe: (line: string) => void = () => {},
): TableTargets {
  const columns = target.map((name) => columnOf(table, name));
  const where = (sample: number): string => `${rowPlace(table, rows[sample])}, column ${show(target[0])}`;
  const common = { width: target.length, mostClasses: MOST_CLASSES, where };
  const numbers = columns.map((column, i) => numbersOf(table, usedIn(table, column, rows), options, known?.[i]));
  if (numbers.every((each) => each !== undefined)) {
    const values = new Float64Array(rows.length * target.length);
    rows.forEach((row, i) => {
      columns.forEach(({ codes }, c) => (values[i * target.length + c] = numbers[c].numbers[codes[row]]));
    });
    return { ...common, values, formats: numbers.map(({ format }) => formatted(format)) };
  }
  const names = columns[numbers.indexOf(undefined)];
  if (options.preprocess === undefined && !namesIn(table, options.categorical ?? []).includes(names.name)) {
    const hint = mixtureHint(table, usedIn(table, names, rows));
    if (hint !== undefined) describe(`target ${show(names.name)}: ${hint}`);
  }
  if (columns.length === 1) return { ...common, values: Array.from(rows, (row) => names.values[names.codes[row]]) };
  throw new DataError(`${where(0)}: ${show(names.name)} holds names, and several targets must be numbers; choose one`);
}

function numbersOf(
  table: Table,
  used: UsedColumn,
  options: OpenOptions,
  known: Pick<Scale, "format"> | undefined,
): Numbers | undefined {
  const { column } = used;
  if (namesIn(table, options.categorical ?? []).includes(column.name)) return undefined;
  if (known !== undefined) {
    const { format = PLAIN } = known;
    const numbers = readNumbers(column, format);
    const bad = used.present.find((code) => Number.isNaN(numbers[code]));
    if (bad === undefined) return { format, numbers };
    throw fieldError(table, column, bad, `${notNumber(column.values[bad], format)}; correct it, or leave it empty`);
  }
  return learnNumbers(
    table,
    used,
    hintsFor(table, options),
    namesIn(table, options.numeric ?? []).includes(column.name),
  );
}
