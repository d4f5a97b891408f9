import { MemoryError } from "../../base/errors.js";
import { MAX_PAGES } from "../../codegen/wasm/assembler.js";

const PAGE = 65536;
const ALIGN = 64;
/** Bytes kept free at the end, so that vector loads may read past the last element. */
const SLACK = 64;

/** Hands out blocks of a WebAssembly memory, which grows as needed: first fit over a sorted list of free blocks. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly #free: { start: number; size: number }[] = [];
  readonly #taken = new Map<number, number>();
  #top = ALIGN;
  #used = 0;
  #peak = 0;

  constructor(readonly shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MAX_PAGES, shared });
  }

  /** Bytes handed out now, and at most so far. */
  get usage(): { used: number; peak: number } {
    return { used: this.#used, peak: this.#peak };
  }

  /** Address of a new block. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const start = this.#reuse(size) ?? this.#extend(size);
    this.#taken.set(start, size);
    this.#used += size;
    this.#peak = Math.max(this.#peak, this.#used);
    return start;
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
    this.#ensure(end + SLACK);
    if (start !== this.#top) this.#free.pop();
    this.#top = end;
    return start;
  }

  #ensure(bytes: number): void {
    const have = this.memory.buffer.byteLength;
    if (bytes <= have) return;
    const wanted = Math.ceil(bytes / PAGE) - have / PAGE;
    // Some room ahead, because growing is slow, but never past the limit.
    const ahead = Math.min(Math.max(wanted, Math.ceil(have / PAGE / 4)), MAX_PAGES - have / PAGE);
    try {
      this.memory.grow(Math.max(wanted, ahead));
    } catch {
      throw new MemoryError(
        bytes,
        `the engine needs ${bytes} bytes (${(bytes / 2 ** 30).toFixed(2)} GiB) and can address ${MAX_PAGES * PAGE} (4 GiB): use a smaller batch or model`,
      );
    }
  }

  /** Gives a block back. */
  free(start: number): void {
    const size = this.#taken.get(start);
    if (size === undefined) return;
    this.#taken.delete(start);
    this.#used -= size;
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
