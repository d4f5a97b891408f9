// Shared by networks that are compiled ahead of time, as C or WebAssembly: the traced program, and its numbers.
import { storeAs, type TypedArray } from "../base/dtype.js";
import { isHalf } from "../base/half.js";
import { compileProgram, type Program } from "../compile/program.js";
import { type Node, type Storage, topologicalOrder, valueBytes } from "../graph/node.js";
import type { Module } from "../nn/module.js";
import { wholeLines } from "../plan/scratch.js";
import { device, type Realizer, wideOps } from "../tensor/realizer.js";
import { resolve } from "../tensor/stored.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Traced } from "../tensor/trace.js";
import { Variable } from "../tensor/variable.js";

/** Something that stays between calls: a weight, a moment, the state of a random generator. */
export interface Part {
  readonly storage: Storage;
  /** An identifier of C. */
  readonly name: string;
  readonly data: TypedArray;
  /** Bytes from the beginning of all parts to this one. */
  readonly offset: number;
}

/**
 * The program of a trace, whose results go to these storages.
 *
 * @param where the function that asks, for errors.
 */
export function programOf(
  where: string,
  { result, updates, trace: made }: Traced<readonly Node[]>,
  results: readonly Storage[],
): Program {
  const targets = [...updates.map((u) => u.storage), ...results];
  const { values } = resolve([...updates.map((u) => u.value), ...result], made);
  for (const { dtype } of topologicalOrder(values)) wideOps(dtype, where, { name: "compiled code" });
  return compileProgram(targets.map((storage, i) => ({ storage, value: values[i] }))).program;
}

/** The storages that a program reads or writes beside those given to a call, each with a name and its contents. */
export async function partsOf(
  { buffers }: Program,
  { trace: made }: Traced<unknown>,
  net: Module,
  given: readonly Storage[],
): Promise<Part[]> {
  const owners = new Map(made.places.map(({ storage, owner }) => [storage, owner]));
  const names = new Map([...net.state()].map(([name, variable]) => [variable.storage, name]));
  const known = new Set<string>();
  // All are asked for before the first wait, during which the network may change.
  const parts: Promise<Part>[] = [];
  let offset = 0;
  for (const storage of new Set(buffers.flatMap((b) => b.storage ?? []))) {
    if (given.includes(storage)) continue;
    const wanted = (names.get(storage) ?? storage.name ?? "value").replace(/\W+/g, "_");
    let name = wanted;
    for (let i = 2; known.has(name); i++) name = `${wanted}_${i}`;
    known.add(name);
    const owner = owners.get(storage);
    const data = owner instanceof Variable ? owner.data() : contents(storage);
    const at = offset;
    parts.push(data.then((values) => ({ storage, name: `p_${name}`, data: lanesOf(storage, values), offset: at })));
    // Parts begin at cache lines.
    offset += wholeLines(valueBytes(storage));
  }
  return Promise.all(parts);
}

/** Elements as kernels have them, who may be given halves as numbers. */
function lanesOf({ dtype }: Storage, data: TypedArray): TypedArray {
  if (isHalf(dtype) && data instanceof Float32Array) return storeAs("a network", "values", data, dtype);
  return dtype === "bool" ? data.map((x) => -x) : data;
}

/** What a network comes to, as callers have it: halves as the numbers that they are. */
export const resultOf = (y: Tensor): Node => (isHalf(y.dtype) ? y.toFloat() : y).node;

const contents = async (storage: Storage): Promise<TypedArray> =>
  ((storage.on as Realizer | undefined) ?? device()).read(storage);
