// How options are called in what a person reads: as in code, or as the command line says them.
import { ArgumentError } from "tidu";
import type { OpenOptions } from "./source.js";
import { isSpoken } from "./speech.js";

type Name = keyof OpenOptions;

/** Those that the command line calls otherwise. */
const OTHERS: { readonly [name in Name]?: string } = { kind: "--format" };

/** What an option is called: `dateOrder`, or `--date-order`. */
export const optionName = (name: Name): string =>
  isSpoken() ? (OTHERS[name] ?? `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`) : name;

/** A message about an option, as in "openData: dateOrder is for …" or "--date-order is for …". */
export const aboutOption = (name: Name, problem: string): string =>
  isSpoken() ? `${optionName(name)} ${problem}` : `openData: ${name} ${problem}`;

/** What to do with an option that takes names: "name it in missing", or `give --missing "open"`. */
export const naming = (it: string, name: Name, value: string): string =>
  isSpoken() ? `give ${optionName(name)} ${value}` : `name ${it} in ${name}`;

/** Says what a check of options says of one as the command line calls it. */
export function spokenOf<T>(body: () => T): T {
  try {
    return body();
  } catch (cause) {
    const [told, name = ""] = /^openData: (\w+)/.exec((cause as Error).message) ?? [];
    if (!isSpoken() || told === undefined) throw cause;
    throw new ArgumentError(optionName(name as Name) + (cause as Error).message.slice(told.length), { cause });
  }
}
