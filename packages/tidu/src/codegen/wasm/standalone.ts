// A program as a WebAssembly module that is compiled ahead of time: its numbers are in it, and all addresses are fixed.
import type { TypedArray } from "../../base/dtype.js";
import type { Program } from "../../compile/program.js";
import { type Storage, valueBytes } from "../../graph/node.js";
import { type Bytes, join, section, signedNumber, sized } from "./assembler.js";
import { ARENA_SLOT, FIRST_STORAGE, generateModule, SCRATCH_BYTES, SCRATCH_SLOT } from "./module.js";

/** A module that imports `env.memory` and exports `run(table, thread, threads)`. */
export interface StandaloneModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The first argument of `run`. */
  readonly table: number;
  /** Where each storage lies in memory. */
  readonly places: ReadonlyMap<Storage, number>;
  /** Pages of 64 KiB that the memory must have. */
  readonly pages: number;
}

const PAGE = 65536;
const ALIGN = 64;
const DATA = 11;

/** @param contents what storages hold at first; others hold zeros. */
export function generateStandaloneModule(
  program: Program,
  contents: ReadonlyMap<Storage, TypedArray>,
): StandaloneModule {
  const { bytes, storages } = generateModule(program, { shared: false, relaxed: false });
  let end = ALIGN;
  const take = (size: number): number => {
    const start = end;
    end += Math.ceil(size / ALIGN) * ALIGN;
    return start;
  };
  const table = take(4 * (FIRST_STORAGE + storages.length));
  const words = new Int32Array(FIRST_STORAGE + storages.length);
  words[SCRATCH_SLOT] = take(SCRATCH_BYTES);
  words[ARENA_SLOT] = take(program.memory.arenaBytes);
  storages.forEach((s, i) => void (words[FIRST_STORAGE + i] = take(valueBytes(s))));
  const places = new Map(storages.map((s, i) => [s, words[FIRST_STORAGE + i]]));
  const segments: (readonly [number, TypedArray])[] = [[table, words]];
  for (const [storage, data] of contents) {
    const place = places.get(storage);
    if (place !== undefined) segments.push([place, data]);
  }
  const data = section(DATA, segments.length, segments.flatMap(segment));
  // Vector loads may read past the last element.
  return { bytes: join([bytes, ...data]), table, places, pages: Math.ceil((end + ALIGN) / PAGE) };
}

/** Bytes that are copied to an address when the module is made ready. */
function segment([at, { buffer, byteOffset, byteLength }]: readonly [number, TypedArray]): Bytes {
  return [[0, 0x41, ...signedNumber(at), 0x0b, ...sized(byteLength)], new Uint8Array(buffer, byteOffset, byteLength)];
}
