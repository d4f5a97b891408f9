// What arguments may be, and the errors that say so: every public function checks its arguments here, in one way.
import { ArgumentError, ShapeError } from "./errors.js";
import { show } from "./show.js";

/** What a value may be. */
export interface Kind {
  /** In words, after "it must be". */
  readonly says: string;
  readonly ok: (value: unknown) => boolean;
  /** What each item of a list, or of a record, may be. */
  readonly each?: Kind;
  /** What each option of a record may be; an undefined option counts as left out. */
  readonly fields?: Fields;
  /** Whether it may not be left out. */
  readonly needed?: boolean;
}

/** Options by name. */
export type Fields = Readonly<Record<string, Kind>>;

const kind = (says: string, ok: Kind["ok"], more?: Partial<Kind>): Kind => ({ says, ok, ...more });
const number = (says: string, ok: (x: number) => boolean): Kind => kind(says, (v) => typeof v === "number" && ok(v));

export const whole = (least = 1, most = Number.MAX_SAFE_INTEGER): Kind =>
  number(
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`,
    (x) => Number.isSafeInteger(x) && x >= least && x <= most,
  );
/** A place from `least` to `most`; a negative one may be meant to count from the end, and `mend` says how to. */
export const place = (given: unknown, least: number, most: number, mend: (given: number) => string): Kind => {
  const kind = whole(least, most);
  return typeof given === "number" && given < 0 ? { ...kind, says: `${kind.says}; ${mend(given)}` } : kind;
};
export const integer: Kind = number("a whole number", Number.isSafeInteger);
export const oneOrMore = whole();
/** Any number, NaN too. */
export const real: Kind = number("a number", () => true);
export const finite: Kind = number("a finite number", Number.isFinite);
export const constant: Kind = number("a number, not NaN (make that with tensor)", (x) => !Number.isNaN(x));
export const notNegative: Kind = number("at least 0 and a finite number", (x) => x >= 0 && Number.isFinite(x));
export const positive: Kind = number("a finite number above 0", (x) => x > 0 && Number.isFinite(x));
/** From `low` to `high`, both included. */
export const within = (low: number, high: number): Kind =>
  number(`from ${low} to ${high}`, (x) => x >= low && x <= high);
/** At least 0 and below 1. */
export const share: Kind = number("at least 0 and below 1", (x) => x >= 0 && x < 1);

export const flag: Kind = kind("true or false", (v) => typeof v === "boolean");
export const text: Kind = kind("a string", (v) => typeof v === "string");
export const callback: Kind = kind("a function", (v) => typeof v === "function");
export const anything: Kind = kind("anything", () => true);
/** One of a few words. */
export const words = (...list: readonly string[]): Kind =>
  kind(list.map((w) => JSON.stringify(w)).join(" or "), (v) => list.includes(v as string));
export const either = (...kinds: readonly Kind[]): Kind =>
  kind(kinds.map((k) => k.says).join(", or "), (v) => kinds.some((k) => fits(v, k)));
export const listOf = (each: Kind, says = `a list, each of whose items is ${each.says}`, length?: number): Kind =>
  kind(says, (v) => Array.isArray(v) && (length ?? v.length) === v.length, { each });
/** A record of any names. */
export const recordOf = (each: Kind, says = `a record, each of whose values is ${each.says}`): Kind =>
  kind(says, isPlain, { each });
export const instance = (of: abstract new (...args: never) => unknown, says: string): Kind =>
  kind(says, (v) => v instanceof of);
/** An object with certain methods or fields. */
export const having = (says: string, ...names: readonly string[]): Kind =>
  kind(says, (v) => typeof v === "object" && v !== null && names.every((name) => name in v));
export const BYTES = instance(Uint8Array, "bytes, as a Uint8Array");
export const needed = (of: Kind): Kind => ({ ...of, needed: true });
/** A record of options. */
export const options = (fields: Fields): Kind =>
  kind(`an object with options (${Object.keys(fields).join(", ")})`, isPlain, { fields });

/** Whether an object is a plain one, such as a literal, of any realm. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const fits = (value: unknown, { ok, each }: Kind): boolean =>
  ok(value) && (each === undefined || Object.values(value as object).every((item) => fits(item, each)));

/** The error for an argument that is not what is allowed. */
export const refuse = (where: string, name: string, value: unknown, allowed: string, As = ArgumentError): never => {
  throw new As(`${where}: ${name} is ${show(value)}; it must be ${allowed}`);
};

/** The same for a tensor of another shape or type than is needed. */
export const refuseShape = (where: string, name: string, value: unknown, allowed: string): never =>
  refuse(where, name, value, allowed, ShapeError);

/** Throws ArgumentError, which names the argument, its value and what is allowed, unless a value is of a kind. */
export function check(where: string, name: string, value: unknown, of: Kind): void {
  const { ok, says, each, fields } = of;
  if (!ok(value)) refuse(where, name, value, says);
  if (each !== undefined) {
    for (const [key, item] of Object.entries(value as object))
      check(where, Array.isArray(value) ? `${name}[${key}]` : `${name}.${key}`, item, each);
  }
  if (fields !== undefined) checkFields(where, name, value as Readonly<Record<string, unknown>>, fields);
}

/** The same for an argument that may be left out. */
export function checkOptional(where: string, name: string, value: unknown, of: Kind): void {
  if (value !== undefined) check(where, name, value, of);
}

/** Checks options: none that does not exist, each of its kind. */
export function checkOptions(where: string, given: object | undefined, fields: Fields): void {
  checkOptional(where, "options", given, options(fields));
}

function checkFields(where: string, name: string, given: Readonly<Record<string, unknown>>, fields: Fields): void {
  const names = Object.keys(fields);
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(fields, key)) continue;
    const near = nearest(key, names);
    throw new ArgumentError(
      `${where}: ${name} has no ${JSON.stringify(key)}; ${near === undefined ? "it" : `use ${near}; it`} may have ${names.join(", ")}`,
    );
  }
  for (const key of names) {
    const value = given[key];
    if (value === undefined && !fields[key].needed) continue;
    check(where, name === "options" ? key : `${name}.${key}`, value, fields[key]);
  }
}

/** The word that a misspelt one most likely stands for: that which shares most of its pairs of letters, if there is one. */
function nearest(word: string, list: readonly string[]): string | undefined {
  const pairs = (w: string) => [...w.toLowerCase().replace(/[-_ ]/g, "")].map((c, i, all) => [all[i - 1]] + c);
  const own = pairs(word);
  const shared = list.map((w) => pairs(w).filter((pair) => own.includes(pair)).length / (w.length + own.length));
  const most = Math.max(...shared);
  return most > 0.2 ? list[shared.indexOf(most)] : undefined;
}
