// Fine-tuning: a network begins with weights from a file, those of another run's network or of one with the same layers.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ArgumentError, load, nn, readSafetensors } from "tidu";
import { formatShape, Linear, sameShape } from "tidu/internal";
import type { ModelRequest } from "./request.js";

/** Where a network's initial weights come from. */
export interface Start {
  /** Absolute path of a safetensors file. Only beginning reads it: the run keeps the weights. */
  readonly path: string;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
  /** What names in the file begin with. Default "". */
  readonly prefix?: string;
  /** A regular expression for the names of layers that are not trained. */
  readonly freeze?: string;
  /** Of a run: what its data asked of the network. */
  readonly made?: Pick<ModelRequest, "outputs" | "classes">;
  /** Names of values that are made anew; undefined before the file was read. */
  readonly fresh?: readonly string[];
  /** Those of them that have another shape in the file. */
  readonly reshaped?: readonly string[];
  /** Names in the file that the network has no place for. */
  readonly unused?: readonly string[];
}

/** SHA-256 of a file, in hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * A network's last linear layer, by its name.
 *
 * @throws ArgumentError if there is none.
 */
export function headOf(net: nn.Module, path: string): [name: string, head: Linear] {
  const head = net.namedModules().findLast((entry): entry is [string, Linear] => entry[1] instanceof Linear);
  if (head !== undefined) return head;
  throw new ArgumentError(`--from ${path}: it has no linear layer to replace; use a network that ends in one`);
}

/** The names that a layer's values have in a network, where the layer has this name. */
export const namesIn = (name: string, layer: nn.Module): string[] =>
  [...layer.state().keys()].map((key) => (name === "" ? key : `${name}.${key}`));

/**
 * Makes layers stay as they are, but for values that are made anew.
 *
 * @throws ArgumentError if nothing has such a name, or nothing is left to train.
 */
export function freezeLayers(net: nn.Module, freeze: string | undefined, path: string, fresh: readonly string[]): void {
  if (freeze === undefined) return;
  const pattern = new RegExp(freeze);
  const layers = net.namedModules();
  const frozen = layers.filter(([name]) => name !== "" && pattern.test(name));
  const variables = [...net.state()].filter(([name]) => pattern.test(name));
  if (frozen.length + variables.length === 0) {
    const names = layers.flatMap(([name]) => name || []).slice(0, 12);
    throw new ArgumentError(`--freeze ${freeze}: no layer of ${path} has such a name; it has ${names.join(", ")} …`);
  }
  for (const [, layer] of frozen) layer.freeze();
  for (const [, v] of variables) v.trainable = false;
  for (const [name, v] of net.state()) if (fresh.includes(name)) v.trainable = true;
  for (const [name, layer] of layers) {
    const own = namesIn(name, layer);
    if (own.length > 0 && own.every((key) => fresh.includes(key))) layer.trainable = true;
  }
  if (net.parameters().some((parameter) => parameter.trainable)) return;
  throw new ArgumentError(
    `--freeze ${freeze}: all layers of ${path} have such names, so nothing is trained; name fewer`,
  );
}

/** Gives the network of a run a last layer for other outputs. */
export function adapted(net: nn.Module, { path, made }: Start, { outputs }: ModelRequest): nn.Module {
  if (made === undefined || made.outputs === outputs) return net;
  const [name, { inFeatures }] = headOf(net, path);
  return net.replace(name, nn.linear(inFeatures, outputs));
}

/**
 * Loads what a network has in common with the file.
 *
 * @param anew whether the last layer is made anew, for other outputs.
 * @returns the record, with the names of what was not loaded.
 * @throws ArgumentError if the file has changed, or does not fit: of a run nothing but the last layer may differ.
 */
export async function loadStart(net: nn.Module, start: Start, anew: boolean): Promise<Start> {
  const { path, prefix = "" } = start;
  const file = await readSafetensors(path);
  if ((await digestOf(path)) !== start.sha256)
    throw new ArgumentError(`--from ${path}: it has changed since it was read first; begin another training`);
  const head = anew ? [...headOf(net, path)[1].state().values()] : [];
  const state = [...net.state()];
  const fits = state.flatMap(([name, v]) =>
    !head.includes(v) && sameShape(file.tensors.get(prefix + name)?.shape ?? [-1], v.shape) ? [name] : [],
  );
  const fresh = state.flatMap(([name]) => (fits.includes(name) ? [] : [name]));
  const stored = [...file.tensors.keys()]
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const own = new Set(state.map(([name]) => name));
  const unused = stored.filter((name) => !own.has(name));
  const odd = state.find(([name, v]) => fresh.includes(name) && !head.includes(v));
  if (fits.length === 0 || (start.made !== undefined && odd !== undefined)) {
    const whose = start.made === undefined ? "none of its tensors fits" : "its weights do not fit";
    throw new ArgumentError(
      `--from ${path}: ${whose} the network: ${compared(state, file.tensors, prefix)}; ${mend(start)}`,
    );
  }
  await load(net, path, { strict: false, prefix, skip: exactly(fresh) });
  const reshaped = fresh.filter((name) => file.tensors.has(prefix + name) && !anew);
  return { ...start, fresh, reshaped, unused };
}

type Shaped = { readonly shape: readonly number[] };

/** The first names of both sides, with shapes. */
function compared(
  state: readonly (readonly [string, Shaped])[],
  tensors: ReadonlyMap<string, Shaped>,
  prefix: string,
): string {
  const there = [...tensors].filter(([name]) => name.startsWith(prefix));
  return `it has ${shapesOf(there.map(([name, t]) => [name.slice(prefix.length), t]))}, the network ${shapesOf(state)}`;
}

const [SHAPES_SHOWN, NAMES_SHOWN] = [4, 8];

const shapesOf = (all: readonly (readonly [string, Shaped])[]): string =>
  all
    .slice(0, SHAPES_SHOWN)
    .map(([name, { shape }]) => `${name} ${formatShape(shape)}`)
    .join(", ") + (all.length > SHAPES_SHOWN ? " …" : "");

const mend = ({ made }: Start): string =>
  made === undefined
    ? "give a model file whose layers have these names and sizes, or rename them in code by load(net, file, { prefix, rename }) and save(net, file)"
    : "leave out what changes its layers, such as --dropout, or train anew";

/** An expression for some names alone. */
const exactly = (names: readonly string[]): RegExp =>
  new RegExp(`^(?:${names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})$`);

/** What a run begins with, in lines for a person. */
export function aboutStart({ made, freeze, fresh = [], reshaped = [], unused = [] }: Start, where: string): string[] {
  const list = (names: readonly string[]): string =>
    names.slice(0, NAMES_SHOWN).join(", ") + (names.length > NAMES_SHOWN ? ` … (${names.length})` : "");
  const lines = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}: ${list(names)}`];
  const missing = fresh.filter((name) => !reshaped.includes(name));
  return [
    `starts from ${where}`,
    ...lines(made === undefined ? "not in the file, made anew" : "made anew for other outputs", missing),
    ...lines("of another shape in the file, made anew", reshaped),
    ...lines("in the file alone, not used", made === undefined ? unused : []),
    ...(freeze === undefined ? [] : [`not trained: ${freeze}`]),
  ].map((line) => `  ${line}`);
}
