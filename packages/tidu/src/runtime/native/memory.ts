// Memory for native code: a buffer for each storage, so that it may exceed the limit of WebAssembly's memory.

import { type TypedArray, typedArray } from "../../base/dtype.js";
import { MemoryError } from "../../base/errors.js";
import { formatShape, sizeOf } from "../../base/shape.js";
import { amount, FREE_MEMORY } from "../../base/show.js";
import { type Storage, valueBytes } from "../../graph/node.js";
import { pressure, releaseWith } from "../collector.js";
import type { Libraries } from "./library.js";

/** Blocks begin at cache lines, and vectors may read past their last element. */
export const LINE = 64;

/** Memory for one storage, released by the garbage collector. */
export interface Block {
  readonly buffer: ArrayBufferLike;
  /** Bytes from the buffer's start to the block's, and the block's address. */
  readonly start: number;
  readonly address: bigint;
}

export class NativeMemory {
  readonly usage = { used: 0, peak: 0 };

  /** @param room the most bytes that may be in use, asked at each allocation. */
  constructor(
    readonly libraries: Libraries,
    readonly room: () => number,
  ) {}

  /**
   * A block of zeros. The system provides its pages when they are first written.
   *
   * @throws MemoryError if there is no room now; after a garbage collection there may be.
   */
  allocate(bytes: number): Block {
    const { usage } = this;
    const size = bytes + 2 * LINE;
    const room = this.room();
    const buffer = usage.used + size <= room ? makeBuffer(size) : undefined;
    if (buffer === undefined) {
      const beside = `beside ${amount(usage.used)} in use, and may have ${amount(room)}`;
      throw new MemoryError(bytes, `the engine needs ${amount(bytes)} more ${beside}; ${FREE_MEMORY}`);
    }
    usage.used += size;
    usage.peak = Math.max(usage.peak, usage.used);
    pressure.add(size);
    releaseWith(buffer, {
      release: () => {
        usage.used -= size;
        pressure.remove(size);
      },
    });
    const base = this.libraries.address(buffer);
    const address = ((base + BigInt(LINE - 1)) / BigInt(LINE)) * BigInt(LINE);
    return { buffer, start: Number(address - base), address };
  }
}

/** A buffer that threads can share, of zeros; undefined where there is no room for it. */
function makeBuffer(size: number): SharedArrayBuffer | undefined {
  try {
    return new SharedArrayBuffer(size);
  } catch {
    return undefined;
  }
}

/**
 * A storage's elements in a block.
 *
 * @throws MemoryError where JavaScript has no array so long: Node 20's end at 2³² elements.
 */
export function viewOf({ buffer, start }: Block, storage: Storage): TypedArray {
  const { shape, dtype } = storage;
  try {
    return typedArray(dtype, sizeOf(shape), buffer as ArrayBuffer, start);
  } catch (cause) {
    const what = `a tensor of ${dtype} ${formatShape(shape)}`;
    throw new MemoryError(valueBytes(storage), `${what} is longer than an array of this JavaScript engine can be`, {
      cause,
    });
  }
}
