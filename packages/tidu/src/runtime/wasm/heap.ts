// The engine's memory: one WebAssembly memory that grows, handed out in blocks.

import { MemoryError } from "../../base/errors.js";
import { amount, FREE_MEMORY } from "../../base/show.js";
import { MAX_PAGES } from "../../codegen/wasm/assembler.js";
import { type Held, pressure, releaseWith } from "../collector.js";

const PAGE = 65536;
const ALIGN = 64;
/** Bytes kept free at the end, so that vector loads may read past the last element. */
const SLACK = 64;
const FIRST_PAGES = 16;
const ADDRESSABLE = MAX_PAGES * PAGE;

/**
 * Bytes in use now and at most so far. The counts outlive the heap, so that its bytes can be subtracted after it is
 * collected.
 */
class Usage implements Held {
  used = 0;
  peak = 0;

  add(bytes: number): void {
    this.used += bytes;
    this.peak = Math.max(this.peak, this.used);
    pressure.add(bytes);
  }
  remove(bytes: number): void {
    this.used -= bytes;
    pressure.remove(bytes);
  }
  release(): void {
    this.remove(this.used);
  }
}

/** A WebAssembly.Memory, typed so that declarations do not need the DOM's types. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Hands out blocks of a WebAssembly memory, which grows as needed: first fit over a sorted list of free blocks. */
export class Heap {
  readonly memory: EngineMemory;
  /** The memory's buffer, kept here since asking the memory is slow; another one once the memory has grown. */
  buffer: ArrayBuffer;
  /** The most bytes that it may have. */
  readonly limit: number;
  readonly #free: { start: number; size: number }[] = [];
  readonly #taken = new Map<number, number>();
  readonly #usage = new Usage();
  #top = ALIGN;

  /** @param limit the most bytes that it may have; in any case no more than 32 bits can address. */
  constructor(
    readonly shared: boolean,
    limit = ADDRESSABLE,
  ) {
    this.limit = Math.min(limit, ADDRESSABLE);
    this.memory = reserve(shared);
    this.buffer = this.memory.buffer;
    releaseWith(this, this.#usage);
  }

  /** Bytes handed out now, and at most so far. */
  get usage(): { used: number; peak: number } {
    const { used, peak } = this.#usage;
    return { used, peak };
  }

  /**
   * Address of a new block.
   *
   * @throws MemoryError if there is no room now; after a garbage collection there may be.
   */
  allocate(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const start = this.#reuse(size) ?? this.#extend(size);
    this.#taken.set(start, size);
    this.#usage.add(size);
    return start;
  }

  /** Whether a block of so many bytes would stay below the limit. */
  hasRoomFor(bytes: number): boolean {
    return this.#top + bytes + ALIGN + SLACK <= this.limit || this.#free.some(({ size }) => size >= bytes + ALIGN);
  }

  #reuse(size: number): number | undefined {
    const at = this.#free.findIndex((b) => b.size >= size);
    if (at < 0) return undefined;
    const block = this.#free[at];
    const start = block.start;
    if (block.size === size) this.#free.splice(at, 1);
    else {
      block.start += size;
      block.size -= size;
    }
    return start;
  }

  #extend(size: number): number {
    const last = this.#free[this.#free.length - 1];
    const start = last !== undefined && last.start + last.size === this.#top ? last.start : this.#top;
    const end = start + size;
    this.#ensure(end + SLACK, size);
    if (start !== this.#top) this.#free.pop();
    this.#top = end;
    return start;
  }

  #ensure(bytes: number, more: number): void {
    const have = this.buffer.byteLength;
    if (bytes <= have) return;
    if (bytes > this.limit) throw this.#problem(bytes, more, `may have ${amount(this.limit)}`);
    const wanted = Math.ceil(bytes / PAGE) - have / PAGE;
    // Grows by more than needed, because growing is slow, but never past the limit.
    const ahead = Math.min(Math.max(wanted, Math.ceil(have / PAGE / 4)), Math.floor((this.limit - have) / PAGE));
    if (this.#grow(Math.max(wanted, ahead)) || this.#grow(wanted)) return;
    throw this.#problem(bytes, more, `this process can have no more`);
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      this.buffer = this.memory.buffer;
      return true;
    } catch {
      return false;
    }
  }

  #problem(bytes: number, more: number, but: string): MemoryError {
    const needs = `the engine needs ${amount(more)} more beside ${amount(this.#usage.used)} in use`;
    return new MemoryError(bytes, `${needs}, and ${but}; ${FREE_MEMORY}`);
  }

  /** Gives a block back. */
  free(start: number): void {
    const size = this.#taken.get(start);
    if (size === undefined) return;
    this.#taken.delete(start);
    this.#usage.remove(size);
    let [at, end] = [0, this.#free.length];
    while (at < end) {
      const middle = (at + end) >> 1;
      if (this.#free[middle].start < start) at = middle + 1;
      else end = middle;
    }
    this.#free.splice(at, 0, { start, size });
    this.#join(at);
    this.#join(at - 1);
  }

  #join(at: number): void {
    const [a, b] = [this.#free[at], this.#free[at + 1]];
    if (a === undefined || b === undefined || a.start + a.size !== b.start) return;
    a.size += b.size;
    this.#free.splice(at + 1, 1);
  }
}

/**
 * A memory that can grow as far as this process's address space allows. Engines reserve all addresses of a shared one
 * at once, so a smaller maximum is tried where that fails.
 */
function reserve(shared: boolean): WebAssembly.Memory {
  let cause: unknown;
  for (let maximum = MAX_PAGES; maximum > FIRST_PAGES; maximum /= 4) {
    try {
      const memory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared });
      // Some engines make one without room to grow.
      memory.grow(1);
      return memory;
    } catch (error) {
      cause = error;
    }
  }
  throw new MemoryError(
    FIRST_PAGES * PAGE,
    "too little address space for WebAssembly; raise ulimit -v, or give Node --disable-wasm-trap-handler",
    { cause },
  );
}
