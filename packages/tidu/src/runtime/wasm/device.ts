// WebAssembly as a device.
import { callback, checkOptions, flag, positive, whole } from "../../base/check.js";
import { CompilingDevice } from "../device.js";
import { type WasmCode, WasmEngine, type WasmOptions } from "./engine.js";

export type { WasmCode, WasmOptions } from "./engine.js";

const OPTIONS = { threads: whole(1, 1024), memoryLimit: positive, portable: flag, observe: callback };

/**
 * Runs programs as WebAssembly SIMD code on several threads over one shared memory. A device with the default options
 * is made when one is first needed; `setDevice(new WasmDevice({ threads: 2, portable: true }))` replaces it.
 *
 * @example
 * ```ts
 * import { setDevice, tensor, WasmDevice } from "tidu";
 *
 * setDevice(new WasmDevice({ threads: 1 }));
 * console.log(await tensor([1, 2]).sum().item()); // 3
 * ```
 */
export class WasmDevice extends CompilingDevice<number, WasmCode> {
  readonly name = "wasm";
  readonly addressable = 2 ** 32;
  readonly #engine: WasmEngine;

  constructor(readonly options: WasmOptions = {}) {
    checkOptions("WasmDevice", options, OPTIONS);
    const engine = new WasmEngine(options);
    super(engine, options.observe);
    this.#engine = engine;
  }

  /** Bytes of engine memory in use now and at most so far: storages, arena and tables. */
  get memory(): { used: number; peak: number } {
    return this.#engine.heap.usage;
  }
  /** Threads that programs run on, the calling one included; 1 where no others could be started, or they have ended. */
  get threads(): number {
    return this.#engine.pool.threads;
  }
  /** Whether products are added in one rounding; their last bits then differ from those of a `portable` device. */
  get fusedMultiplyAdd(): boolean {
    return this.#engine.relaxed;
  }
  /**
   * Starts the threads, and resolves when all have started; until then programs run on the calling thread. Without this,
   * they are started when there is work for them.
   */
  ready(): Promise<void> {
    return this.#engine.pool.ready();
  }

  /** Ends the threads; the device still works, on the calling thread. */
  close(): Promise<void> {
    return this.#engine.pool.close();
  }
}
