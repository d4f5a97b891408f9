// Whether the first line of a table names its columns or is a row like the others.
import { looksLikeDate } from "./dates.js";
import { looksNumeric } from "./numbers.js";

/** Share of numbers, or dates, from which a column is one of them. */
const MOSTLY = 0.9;

/**
 * Compares the first line with the rows below it, column by column: a number above numbers, a date above dates, or a word that stands in
 * the rows too, speaks for a row; a word above numbers, or a new word above words that repeat, for a header.
 */
export function hasHeader(first: readonly string[], columns: readonly (readonly string[])[]): boolean {
  if (areNames(first.filter(looksNumeric).map(Number))) return true;
  return first.map((text, i) => vote(text, columns[i])).reduce((sum, each) => sum + each, 0) >= 0;
}

/** 0, 1, 2, … and rising years are names of columns. */
const areNames = (numbers: readonly number[]): boolean =>
  numbers.length > 2 &&
  (numbers.every((n, i) => n === i) ||
    numbers.every((n, i) => Number.isInteger(n) && n > 1800 && n < 2100 && (i === 0 || n > numbers[i - 1])));

/** 1 for a header, -1 for a row, 0 for neither. */
function vote(text: string, below: readonly string[]): number {
  const there = below.filter((value) => value !== "");
  if (there.length === 0 || text === "") return 0;
  for (const looks of [looksNumeric, looksLikeDate]) {
    if (there.filter(looks).length >= MOSTLY * there.length) return looks(text) ? -1 : 1;
  }
  const different = new Set(there);
  if (different.has(text)) return -1;
  return different.size < there.length ? 1 : 0;
}
