// Changes that the reader makes while a network trains. They are part of the run, so that a link to it gives the same
// run.

import { LIMITS, type Settings } from "./settings.js";

/** Numbers that may change from one step to the next. */
export const LIVE = ["lr", "l1", "l2"] as const;

/** A change before the step with number `at`, which counts from the beginning of the training. */
export type Change = { readonly at: number; readonly value: number } & (
  | { readonly what: (typeof LIVE)[number] }
  /** The share that the dropout layer at this place drops. */
  | { readonly what: "p"; readonly layer: number }
  /** One weight of a layer: the parameter's name there, and which of its numbers. */
  | { readonly what: "weight"; readonly layer: number; readonly parameter: string; readonly index: number }
);

/** Whether two changes are of the same thing. */
export const sameThing = (a: Change, b: Change): boolean => keyOf(a) === keyOf(b);

const keyOf = (change: Change): string => {
  switch (change.what) {
    case "p":
      return `p ${change.layer}`;
    case "weight":
      return `weight ${change.layer} ${change.parameter} ${change.index}`;
    default:
      return change.what;
  }
};

/** The settings as they are after changes; weights are no settings. */
export function withChanges(settings: Settings, changes: readonly Change[]): Settings {
  let now = settings;
  for (const change of changes) {
    if (change.what === "p")
      now = {
        ...now,
        layers: now.layers.map((l, i) => (i === change.layer ? { ...l, values: { ...l.values, p: change.value } } : l)),
      };
    else if (change.what !== "weight") now = { ...now, [change.what]: change.value };
  }
  return now;
}

/** The changes as part of an address. */
export const changesToText = (changes: readonly Change[]): string =>
  changes
    .map((change) => {
      const { at, what, value } = change;
      if (what === "p") return [at, what, change.layer, value].join("*");
      if (what === "weight") return [at, what, change.layer, change.parameter, change.index, value].join("*");
      return [at, what, value].join("*");
    })
    .join("_");

/** The changes of an address; those that it says wrongly are left out. */
export const changesFromText = (text: string): Change[] => text.split("_").flatMap(changeFrom);

function changeFrom(text: string): Change[] {
  const [first, what, ...rest] = text.split("*");
  const [at, value] = [Number(first), Number(rest.at(-1) || Number.NaN)];
  if (!Number.isSafeInteger(at) || at < 0 || !Number.isFinite(value)) return [];
  const layer = Number(rest[0]);
  const live = LIVE.find((name) => name === what);
  if (live !== undefined && rest.length === 1) return inLimits(value, LIMITS[live]) ? [{ at, what: live, value }] : [];
  if (!Number.isSafeInteger(layer) || layer < 0) return [];
  if (what === "p" && rest.length === 2) return value >= 0 && value <= 0.95 ? [{ at, what, layer, value }] : [];
  const [, parameter, index] = [rest[0], rest[1], Number(rest[2])];
  if (what !== "weight" || rest.length !== 4 || !Number.isSafeInteger(index) || index < 0) return [];
  return [{ at, what, layer, parameter, index, value }];
}

const inLimits = (value: number, { least, most }: { readonly least: number; readonly most: number }): boolean =>
  value >= least && value <= most;
