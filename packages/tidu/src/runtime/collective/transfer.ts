// Moves values between storages and memory that processes exchange: without a copy where the device's memory is the host's.
import type { TypedArray } from "../../base/dtype.js";
import { sizeOf } from "../../base/shape.js";
import type { Storage } from "../../graph/node.js";
import type { Realizer } from "../../tensor/realizer.js";
import type { Collection, Communicator } from "./communicator.js";

/** Memory that does not move during a transfer. */
export const room = (floats: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * floats));

/** A device whose memory the host shares. */
export type Local = Realizer & Required<Pick<Realizer, "inPlace">>;
export const isLocal = (on: Realizer): on is Local => on.inPlace !== undefined;

/** Puts values one after the other. */
function join(parts: readonly TypedArray[], to: Float32Array): Float32Array {
  let at = 0;
  for (const part of parts) {
    to.set(part, at);
    at += part.length;
  }
  return to;
}

/** Copies the contents of storages one after the other. */
export function readInto(on: Realizer, storages: readonly Storage[], to: Float32Array): Promise<void> | void {
  if (isLocal(on)) return on.inPlace(storages, (...memory) => void join(memory, to));
  return Promise.all(storages.map((s) => on.read(s))).then((all) => void join(all, to));
}

/** Writes values that stand one after the other. */
export function writeFrom(on: Realizer, storages: readonly Storage[], from: Float32Array): void {
  let at = 0;
  for (const storage of storages) on.write(storage, from.subarray(at, (at += sizeOf(storage.shape))));
}

/** Gathers values of all processes in a storage. */
export class Gathering {
  #own: Float32Array | undefined;

  /** @param counts elements that each process has. */
  constructor(
    readonly whole: Storage,
    readonly counts: readonly number[],
  ) {}

  /** @param parts this process's elements, which follow each other. */
  of(parts: readonly TypedArray[], all: TypedArray, rank: number): Collection {
    return {
      part: parts.length === 1 ? (parts[0] as Float32Array) : join(parts, (this.#own ??= room(this.counts[rank]))),
      all: all as Float32Array,
      counts: this.counts,
    };
  }
}

/** Gathers several values at once. @param parts this process's elements of each, in storages one after the other. */
export function gatherAll(
  world: Communicator,
  on: Local,
  gatherings: readonly { readonly to: Gathering; readonly parts: readonly Storage[] }[],
): Promise<void> | void {
  if (gatherings.length === 0) return;
  const storages = gatherings.flatMap(({ to, parts }) => [to.whole, ...parts]);
  return on.inPlace(storages, (...memory) => {
    const collections = gatherings.map(({ to, parts }) => {
      const [all, ...own] = memory.splice(0, 1 + parts.length);
      return to.of(own, all, world.rank);
    });
    world.collect(...collections);
  });
}
