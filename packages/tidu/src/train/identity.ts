// What a resumed run must have in common with the run that it goes on with.
import { ArgumentError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import { signature } from "../compile/simplify.js";
import { sha256Hex } from "../io/digest.js";
import type { Module } from "../nn/module.js";
import type { Optimizer } from "../optim/optimizer.js";
import { resolve } from "../tensor/stored.js";
import type { FitOptions } from "./options.js";
import type { Ingredients, Steps } from "./steps.js";

/** Everything that decides the bits of a training's result: JSON values by dotted names. */
export type Identity = Readonly<Record<string, string>>;

/** Whether a value read from a file is an identity. */
export const isIdentity = (value: unknown): value is Identity =>
  typeof value === "object" && value !== null && Object.values(value).every((item) => typeof item === "string");

/** The name of the training step's computation, for errors where identities differ. */
const STEP = "the computation of a step (loss, regularizer, transform, version of Tidu)";
/** Differences that an error lists. */
const LISTED = 3;
/** Characters of a value that an error shows. */
const SHOWN = 60;

/** The identity of a call of `fit`; its steps must be prepared. */
export async function identityOf(
  { net, loss, optimizer, sharding }: Ingredients,
  seed: number,
  steps: Steps,
  {
    batchSize = 64,
    shuffle = true,
    dropLast = false,
    augment,
    earlyStop,
    schedule,
    scheduleBy,
    validation,
  }: FitOptions,
): Promise<Identity> {
  const form = formOf(steps, Math.min(batchSize, steps.data.count ?? batchSize));
  return flattened({
    layer: layersOf(net),
    state: Object.fromEntries([...net.state()].map(([name, { shape }]) => [name, formatShape(shape)])),
    loss: loss.name,
    optimizer: describeOptimizer(optimizer, net),
    seed,
    batchSize,
    shards: sharding?.shards,
    syncBatchNorm: sharding?.synchronizes || undefined,
    shuffle,
    dropLast,
    augment: augment && String(augment),
    earlyStop,
    schedule: schedule && "given",
    scheduleBy: schedule && scheduleBy,
    data: await steps.data.identity(),
    validation: await validation?.identity(),
    [STEP]: await sha256Hex(new TextEncoder().encode(form)),
  });
}

/** A text of what a training step on this many samples computes: equal for equal computations. */
function formOf(steps: Steps, samples: number): string {
  const { updates, trace } = steps.traced(samples);
  const { values } = resolve(
    updates.map((u) => u.value),
    trace,
  );
  return signature(
    values,
    updates.map((u) => u.storage),
  ).key;
}

/**
 * Throws ArgumentError, with the differences, unless a checkpoint belongs to this training.
 *
 * @param file names the checkpoint.
 */
export function checkIdentity(now: Identity, checkpoint: Identity, file: string): void {
  const names = [...new Set([...Object.keys(now), ...Object.keys(checkpoint)])];
  const different = names.filter((name) => now[name] !== checkpoint[name]);
  // Most differences change the step's computation, too; naming that adds nothing then.
  const telling = different.length > 1 ? different.filter((name) => name !== STEP) : different;
  if (telling.length === 0) return;
  const list = telling
    .slice(0, LISTED)
    .map((name) => `${name} is ${shown(now[name])}, there ${shown(checkpoint[name])}`);
  const more = telling.length > LISTED ? `, and ${telling.length - LISTED} more` : "";
  throw new ArgumentError(
    `fit: ${file} is a checkpoint of another training: ${list.join(", and ")}${more}; give what it was started with, or start again in another directory`,
  );
}

export const shown = (value = "not given"): string => (value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);

/** Layers without layers of their own, by path. */
const layersOf = (net: Module): Record<string, string> =>
  Object.fromEntries(
    net
      .namedModules()
      .filter(([, layer]) => layer.children().length === 0)
      .map(([path, layer]) => [path, String(layer)]),
  );

function describeOptimizer({ name, options: { groups, ...options } }: Optimizer, net: Module): object {
  const names = new Map([...net.namedParameters()].map(([path, parameter]) => [parameter, path]));
  const described = groups?.map(({ parameters, ...own }) => ({
    ...own,
    parameters: parameters.map((p) => names.get(p as never)),
  }));
  return { name, ...options, groups: described };
}

/** Nested records become dotted names; undefined values are left out. */
function flattened(value: object, path = ""): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, item] of Object.entries(value)) {
    const name = path === "" ? key : `${path}.${key}`;
    if (item === undefined) continue;
    if (typeof item === "object" && !Array.isArray(item)) Object.assign(flat, flattened(item, name));
    else flat[name] = typeof item === "string" ? item : JSON.stringify(item);
  }
  return flat;
}
