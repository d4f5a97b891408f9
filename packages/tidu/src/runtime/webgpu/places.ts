// Where storages are on the card, and their earlier contents in case the card had no memory for them.
import type { TypedArray } from "../../base/dtype.js";
import { type Storage, valueBytes } from "../../graph/node.js";
import { setInitial, takeInitial } from "../../tensor/realizer.js";
import type { GpuMemory, Place } from "./memory.js";
import type { Held } from "./readback.js";

/** Numbers for a storage; where `lanes` is set, bools are all ones or zeros already. */
interface Given {
  readonly data: TypedArray;
  readonly lanes: boolean;
}

export class Places {
  readonly #known = new WeakMap<Storage, Place>();
  /** What is to be written to places whose memory is not certain yet. */
  readonly #given = new WeakMap<Storage, Given>();
  readonly #collected: FinalizationRegistry<Pick<Place, "buffer" | "bytes">>;

  /** @param by the device that held results belong to. */
  constructor(
    readonly memory: GpuMemory,
    readonly by: object,
  ) {
    this.#collected = new FinalizationRegistry((place) => memory.free(place));
  }

  has(storage: Storage): boolean {
    return this.#known.has(storage);
  }

  /** A place for as long as its owner lives. `failed` is called if there turns out to be no memory for it. */
  keep(owner: object, bytes: number, what: string, settled: (failed: boolean) => void): Place {
    const place = this.memory.allocate(bytes, what, (failed) => {
      if (failed) this.#collected.unregister(place);
      settled(failed);
    });
    this.#collected.register(owner, { buffer: place.buffer, bytes: place.bytes }, place);
    return place;
  }

  /** Where a storage is, made and filled on first use. */
  of(storage: Storage, overwritten = false): Place {
    const known = this.#known.get(storage);
    if (known !== undefined) return known;
    const held = storage.held?.by === this.by ? (storage.held as Held) : undefined;
    const place = this.keep(storage, valueBytes(storage), storage.name ?? "a tensor", (failed) => {
      const given = this.#given.get(storage);
      this.#given.delete(storage);
      if (failed) this.#known.delete(storage);
      if (given === undefined) return;
      if (!failed) this.#fill(place, storage, given);
      else if (given.lanes) storage.held = held;
      else setInitial(storage, given.data);
    });
    this.#known.set(storage, place);
    const data = held?.data ?? takeInitial(storage);
    storage.held = undefined;
    if (data !== undefined) this.#give(place, storage, data, held !== undefined);
    else if (place.used && !overwritten) this.#fill(place, storage, { data: new Uint8Array(place.bytes), lanes: true });
    return place;
  }

  write(storage: Storage, data: TypedArray): void {
    storage.held = undefined;
    const place = this.#known.get(storage);
    if (place !== undefined) return this.#give(place, storage, data, false);
    setInitial(storage, data);
    this.of(storage);
  }

  /** Writes numbers to a place: at once, or as soon as its memory is certain. The caller may reuse the array. */
  #give(place: Place, storage: Storage, data: TypedArray, lanes: boolean): void {
    if (this.memory.isCertain(place)) this.#fill(place, storage, { data, lanes });
    else this.#given.set(storage, { data: data.slice(), lanes });
  }

  #fill({ buffer }: Place, { dtype }: Storage, { data, lanes }: Given): void {
    let bytes = lanes || dtype !== "bool" ? data : Int32Array.from(data, (x) => (x === 0 ? 0 : -1));
    if (bytes.byteLength % 4 !== 0) {
      const padded = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
      padded.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      bytes = padded;
    }
    this.memory.device.queue.writeBuffer(buffer, 0, bytes);
  }
}
