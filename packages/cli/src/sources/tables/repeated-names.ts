// Leaves one column of each name in a table: spreadsheets end lines by delimiters, and programs write a column twice.
import { DataError } from "tidu";
import { show } from "tidu/internal";
import type { TextColumn } from "./table.js";

/** Columns of different names, and what a person should know of those that were left out. */
export interface Unrepeated {
  readonly columns: readonly TextColumn[];
  readonly notes: readonly string[];
}

/**
 * Leaves out columns that have neither name nor values, and of columns of one name those that are empty or as another is.
 *
 * @param where the file and the line of the names, for errors and notes.
 * @throws DataError for a name of several columns that hold different values.
 */
export function oneOfEachName(all: readonly TextColumn[], where: string): Unrepeated {
  const firsts = new Map<string, number>();
  const [nameless, twice]: [number[], number[]] = [[], []];
  const isEmpty = all.map(({ values }) => values.every((text) => text === ""));
  // Those with values come first, so that an empty one gives way to them.
  const order = [...all.keys()].sort((a, b) => Number(isEmpty[a]) - Number(isEmpty[b]) || a - b);
  for (const i of order) {
    const { name } = all[i];
    const first = firsts.get(name);
    if (name === "" && isEmpty[i]) nameless.push(i);
    else if (first === undefined) firsts.set(name, i);
    else if (isEmpty[i] || areSame(all[first], all[i])) twice.push(i);
    else throw repeated(name, first, i, where);
  }
  const left = new Set([...nameless, ...twice]);
  const notes = twice.map(
    (i) =>
      `${where}: left out: column ${i + 1}, a second ${show(all[i].name)}, which ${isEmpty[i] ? "has no values" : "holds the same"}`,
  );
  if (nameless.length > 0) notes.push(`${where}: left out: ${columnList(nameless)}, without name and values`);
  return { columns: all.filter((_, i) => !left.has(i)), notes };
}

const columnList = (places: readonly number[]): string =>
  `column${places.length === 1 ? "" : "s"} ${places.map((i) => i + 1).join(", ")}`;

/** Equal values are kept once, in the order in which they come: columns that hold the same are kept alike. */
const areSame = (a: TextColumn, b: TextColumn): boolean =>
  a.values.length === b.values.length &&
  a.values.every((text, i) => text === b.values[i]) &&
  a.codes.every((code, i) => code === b.codes[i]);

function repeated(name: string, first: number, second: number, where: string): DataError {
  const both = columnList([first, second]);
  return new DataError(
    name === ""
      ? `${where}: ${both} hold values and have no name; write their names in this line, or remove the columns, or if it is a row like the others, say that there is no header (header: false, on the command line --no-header)`
      : `${where}, column ${second + 1}: the name ${show(name)} is there twice, in ${both}, with different values; rename or remove one of them, or if the line is a row like the others, say that there is no header (header: false, on the command line --no-header)`,
  );
}
