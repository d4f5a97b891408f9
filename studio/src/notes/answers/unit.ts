// How numbers of each unit are printed.
import { type Text, t } from "../../i18n/words.js";
import units from "./units.words.js";

const known: Readonly<Record<string, Text>> = units;

/** Something with its unit in brackets, if it has one. */
export function withUnit(what: string, unit: string): string {
  if (unit === "") return what;
  return `${what} (${known[unit] === undefined ? unit : t(known[unit])})`;
}
