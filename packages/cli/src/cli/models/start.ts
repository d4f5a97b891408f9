// Fine-tuning: a network begins with weights from a file, those of another run's network or of one with the same layers.
import { ArgumentError, load, nn, readSafetensors } from "tidu";
import { formatShape, sameShape } from "tidu/internal";
import { fromHere } from "../ui/from-here.js";
import { listed } from "../ui/listed.js";
import { digestOf } from "./files.js";
import { headOf } from "./head.js";
import type { ModelRequest } from "./request.js";

/** Where a network's initial weights come from. */
export interface Start {
  /** Absolute path of a safetensors file, or of the index of several. Only beginning reads it: the run keeps the weights. */
  readonly path: string;
  /** SHA-256 of the file, and of those that it names after it, in hex. */
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
  const path = fromHere(start.path);
  const { tensors } = await readSafetensors(path);
  if ((await digestOf(start.path)) !== start.sha256)
    throw new ArgumentError(`--from ${path}: it has changed since it was first read; start a new run`);
  const head = anew ? [...headOf(net, path)[1].state().values()] : [];
  const state = [...net.state()];
  const prefix = start.prefix ?? prefixOf(state, tensors);
  const fits = state.flatMap(([name, v]) =>
    !head.includes(v) && isAlike(tensors.get(prefix + name), v) ? [name] : [],
  );
  const fresh = state.flatMap(([name]) => (fits.includes(name) ? [] : [name]));
  const stored = [...tensors.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const own = new Set(state.map(([name]) => name));
  const unused = stored.filter((name) => !own.has(name));
  const odd = state.find(([name, v]) => fresh.includes(name) && !head.includes(v));
  if (fits.length === 0 || (start.made !== undefined && odd !== undefined)) {
    const whose = start.made === undefined ? "none of its tensors fits" : "its weights do not fit";
    throw new ArgumentError(
      `--from ${path}: ${whose} the network: ${compared(state, tensors, prefix)}; ${mend(start)}`,
    );
  }
  await load(net, path, { strict: false, prefix, skip: exactly(fresh) });
  const reshaped = fresh.filter((name) => tensors.has(prefix + name) && !anew);
  return { ...start, ...(prefix === "" ? {} : { prefix }), fresh, reshaped, unused };
}

const isAlike = (stored: Shaped | undefined, { shape }: Shaped): boolean =>
  stored !== undefined && sameShape(stored.shape, shape);

/**
 * What precedes the network's names in a file: nothing if some fit without, else what the most fit with, as "model." or
 * "module." of networks inside another.
 */
function prefixOf(state: readonly (readonly [string, Shaped])[], tensors: ReadonlyMap<string, Shaped>): string {
  const counts = new Map([["", 0]]);
  const own = new Map(state);
  for (const [stored, tensor] of tensors) {
    for (let at = 0; at >= 0; at = stored.indexOf(".", at) + 1 || -1) {
      const value = own.get(stored.slice(at));
      const prefix = stored.slice(0, at);
      if (value !== undefined && isAlike(tensor, value)) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  if (counts.get("")) return "";
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
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

const SHAPES_SHOWN = 4;

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
export function aboutStart(
  { made, prefix = "", fresh = [], reshaped = [], unused = [] }: Start,
  where: string,
): string[] {
  const lines = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}: ${listed(names)}`];
  const missing = fresh.filter((name) => !reshaped.includes(name));
  return [
    `starts from ${where}`,
    ...(made === undefined && prefix !== "" ? [`names in it begin with ${JSON.stringify(prefix)}`] : []),
    ...lines(made === undefined ? "not in the file, made anew" : "made anew for other outputs", missing),
    ...lines("of another shape in the file, made anew", reshaped),
    ...lines("only in the file, not used", made === undefined ? unused : []),
  ].map((line) => `  ${line}`);
}
