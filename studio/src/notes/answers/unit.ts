// How numbers of each unit are printed.
import { bracketed } from "../../i18n/punctuation.js";
import { type Text, t } from "../../i18n/words.js";
import units from "./units.words.js";

const known: Readonly<Record<string, Text>> = units;

/** Something with its unit in brackets, if it has one. */
export const withUnit = (what: Text, unit: string): string =>
  t(unit === "" ? what : bracketed(what, known[unit] ?? { en: unit, zh: unit }));
