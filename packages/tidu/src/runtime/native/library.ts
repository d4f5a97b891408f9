// Native libraries, loaded through koffi: an optional peer dependency, needed when a device is made.
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";
import { FolderFault } from "./cache.js";
import { USE_WASM } from "./mend.js";

/** The parts of koffi that are used. */
interface Koffi {
  load(path: string, options?: { global?: boolean }): { func(definition: string): NativeStep };
  address(value: unknown): bigint | number;
}

/** A program's step on a table of addresses. */
export interface NativeStep {
  (table: BigInt64Array, threads: number): void;
  async(table: BigInt64Array, threads: number, done: (error: unknown) => void): void;
}

const STEP = "void tidu_step(const int64_t *table, int64_t threads)";

export class Libraries {
  constructor(readonly koffi: Koffi) {}

  /** @throws DeviceError where koffi is not installed. */
  static find(): Libraries {
    const modules = needNodeModules("native code", USE_WASM);
    const { createRequire } = modules("node:module");
    // Beside this package, or beside the program that uses it.
    for (const from of [import.meta.url, `${process.cwd()}/index.js`]) {
      try {
        return new Libraries(createRequire(from)("koffi"));
      } catch {}
    }
    throw new DeviceError(`native code needs the package koffi to be loaded; run npm install koffi, or ${USE_WASM}`);
  }

  /**
   * Loads the threads' library, whose functions others use.
   *
   * @throws DeviceError where it cannot be loaded, as everywhere here: a FolderFault, since the folder may be the
   *   cause.
   */
  loadPool(path: string): void {
    this.#load(path, { global: true });
  }

  loadStep(path: string): NativeStep {
    return this.#load(path).func(STEP);
  }

  #load(path: string, options: { global?: boolean } = {}) {
    try {
      return this.koffi.load(path, options);
    } catch (cause) {
      throw new FolderFault(
        `native code: ${path} cannot be loaded (${cause}); if its folder may not run programs (noexec), name another in TIDU_CACHE; else name another compiler in CC, or ${USE_WASM}`,
        String(cause),
        { cause },
      );
    }
  }

  /** Where a buffer begins. */
  address(buffer: ArrayBufferLike): bigint {
    return BigInt(this.koffi.address(new Uint8Array(buffer, 0, 1)));
  }
}
