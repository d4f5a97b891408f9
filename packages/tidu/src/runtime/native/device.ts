// Native code as a device: programs become C, which the system's compiler turns into a library.
import {
  callback,
  check,
  checkOptions,
  flag,
  type Kind,
  notNegative,
  positive,
  whole,
  words,
} from "../../base/check.js";
import type { Observer, Program } from "../../compile/program.js";
import type { Registers } from "../../plan/registers.js";
import { CompilingDevice, type Engine } from "../device.js";
import { memoryGiven, processors } from "../host.js";
import type { KernelProfile } from "../profile.js";
import { NativeEngine } from "./engine.js";
import { MeanwhileEngine } from "./meanwhile.js";
import type { Block } from "./memory.js";
import { profileNative } from "./profile.js";
import { Toolchain } from "./toolchain.js";

/** Options of `NativeDevice`. */
export interface NativeOptions {
  /** Threads to run on, the calling one included; default: one for each processor core. The results are the same. */
  readonly threads?: number;
  /**
   * The most bytes of memory in use; default: three quarters of what the machine or container has. At the limit garbage
   * is collected; if there is still no room, a MemoryError is thrown.
   */
  readonly memoryLimit?: number;
  /** Use no instruction whose result may differ between machines: the same bits everywhere. Default false. */
  readonly portable?: boolean;
  /**
   * "wasm": a program runs as WebAssembly until its native code is compiled, and then as native code, with the same
   * bits; multiply-adds are fused where both can. If native code cannot be made, the program stays with WebAssembly,
   * and a warning says so once. Default: the first run of a program waits for its native code.
   */
  readonly meanwhile?: "wasm";
  /** Called with the result of each compiler pass for each program: to print it, or to check it with a `verifier()`. */
  readonly observe?: Observer;
}

const OPTIONS = {
  threads: whole(1, 1024),
  memoryLimit: positive,
  portable: flag,
  meanwhile: words("wasm"),
  observe: callback,
};

const compiled: Kind = {
  says: "a compiled program, such as one of a NullDevice's",
  ok: (v) => Array.isArray((v as Program | undefined | null)?.kernels),
};

/** The parts of an engine that this device uses. */
interface AnyEngine extends Engine<Block, unknown> {
  readonly registers: Registers;
  readonly threads: number;
  readonly waiting: number;
  readonly usage: { used: number; peak: number };
}

/**
 * Runs programs as native code: C that the system's compiler turns into a library, kept in a folder of the user
 * (`TIDU_CACHE`, or the system's cache folder). The results are bit-identical to those of a `WasmDevice` if both fuse
 * multiplications with additions, or neither does. `setDevice(await NativeDevice.create())` uses it from now on.
 *
 * @example
 * ```ts
 * import { device, setDevice, tensor } from "tidu";
 * import { NativeDevice } from "tidu/native";
 *
 * const before = device();
 * // Without a C compiler, stay on WebAssembly.
 * setDevice(await NativeDevice.create().catch(() => before));
 * console.log(await tensor([1, 2, 3]).sum().array()); // 6
 * setDevice(before);
 * ```
 */
export class NativeDevice extends CompilingDevice<Block, unknown> {
  readonly name = "native";
  readonly #engine: AnyEngine;
  readonly #tools: Toolchain;

  private constructor(engine: AnyEngine, tools: Toolchain, observe: Observer | undefined) {
    super(engine, observe);
    this.#engine = engine;
    this.#tools = tools;
  }

  /**
   * Finds the compiler (`CC`, or cc, clang, gcc) and koffi, and makes a device.
   *
   * @throws DeviceError where one is missing or does not work, with what to do. A compiler that hangs is stopped.
   */
  static async create(options: NativeOptions = {}): Promise<NativeDevice> {
    checkOptions("NativeDevice.create", options, OPTIONS);
    const { threads = Math.min(processors(), MOST_THREADS), memoryLimit = memoryGiven() * 0.75 } = options;
    const { portable = false, meanwhile, observe } = options;
    const tools = await Toolchain.find();
    const engine: AnyEngine =
      meanwhile === "wasm"
        ? (new MeanwhileEngine(tools, threads, { memoryLimit, portable }) as AnyEngine)
        : (new NativeEngine(tools, threads, !portable, () => memoryLimit) as AnyEngine);
    return new NativeDevice(engine, tools, observe);
  }

  /**
   * Times each kernel of a program by itself, on one thread, in separate memory; see `profileProgram` of `tidu/debug`.
   *
   * @param milliseconds about how long all kernels run in total, in milliseconds; default 500. They are compiled before.
   * @throws DeviceError where the program cannot be compiled, MemoryError where its memory cannot be had.
   *
   * @example
   * ```ts
   * import { device, setDevice, tensor } from "tidu";
   * import { formatProfile, NullDevice } from "tidu/debug";
   * import { NativeDevice } from "tidu/native";
   *
   * const before = device();
   * const compiler = new NullDevice();
   * setDevice(compiler);
   * await tensor([1, 2]).exp().sum().data();
   * setDevice(before);
   *
   * const native = await NativeDevice.create().catch(() => undefined);
   * const kernels = await native?.profile(compiler.programs[0].program, 10);
   * if (kernels) console.log(formatProfile(kernels).includes("100")); // true
   * ```
   */
  profile(program: Program, milliseconds = 500): Promise<KernelProfile[]> {
    check("profile", "program", program, compiled);
    check("profile", "milliseconds", milliseconds, notNegative);
    return profileNative(this.#tools, this.#engine.registers, program, milliseconds);
  }

  /** Bytes of memory in use now and at most so far. */
  get memory(): { used: number; peak: number } {
    return { ...this.#engine.usage };
  }
  /** The number of threads that compute. */
  get threads(): number {
    return this.#engine.threads;
  }
  /** Programs whose native code is still being made; with `meanwhile` they run as WebAssembly until it is there. */
  get waiting(): number {
    return this.#engine.waiting;
  }
  /** Whether products are added in one rounding; their last bits then differ from those of a `portable` device. */
  get fusedMultiplyAdd(): boolean {
    return this.#engine.registers.fused;
  }
  /** The compiler's own version text, and the processor that it compiles for. */
  get compiler(): string {
    const { compiler, processor } = this.#tools;
    return `${compiler.version}, ${processor.march}`;
  }
}

/** More threads than this are only started on request. */
const MOST_THREADS = 64;
