// What is compiled ahead of time, for other languages and other places: a traced program, and the numbers that it works on.
import type { TypedArray } from "../base/dtype.js";
import { compileProgram, type Program } from "../compile/program.js";
import { type Node, type Storage, valueBytes } from "../graph/node.js";
import type { Module } from "../nn/module.js";
import { device, type Realizer } from "../tensor/realizer.js";
import { resolve } from "../tensor/stored.js";
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

/** The program of what was traced, whose results go to these storages. */
export function programOf(
  { result, updates, trace: made }: Traced<readonly Node[]>,
  results: readonly Storage[],
): Program {
  const targets = [...updates.map((u) => u.storage), ...results];
  const { values } = resolve([...updates.map((u) => u.value), ...result], made);
  return compileProgram(targets.map((storage, i) => ({ storage, value: values[i] }))).program;
}

/** What a program reads or writes beside the storages that a call gives it, each by a name of its own, with what it holds. */
export async function partsOf(
  { buffers }: Program,
  { trace: made }: Traced<unknown>,
  net: Module,
  given: readonly Storage[],
): Promise<Part[]> {
  const owners = new Map(made.places.map(({ storage, owner }) => [storage, owner]));
  const names = new Map([...net.state()].map(([name, variable]) => [variable.storage, name]));
  const known = new Set<string>();
  const parts: Part[] = [];
  let offset = 0;
  for (const storage of new Set(buffers.flatMap((b) => b.storage ?? []))) {
    if (given.includes(storage)) continue;
    const wanted = (names.get(storage) ?? storage.name ?? "value").replace(/\W+/g, "_");
    let name = wanted;
    for (let i = 2; known.has(name); i++) name = `${wanted}_${i}`;
    known.add(name);
    const owner = owners.get(storage);
    const data = owner instanceof Variable ? await owner.data() : await contents(storage);
    parts.push({ storage, name: `p_${name}`, data: storage.dtype === "bool" ? data.map((x) => -x) : data, offset });
    offset += roundUp(valueBytes(storage));
  }
  return parts;
}

const contents = (storage: Storage): Promise<TypedArray> | TypedArray =>
  ((storage.on as Realizer | undefined) ?? device()).read(storage);

/** Parts begin at cache lines. */
export const roundUp = (bytes: number): number => Math.ceil(bytes / 64) * 64;
