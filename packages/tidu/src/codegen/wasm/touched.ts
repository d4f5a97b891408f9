import { type Buffer, buffersRead, buffersWritten, type Kernel } from "../../compile/kernel.js";
import { bytesOf } from "../../compile/memory.js";

/** Buffers, found by the memory that they share with others: a storage is its own, pieces of the arena may overlap. */
class Places {
  readonly #storages = new Set<Buffer>();
  readonly #arena = new Set<Buffer>();

  add(buffers: Iterable<Buffer>): void {
    for (const b of buffers) (b.storage === undefined ? this.#arena : this.#storages).add(b);
  }

  meets(buffers: Iterable<Buffer>): boolean {
    for (const b of buffers) if (b.storage === undefined ? this.#overlaps(b) : this.#storages.has(b)) return true;
    return false;
  }

  #overlaps(buffer: Buffer): boolean {
    const start = buffer.offset as number;
    const end = start + bytesOf(buffer);
    for (const other of this.#arena) {
      const from = other.offset as number;
      if (from < end && start < from + bytesOf(other)) return true;
    }
    return false;
  }
}

/** What some kernels have read and written. */
export class Touched {
  readonly #read = new Places();
  readonly #written = new Places();

  add(kernel: Kernel): void {
    this.#read.add(buffersRead(kernel));
    this.#written.add(buffersWritten(kernel));
  }

  /** Whether a kernel reads or writes what one of these wrote, or writes what one of them reads. */
  conflictsWith(kernel: Kernel): boolean {
    const writes = buffersWritten(kernel);
    return this.#written.meets(buffersRead(kernel)) || this.#written.meets(writes) || this.#read.meets(writes);
  }
}
