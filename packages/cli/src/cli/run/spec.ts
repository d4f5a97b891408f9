// Reads choices with options, as in "sgd:momentum=0.9,nesterov".
import { ArgumentError } from "tidu";

/** What options of a choice may be: numbers, or words that are said or not. */
export type SpecOptions = Readonly<Record<string, "number" | "flag">>;

/** A choice and its options, as in "sgd:momentum=0.9,nesterov". */
export interface Spec {
  readonly name: string;
  readonly options: Readonly<Record<string, number | true>>;
}

/**
 * Reads a choice.
 *
 * @param what what is chosen; stands in errors.
 * @param known the choices, each with its options.
 * @throws ArgumentError for an unknown choice or option, or a value that is not a number.
 */
export function parseSpec(what: string, text: string, known: Readonly<Record<string, SpecOptions>>): Spec {
  const [name, rest] = divide(text, ":");
  if (!Object.hasOwn(known, name)) {
    throw new ArgumentError(`${what} "${text}": there is no "${name}"; use ${Object.keys(known).join(", ")}`);
  }
  const given = rest === undefined ? [] : rest.split(",").map((part) => option(`${what} "${text}"`, part, known[name]));
  return { name, options: Object.fromEntries(given) };
}

function option(where: string, text: string, known: SpecOptions): [string, number | true] {
  const [name, value] = divide(text, "=");
  if (!Object.hasOwn(known, name)) {
    const names = Object.entries(known).map(([key, kind]) => (kind === "number" ? `${key}=…` : key));
    throw new ArgumentError(`${where}: there is no option "${name}"; use ${names.join(", ")}`);
  }
  if (known[name] === "flag" && value === undefined) return [name, true];
  const number = Number(value);
  if (known[name] === "number" && value?.trim() && Number.isFinite(number)) return [name, number];
  const mend = known[name] === "flag" ? `write ${name} alone` : `write a number, as in ${name}=0.5`;
  throw new ArgumentError(`${where}: ${name} is "${value ?? ""}"; ${mend}`);
}

function divide(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
