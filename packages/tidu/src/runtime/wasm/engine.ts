// WebAssembly as a language for programs, and the threads and memory that run it.
import { type TypedArray, typedArray } from "../../base/dtype.js";
import { DeviceError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import {
  ARENA_SLOT,
  BARRIER_SLOT,
  FIRST_STORAGE,
  generateModule,
  SCRATCH_BYTES,
  SCRATCH_SLOT,
  type WasmProgram,
} from "../../codegen/wasm/module.js";
import { stepsOf } from "../../compile/kernel.js";
import type { Observer, Program } from "../../compile/program.js";
import { PROCESSOR } from "../../compile/target.js";
import type { Storage } from "../../graph/node.js";
import { releaseWith } from "../collector.js";
import type { Bound, Engine } from "../device.js";
import { memoryGiven, processors } from "../host.js";
import { hasRelaxedSimd, hasSimd, hasThreads, hasWasm, mayCompile } from "./features.js";
import { Heap } from "./heap.js";
import { ThreadPool, type ThreadProgram } from "./pool.js";

/** Options of `WasmDevice`. */
export interface WasmOptions {
  /**
   * Threads to run on, the calling one included; default: one for each processor core that the process may use, by a
   * container's quota, too. In a browser there is only one unless the page is cross-origin isolated and the device is
   * made in a Web Worker. The results are the same.
   */
  readonly threads?: number;
  /**
   * The most bytes of engine memory in use; default: three quarters of what the machine or container has, and never
   * more than the 4 GiB that can be addressed. At the limit garbage is collected; if there is still no room, a
   * MemoryError is thrown.
   */
  readonly memoryLimit?: number;
  /** Use no instruction whose result may differ between machines: the same bits everywhere. Default false. */
  readonly portable?: boolean;
  /** Called with the result of each compiler pass for each program: to print it, or to check it with a `verifier()`. */
  readonly observe?: Observer;
}

/** A program as WebAssembly. */
export interface WasmCode {
  /** The code as threads run it. */
  readonly threads: ThreadProgram;
  readonly stats: WasmProgram["stats"];
  /** Steps of all its loops. */
  readonly work: number;
}

/** Compiles to WebAssembly, and runs it on threads over one memory; a block is an address in it. */
export class WasmEngine implements Engine<number, WasmCode> {
  readonly target = PROCESSOR;
  readonly late = false;
  readonly heap: Heap;
  readonly pool: ThreadPool;
  readonly relaxed: boolean;
  readonly #scratch: number;
  #floats: Float32Array = new Float32Array(0);
  /** The buffer that it is a view of. */
  #viewed: ArrayBuffer | undefined;
  #codes = 0;

  /** @throws DeviceError where this JavaScript engine cannot run Tidu's code. */
  constructor(options: WasmOptions) {
    checkEngine();
    const { threads: wanted = Math.min(processors(), MOST_THREADS), memoryLimit = memoryGiven() * 0.75 } = options;
    const shared = hasThreads();
    const threads = shared ? wanted : 1;
    this.relaxed = mayFuse(options);
    this.heap = new Heap(shared, memoryLimit);
    this.pool = new ThreadPool(this.heap, threads);
    this.#scratch = this.heap.allocate(threads * SCRATCH_BYTES);
  }

  compile(program: Program): { code: WasmCode; storages: readonly Storage[] } {
    const work = stepsOf(program.kernels);
    const features = { shared: this.heap.shared, relaxed: this.relaxed };
    // They start while the code is made.
    this.pool.prepare(work);
    const { bytes, storages, stats } = generateModule(program, features);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.pool.imports);
    const threads = { id: ++this.#codes, code: bytes, main: exports.run as ThreadProgram["main"] };
    return { code: { threads, stats, work }, storages };
  }

  /** Each user has a table of addresses, in which each run rewrites only those that have changed. */
  bind({ threads, stats, work }: WasmCode, count: number, owner: object): Bound<number> {
    const size = FIRST_STORAGE + count;
    const table = this.allocate(4 * size, owner);
    let words = new Int32Array(0);
    return {
      run: (arena, blocks) => {
        // Made at first, and again where memory is not shared and growing it has detached the view.
        if (words.length === 0) {
          words = new Int32Array(this.heap.buffer, table, size);
          words[BARRIER_SLOT] = this.pool.barrier;
          words[SCRATCH_SLOT] = this.#scratch;
        }
        words[ARENA_SLOT] = arena;
        for (let i = 0; i < blocks.length; i++) words[FIRST_STORAGE + i] = blocks[i];
        this.pool.run(threads, table, stats.shared === 0, work);
      },
    };
  }

  allocate(bytes: number, owner?: object): number {
    const { heap } = this;
    const start = heap.allocate(bytes);
    if (owner !== undefined) releaseWith(owner, { release: () => heap.free(start) });
    return start;
  }

  free(block: number): void {
    this.heap.free(block);
  }

  fill(block: number, storage: Storage, data: TypedArray | undefined): void {
    if (data === undefined) this.view(block, storage).fill(0);
    else this.view(block, storage).set(data);
  }

  copy(block: number, storage: Storage, into?: TypedArray): TypedArray {
    const { shape, dtype } = storage;
    const { buffer } = this.heap;
    if (dtype !== "f32") return this.view(block, storage).slice();
    // One view of the whole memory for f32, which is copied most.
    if (this.#viewed !== buffer) [this.#viewed, this.#floats] = [buffer, new Float32Array(buffer)];
    const [start, size] = [block / 4, sizeOf(shape)];
    if (into !== undefined) {
      into.set(this.#floats.subarray(start, start + size));
      return into;
    }
    if (size > FEW) return this.#floats.slice(start, start + size);
    const copy = new Float32Array(size);
    for (let i = 0; i < size; i++) copy[i] = this.#floats[start + i];
    return copy;
  }

  view(block: number, { shape, dtype }: Storage): TypedArray {
    return typedArray(dtype, sizeOf(shape), this.heap.buffer, block);
  }
}

/** Throws where this JavaScript engine cannot run Tidu's code. */
function checkEngine(): void {
  if (!hasWasm()) throw new DeviceError("there is no WebAssembly here, which Tidu needs; start Node without --jitless");
  if (!hasSimd())
    throw new DeviceError("this JavaScript engine has no WebAssembly SIMD; use Node 20 or a browser of 2023 or later");
  if (!mayCompile())
    throw new DeviceError(
      "WebAssembly may not be compiled here; a page's Content-Security-Policy needs 'wasm-unsafe-eval' in script-src; elsewhere use tidu export --format wasm",
    );
}

/** Whether code for a device with these options may use fused multiply-add. */
export const mayFuse = ({ portable = false }: WasmOptions): boolean => !portable && hasRelaxedSimd();

/** Up to this many elements are copied faster one by one. */
const FEW = 16;

/** More threads than this are only started on request. */
const MOST_THREADS = 64;
