// Loads a network from safetensors files, also under other names or in part.
import { callback, check, checkOptions, type Fields, flag, instance, text } from "../base/check.js";
import { FormatError } from "../base/errors.js";
import { readSafetensors } from "../io/reader.js";
import type { TensorData } from "../io/safetensors.js";
import { LENGTH_BYTES } from "../io/safetensors-header.js";
import { checkNet, type Module } from "../nn/module.js";
import { assignAll, checkNames } from "./files.js";

/** How names in a file match those of a network's state. */
export interface LoadOptions {
  /** Whether file and network must have the same names; otherwise the names in both are loaded. Default true. */
  readonly strict?: boolean;
  /** The prefix of names in the file, such as "backbone."; others are skipped. Default "". */
  readonly prefix?: string;
  /** The network's name for one of the file (without the prefix). Default the same. */
  readonly rename?: (name: string) => string;
  /** Names of the network that keep their values, such as /^fc\./. */
  readonly skip?: RegExp;
}

const LOAD: Fields = { strict: flag, prefix: text, rename: callback, skip: instance(RegExp, "a regular expression") };

/**
 * Loads values into a network from a safetensors file, such as PyTorch writes, or from the shards that an index
 * (model.safetensors.index.json) names. Only values that the network uses are read.
 *
 * @throws FormatError if the file is damaged or of another kind, lacks a value of the network, has an extra one (unless
 *   `strict` is false), or one that 32-bit numbers cannot hold; ShapeError if a value has another shape. The network is
 *   then unchanged.
 *
 * @example
 * ```ts
 * import { load, nn, save } from "tidu";
 *
 * const net = nn.linear(2, 1);
 * await save(net, "net.safetensors");
 * await load(net, "net.safetensors");
 * console.log(net.weight.shape); // [1, 2]
 * ```
 */
export async function load<M extends Module>(net: M, path: string, options: LoadOptions = {}): Promise<M> {
  checkNet("load", net);
  check("load", "path", path, text);
  checkOptions("load", options, LOAD);
  const reader = await readSafetensors(path);
  const taken = namesTaken(net, reader.tensors.keys(), options, path);
  const values = new Map<string, TensorData>();
  for (const [name, from] of taken) values.set(name, await reader.read(from));
  return assignAll(net, values, path);
}

/** For each value that the network uses, its name in the file. */
function namesTaken(
  net: Module,
  names: Iterable<string>,
  { strict = true, prefix = "", rename = (name) => name, skip }: LoadOptions,
  file: string,
): Map<string, string> {
  const wanted = [...net.state().keys()].filter((name) => skip?.test(name) !== true);
  const found = new Map<string, string>();
  for (const from of names) {
    if (!from.startsWith(prefix)) continue;
    const name = rename(from.slice(prefix.length));
    const other = found.get(name);
    if (other !== undefined) throw new FormatError(file, LENGTH_BYTES, `${other} and ${from} are both ${name}`);
    if (skip?.test(name) !== true) found.set(name, from);
  }
  const taken = new Map(wanted.flatMap((name) => (found.has(name) ? [[name, found.get(name) as string]] : [])));
  if (strict) checkNames(file, wanted, new Set(found.keys()), "; use prefix, rename, skip or strict: false");
  else if (taken.size === 0 && wanted.length > 0) {
    const some = (list: Iterable<string>) => [...list].slice(0, 3).join(", ");
    throw new FormatError(
      file,
      LENGTH_BYTES,
      `none of its names (${some(found.keys())} …) is one of the network's (${some(wanted)} …); use prefix or rename`,
    );
  }
  return taken;
}
