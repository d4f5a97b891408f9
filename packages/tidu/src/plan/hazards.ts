// Where threads must wait for each other: before a kernel that needs what another thread may still be reading or writing.
import { byteSize } from "../base/dtype.js";
import { type Buffer, buffersRead, buffersWritten, extent, type Kernel } from "../compile/kernel.js";

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
    const end = start + bytesIn(buffer);
    for (const other of this.#arena) {
      const from = other.offset as number;
      if (from < end && start < from + bytesIn(other)) return true;
    }
    return false;
  }
}

const bytesIn = (buffer: Buffer): number => extent(buffer) * byteSize(buffer.dtype);

/** What some kernels have read and written. */
export class Hazards {
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
