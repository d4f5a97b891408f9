// Changes that the reader makes while a network trains. They are part of the run, so that a link to it gives the same
// run.

import { type LayerSpec, settingsOf } from "./layers.js";
import { inLimits, LIMITS, type Settings } from "./settings.js";

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

/** The settings as they are after changes; weights are not settings. */
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

/** The changes of an address, to a network of these layers; those that it says wrongly are left out. */
export const changesFromText = (text: string, layers: readonly LayerSpec[]): Change[] =>
  text.split("_").flatMap((one) => changeFrom(one, layers) ?? []);

function changeFrom(text: string, layers: readonly LayerSpec[]): Change | undefined {
  const [first, what, ...rest] = text.split("*");
  const [at, last] = [inLimits(first, COUNT), rest.at(-1)];
  if (at === undefined || last === undefined) return undefined;
  const live = LIVE.find((name) => name === what);
  if (live !== undefined) {
    const value = rest.length === 1 ? inLimits(last, LIMITS[live]) : undefined;
    return value === undefined ? undefined : { at, what: live, value };
  }
  const layer = inLimits(rest[0], { ...COUNT, most: layers.length - 1 });
  if (layer === undefined) return undefined;
  if (what === "p" && rest.length === 2) {
    const setting = settingsOf(layers[layer].kind).p;
    const value = setting === undefined || "choices" in setting ? undefined : inLimits(last, setting);
    return value === undefined ? undefined : { at, what, layer, value };
  }
  if (what !== "weight" || rest.length !== 4) return undefined;
  const [index, value] = [inLimits(rest[2], COUNT), inLimits(last, ANY)];
  return index === undefined || value === undefined ? undefined : { at, what, layer, parameter: rest[1], index, value };
}

const COUNT = { least: 0, most: Number.MAX_SAFE_INTEGER, step: 1 } as const;
/** Weights are stored as float32. */
const ANY = { least: -3.4028234663852886e38, most: 3.4028234663852886e38, step: 0.1 } as const;
