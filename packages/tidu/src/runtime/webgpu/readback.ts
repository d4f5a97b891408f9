// Reads small results back while the next steps already run: a ring of buffers that the host can map.
import type { TypedArray } from "../../base/dtype.js";
import { type GpuBuffer, type GpuDevice, type GpuEncoder, MAP_READ, USAGE } from "./gpu.js";

/** Copies bytes from the card, in the order of its queue. */
export class Readback {
  readonly #spare: GpuBuffer[] = [];

  constructor(
    readonly device: GpuDevice,
    readonly bytes: number,
  ) {}

  /** Adds a copy to the end of a step's commands. Call the returned function once they are submitted. */
  record(
    encoder: GpuEncoder,
    from: GpuBuffer,
    bytes = this.bytes,
  ): (take: (data: ArrayBuffer) => void) => Promise<void> {
    const size = Math.ceil(bytes / 4) * 4;
    const buffer =
      this.#spare.pop() ?? this.device.createBuffer({ size: this.bytes, usage: USAGE.mapRead | USAGE.copyTarget });
    encoder.copyBufferToBuffer(from, 0, buffer, 0, size);
    return async (take) => {
      await buffer.mapAsync(MAP_READ, 0, size);
      take(buffer.getMappedRange(0, size));
      buffer.unmap();
      this.#spare.push(buffer);
    };
  }
}

/** A small result that is being read back: `data` is filled once `ready` has resolved. */
export interface Held {
  readonly by: object;
  readonly data: TypedArray;
  readonly ready: Promise<void>;
  settled: boolean;
}
