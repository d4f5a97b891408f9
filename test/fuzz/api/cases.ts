// All calls of the fuzzer: each valid call of the table with one argument, option or element replaced by one bad value.
import type { BadName } from "./bad-values.js";
import { BAD } from "./bad-values.js";
import type { Call } from "./row.js";
import type { Callable, Slot } from "./surface.js";
import { PRODUCED } from "./table.js";

/** One bad call. */
export interface Case {
  readonly callable: Callable;
  /** Where the value goes: the argument's number, then names of options and numbers in lists. */
  readonly path: readonly (number | string)[];
  readonly slot: Slot;
  /** Names that an error may call what was replaced by. */
  readonly names: readonly string[];
  readonly bad: BadName;
}

const ALL = Object.keys(BAD) as BadName[];

/** The cases of one callable, given a valid call of it. */
export function casesOf(callable: Callable, { args }: Call): Case[] {
  const { parameters, rest } = callable;
  return args.flatMap((value, i) => {
    const slot = parameters[Math.min(i, rest ?? parameters.length - 1)];
    return slotCases(callable, slot, [i], value, [slot.name]);
  });
}

function slotCases(
  callable: Callable,
  slot: Slot,
  path: Case["path"],
  value: unknown,
  names: readonly string[],
): Case[] {
  const own = ALL.map(
    (bad): Case => ({
      callable,
      path,
      slot,
      names: slot.fields ? [...names, "options", ...Object.keys(slot.fields)] : names,
      bad,
    }),
  );
  const below: Case[] = [];
  if (isProduced(callable, slot)) return own;
  if (slot.fields !== undefined && isRecord(value)) {
    for (const [name, item] of Object.entries(value)) {
      const field = slot.fields[name];
      if (field !== undefined) below.push(...slotCases(callable, field, [...path, name], item, [name]));
    }
  }
  if (slot.element !== undefined && Array.isArray(value) && value.length > 0) {
    below.push(...slotCases(callable, slot.element, [...path, value.length - 1], value.at(-1), names));
  }
  return [...own, ...below];
}

/** Options that a callable has and the call does not give, so that they would never be replaced. */
export function missingOptions(callable: Callable, { args }: Call): string[] {
  return callable.parameters.flatMap((slot, i) => {
    if (i >= args.length && i !== callable.rest) return [slot.name];
    return missing(callable, slot, args[i], slot.name);
  });
}

const isProduced = ({ id }: Callable, { name }: Slot): boolean => PRODUCED.has(`${id.replace(/^.*[/]/, "")} ${name}`);

function missing(callable: Callable, slot: Slot, value: unknown, path: string): string[] {
  const { fields, element } = slot;
  if (isProduced(callable, slot)) return [];
  if (fields !== undefined && isRecord(value)) {
    return Object.entries(fields).flatMap(([name, field]) =>
      name in value ? missing(callable, field, value[name], `${path}.${name}`) : [`${path}.${name}`],
    );
  }
  if (element !== undefined && Array.isArray(value) && value.length > 0)
    return missing(callable, element, value.at(-1), `${path}[]`);
  return [];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** The call's arguments with the bad value in its place. */
export function replaced(args: readonly unknown[], path: Case["path"], bad: unknown): unknown[] {
  const put = (value: unknown, [step, ...rest]: Case["path"]): unknown => {
    if (step === undefined) return bad;
    if (Array.isArray(value)) return value.with(step as number, put(value[step as number], rest));
    return { ...(value as object), [step]: put((value as Record<string, unknown>)[step], rest) };
  };
  return put(args, path) as unknown[];
}

export const describe = ({ callable, path, bad }: Case): string =>
  `${callable.id}(${callable.parameters[Math.min(path[0] as number, callable.parameters.length - 1)].name}${path
    .slice(1)
    .map((p) => (typeof p === "number" ? `[${p}]` : `.${p}`))
    .join("")} = ${bad})`;
