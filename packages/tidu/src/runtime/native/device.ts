// Native code as a device: programs become C, which the system's compiler makes a library of.
import { byteSize, type TypedArray, typedArray } from "../../base/dtype.js";
import { ArgumentError, DeviceError, MemoryError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { ARENA_SLOT, type CProgram, FIRST_STORAGE, generateC, SCRATCH_SLOT } from "../../codegen/c/program.js";
import type { Observer, Program } from "../../compile/program.js";
import { PROCESSOR } from "../../compile/target.js";
import type { Storage } from "../../graph/node.js";
import type { Registers } from "../../plan/registers.js";
import { scratchFor } from "../../plan/scratch.js";
import { pressure, releaseWith } from "../collector.js";
import { type Bound, CompilingDevice, type Engine } from "../device.js";
import { processors } from "../host.js";
import { cached, cacheFolder, digest } from "./cache.js";
import { type Compiler, compileLibrary, findCompiler } from "./compiler.js";
import { Libraries, type NativeStep } from "./library.js";
import { POOL } from "./pool.js";
import { type Processor, processorHere } from "./processor.js";

export interface NativeOptions {
  /** Threads to run on, the calling one included; default: one for each processor core. The results are the same. */
  readonly threads?: number;
  /** Use no instruction whose result may differ between machines: the same bits everywhere. Default false. */
  readonly portable?: boolean;
  /** Sees what each pass of the compiler made of each program: to print it, or to check it with a `verifier()`. */
  readonly observe?: Observer;
}

/** Steps that took less than this many milliseconds are run at once; others let the event loop go on meanwhile. */
const AT_ONCE = 0.3;
/** Blocks begin at cache lines, and vectors may read past their last element. */
const LINE = 64;

/** Memory for one storage, which the collector gives back. */
interface Block {
  readonly buffer: SharedArrayBuffer;
  /** Bytes from the buffer's start to the block's, and the block's address. */
  readonly start: number;
  readonly address: bigint;
}

interface NativeCode {
  readonly ready: Promise<NativeStep>;
  step?: NativeStep;
  readonly stats: CProgram["stats"];
}

/** What is found out once for a device. */
interface Setting {
  readonly compiler: Compiler;
  readonly processor: Processor;
  readonly libraries: Libraries;
  readonly folder: string;
}

class NativeEngine implements Engine<Block, NativeCode> {
  readonly target = PROCESSOR;
  readonly late = false;
  readonly registers: Registers;
  readonly usage = { used: 0, peak: 0 };
  readonly #scratch: Block;

  constructor(
    readonly setting: Setting,
    readonly threads: number,
    portable: boolean,
  ) {
    const { registers } = setting.processor;
    this.registers = { ...registers, fused: registers.fused && !portable };
    this.#scratch = this.allocate(threads * scratchBytes(this.registers));
  }

  compile(program: Program): { code: NativeCode; storages: readonly Storage[] } {
    const { text, storages, stats } = generateC(program, this.registers);
    const ready = makeLibrary(this.setting, text).then((path) => this.setting.libraries.loadStep(path));
    const code: NativeCode = { ready, stats };
    // Who runs the program hears of what went wrong; nobody may ever run it.
    ready.then(
      (step) => void (code.step = step),
      () => {},
    );
    return { code, storages };
  }

  bind(code: NativeCode, count: number): Bound<Block> {
    const table = new BigInt64Array(FIRST_STORAGE + count);
    table[SCRATCH_SLOT] = this.#scratch.address;
    const threads = code.stats.shared === 0 ? 1 : this.threads;
    let took = Number.POSITIVE_INFINITY;
    const atOnce = (step: NativeStep): void => {
      const start = performance.now();
      step(table, threads);
      took = performance.now() - start;
    };
    const beside = (step: NativeStep): Promise<void> =>
      new Promise((done, fail) => {
        const start = performance.now();
        step.async(table, threads, (error) => {
          took = performance.now() - start;
          if (error == null) done();
          else fail(new DeviceError(`native code: a step failed: ${error}`));
        });
      });
    return {
      run: (arena, blocks) => {
        table[ARENA_SLOT] = arena.address;
        for (let i = 0; i < blocks.length; i++) table[FIRST_STORAGE + i] = blocks[i].address;
        if (code.step === undefined) return code.ready.then(beside);
        return took < AT_ONCE ? atOnce(code.step) : beside(code.step);
      },
    };
  }

  allocate(bytes: number): Block {
    let buffer: SharedArrayBuffer;
    try {
      buffer = new SharedArrayBuffer(bytes + 2 * LINE);
    } catch {
      throw new MemoryError(bytes, `this machine gives no ${bytes} bytes more: use a smaller batch or model`);
    }
    const { usage } = this;
    const size = buffer.byteLength;
    usage.used += size;
    usage.peak = Math.max(usage.peak, usage.used);
    pressure.add(size);
    releaseWith(buffer, {
      release: () => {
        usage.used -= size;
        pressure.remove(size);
      },
    });
    const base = this.setting.libraries.address(buffer);
    const address = ((base + BigInt(LINE - 1)) / BigInt(LINE)) * BigInt(LINE);
    return { buffer, start: Number(address - base), address };
  }

  /** The collector does. */
  free(): void {}

  fill(block: Block, storage: Storage, data: TypedArray | undefined): void {
    if (data === undefined) this.#view(block, storage).fill(0);
    else this.#view(block, storage).set(data);
  }

  copy(block: Block, storage: Storage): TypedArray {
    return this.#view(block, storage).slice();
  }

  #view({ buffer, start }: Block, { shape, dtype }: Storage): TypedArray {
    const size = sizeOf(shape);
    if (start % byteSize(dtype) !== 0) throw new DeviceError("native code: memory is not aligned");
    return typedArray(dtype, size, buffer, start);
  }
}

/** The library of a program, from the cache or new. */
function makeLibrary({ compiler, processor, folder }: Setting, text: string): Promise<string> {
  const key = digest([text, compiler.command, compiler.version, processor.march, process.platform].join("\0"));
  return cached(folder, key, (path) => compileLibrary(compiler, text, path, processor.march));
}

const scratchBytes = (registers: Registers): number => Math.ceil(scratchFor(registers).bytes / LINE) * LINE;

/**
 * Runs programs as native code: C that the system's compiler makes a library of, kept in a folder of the user's own. The results are
 * the same bits as those of a `WasmDevice` that fuses, or does not fuse, products and sums as this one does.
 * `setDevice(await NativeDevice.create())` uses it from now on.
 */
export class NativeDevice extends CompilingDevice<Block, NativeCode> {
  readonly name = "native";
  readonly #engine: NativeEngine;

  private constructor(engine: NativeEngine, observe: Observer | undefined) {
    super(engine, observe);
    this.#engine = engine;
  }

  /**
   * Finds the compiler (`CC`, or cc, clang, gcc) and koffi, and starts.
   *
   * @throws DeviceError where one is missing, with the line that installs it.
   */
  static async create({
    threads = processors(),
    portable = false,
    observe,
  }: NativeOptions = {}): Promise<NativeDevice> {
    if (!Number.isInteger(threads) || threads < 1)
      throw new ArgumentError(`threads: ${threads}; it must be a whole number of at least 1`);
    const processor = processorHere();
    if (processor === undefined || process.platform === "win32")
      throw new DeviceError(`native code is not made for ${process.platform} on ${process.arch}: use WasmDevice`);
    const libraries = Libraries.find();
    const setting: Setting = { compiler: await findCompiler(), processor, libraries, folder: cacheFolder() };
    libraries.loadPool(await makeLibrary(setting, POOL));
    return new NativeDevice(new NativeEngine(setting, Math.min(threads, 1024), portable), observe);
  }

  /** Bytes of memory in use now and at most so far. */
  get memory(): { used: number; peak: number } {
    return { ...this.#engine.usage };
  }
  get threads(): number {
    return this.#engine.threads;
  }
  /** Whether products are added in one rounding; their last bits then differ from those of a `portable` device. */
  get fusedMultiplyAdd(): boolean {
    return this.#engine.registers.fused;
  }
  /** The compiler, by what it says of itself, and the processor that it makes code for. */
  get compiler(): string {
    const { compiler, processor } = this.#engine.setting;
    return `${compiler.version}, ${processor.march}`;
  }
}
