// Buffers on the card: made under an error scope, and reused once their contents are no longer needed.

import { DeviceError, MemoryError } from "../../base/errors.js";
import { amount, FREE_MEMORY } from "../../base/show.js";
import { type GpuBuffer, type GpuDevice, USAGE } from "./gpu.js";

/** A buffer on the card that holds one storage, or the arena. */
export interface Place {
  readonly id: number;
  readonly buffer: GpuBuffer;
  readonly bytes: number;
  /** Whether it was used before, so that it is not zeros. */
  readonly used: boolean;
  /**
   * As many bytes for the garbage collector to see, since it cannot see the card's memory and would let the card fill
   * up. They are reserved but never touched, so they take no memory.
   */
  readonly ballast?: ArrayBuffer;
}

/** Places smaller than this are too small to make the collector run. */
const LEAST_BALLAST = 1 << 16;
const MOST_BALLAST = 1 << 26;
/** The most bytes of buffers that are kept for reuse, as a share of those in use. */
const SPARE = 0.25;

const round = (bytes: number): number => Math.max(256, Math.ceil(bytes / 256) * 256);

export class GpuMemory {
  readonly #free = new Map<number, Place[]>();
  readonly #checks = new Set<Promise<void>>();
  readonly #uncertain = new Set<Place>();
  #spare = 0;
  #used = 0;
  #peak = 0;
  #places = 0;
  #failure: Error | undefined;

  constructor(readonly device: GpuDevice) {}

  get usage(): { used: number; peak: number } {
    return { used: this.#used, peak: this.#peak };
  }

  /**
   * A place for this many bytes. Whether the card had the memory shows in `settle`.
   *
   * @param settled called for new places once that is known; one that failed must not be used.
   */
  allocate(bytes: number, what: string, settled: (failed: boolean) => void): Place {
    const size = round(bytes);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > most)
      throw new MemoryError(
        size,
        `webgpu: ${what} needs ${amount(size)} in one piece, and this adapter allows ${amount(most)}; ${FREE_MEMORY}`,
      );
    this.#used += size;
    this.#peak = Math.max(this.#peak, this.#used);
    const spare = this.#free.get(size)?.pop();
    if (spare !== undefined) {
      this.#spare -= size;
      return this.#place(spare.buffer, size, true);
    }
    this.device.pushErrorScope("out-of-memory");
    this.device.pushErrorScope("validation");
    const usage = USAGE.storage | USAGE.copySource | USAGE.copyTarget;
    const buffer = this.device.createBuffer({ size, usage, label: what });
    const check = Promise.all([this.device.popErrorScope(), this.device.popErrorScope()])
      .catch((error: Error) => [error, null])
      .then(([invalid, full]) => {
        this.#checks.delete(check);
        this.#uncertain.delete(place);
        const failed = full !== null || invalid !== null;
        settled(failed);
        if (!failed) return;
        this.#used -= size;
        // Buffers kept for reuse may be the memory that is missing.
        this.clear();
        if (full === null) this.#failure = new DeviceError(`webgpu: ${what}: ${invalid?.message}`);
        else
          this.#failure = new MemoryError(
            size,
            `webgpu: ${what} needs ${amount(size)}, and the card has no more memory (${amount(this.#used)} are in use); ${FREE_MEMORY}`,
          );
      });
    this.#checks.add(check);
    const place = this.#place(buffer, size, false);
    this.#uncertain.add(place);
    return place;
  }

  #place(buffer: GpuBuffer, bytes: number, used: boolean): Place {
    const ballast = bytes < LEAST_BALLAST ? undefined : new ArrayBuffer(Math.min(bytes, MOST_BALLAST));
    return { id: ++this.#places, buffer, bytes, used, ballast };
  }

  /** Whether a place is known to have memory. */
  isCertain(place: Place): boolean {
    return !this.#uncertain.has(place);
  }

  /** Whether buffers were made for which `settle` has not been called yet. */
  get unsettled(): boolean {
    return this.#checks.size > 0 || this.#failure !== undefined;
  }

  /** Resolves once the card has all buffers; throws MemoryError if it does not. */
  async settle(): Promise<void> {
    await Promise.all(this.#checks);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  /** Gives a place back. */
  free({ buffer, bytes }: { buffer: GpuBuffer; bytes: number }): void {
    this.#used -= bytes;
    if (this.#spare + bytes > this.#used * SPARE + (1 << 22)) return buffer.destroy();
    this.#spare += bytes;
    const spare = { id: 0, buffer, bytes, used: true };
    const list = this.#free.get(bytes);
    if (list === undefined) this.#free.set(bytes, [spare]);
    else list.push(spare);
  }

  /** Gives all spare buffers back to the card. */
  clear(): void {
    for (const list of this.#free.values()) for (const { buffer } of list) buffer.destroy();
    this.#free.clear();
    this.#spare = 0;
  }
}
