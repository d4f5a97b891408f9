import { byteSize, type TypedArray, typedArray } from "../../base/dtype.js";
import { ArgumentError, DeviceError } from "../../base/errors.js";
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
import { buffersRead } from "../../compile/kernel.js";
import { compileProgram, type Observer } from "../../compile/program.js";
import { signature } from "../../compile/simplify.js";
import { PROCESSOR } from "../../compile/target.js";
import type { Storage } from "../../graph/node.js";
import { type Executable, type Realizer, takeInitial, type Update } from "../../tensor/realizer.js";
import { pressure, releaseWith } from "../collector.js";
import { memoryGiven, processors } from "../host.js";
import { Line } from "../line.js";
import { hasRelaxedSimd, hasSimd, hasThreads, hasWasm, mayCompile } from "./features.js";
import { Heap } from "./heap.js";
import { ThreadPool, type ThreadProgram } from "./pool.js";

export interface WasmOptions {
  /**
   * Threads to run on, the calling one included; default: one for each processor core that the process may use, by a
   * container's quota, too. In a browser there is only one unless the page is cross-origin isolated and the device is
   * made in a Web Worker. The results are the same.
   */
  readonly threads?: number;
  /**
   * Bytes of engine memory that there may be at most; default: three quarters of what the machine or container has, and
   * never more than the 4 GiB that can be addressed. When it is reached garbage is collected; a MemoryError comes where
   * what can still be reached has no room.
   */
  readonly memoryLimit?: number;
  /** Use no instruction whose result may differ between machines: the same bits everywhere. Default false. */
  readonly portable?: boolean;
  /** Sees what each pass of the compiler made of each program: to print it, or to check it with a `verifier()`. */
  readonly observe?: Observer;
}

/** So many programs are known at a time; the one that was asked for longest ago gives way. */
const MOST_PROGRAMS = 256;

/** A compiled program, shared by all that have the same form. */
interface Compiled {
  /** What runs it. */
  readonly code: ThreadProgram;
  readonly arenaBytes: number;
  readonly stats: WasmProgram["stats"];
  /** For each slot after the fixed ones, the number of the storage in the graph's own order. */
  readonly order: readonly number[];
  /** Whether a slot's storage is read. */
  readonly read: readonly boolean[];
}

/**
 * Results up to this many bytes are handed over as JavaScript values, which die young. A storage of its own is given
 * back only by a finalizer, and objects that have one live until the whole heap is collected: steps of a few µs made
 * hundreds of megabytes of them. (So did a weak map, which grows faster than collections empty it.)
 */
const SMALL = 256;

/**
 * Runs programs as WebAssembly SIMD code on several threads over one shared memory. One with the default options is made
 * when it is first needed; `setDevice(new WasmDevice({ threads: 2, portable: true }))` puts another in its place.
 */
export class WasmDevice implements Realizer {
  readonly name = "wasm";
  readonly #heap: Heap;
  readonly #pool: ThreadPool;
  readonly #relaxed: boolean;
  readonly #places = new WeakMap<Storage, number>();
  /** By signature, the one that was asked for last at the end. */
  readonly #programs = new Map<string, Compiled>();
  #compiled = 0;
  readonly #line = new Line();
  readonly #scratch: number;
  #arena = { start: 0, bytes: 0 };

  constructor(readonly options: WasmOptions = {}) {
    if (!hasWasm())
      throw new DeviceError("there is no WebAssembly here, which Tidu needs: was Node started with --jitless?");
    if (!hasSimd())
      throw new DeviceError(
        "this JavaScript engine has no WebAssembly SIMD; use Node 20 or a browser of 2023 or later",
      );
    if (!mayCompile())
      throw new DeviceError(
        "this page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src",
      );
    const { threads: wanted = Math.min(processors(), MOST_THREADS), memoryLimit = memoryGiven() * 0.75 } = options;
    if (!Number.isInteger(wanted) || wanted < 1)
      throw new ArgumentError(`threads: ${wanted}; it must be a whole number of at least 1`);
    if (!(memoryLimit > 0))
      throw new ArgumentError(`memoryLimit: ${memoryLimit}; it must be a number of bytes above 0`);
    const shared = hasThreads();
    const threads = shared ? wanted : 1;
    this.#relaxed = mayFuse(options);
    this.#heap = new Heap(shared, memoryLimit);
    this.#pool = new ThreadPool(this.#heap, threads);
    this.#scratch = this.#heap.allocate(threads * SCRATCH_BYTES);
  }

  /** Bytes of engine memory in use now and at most so far: storages, arena and tables. */
  get memory(): { used: number; peak: number } {
    return this.#heap.usage;
  }
  /** Threads that programs run on, the calling one included; 1 where no others could be started, or they have ended. */
  get threads(): number {
    return this.#pool.threads;
  }
  /** Whether products are added in one rounding; their last bits then differ from those of a `portable` device. */
  get fusedMultiplyAdd(): boolean {
    return this.#relaxed;
  }
  /** Programs compiled so far. */
  get compiled(): number {
    return this.#compiled;
  }

  /** Resolves when all threads have started; until then programs run on the calling thread. */
  ready(): Promise<void> {
    return this.#pool.ready();
  }

  /** Ends the threads; the device still works, on the calling thread. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  prepare(updates: readonly Update[], varying: readonly Storage[] = []): Executable & { stats: WasmProgram["stats"] } {
    const { key, storages } = signature(
      updates.map((u) => u.value),
      updates.map((u) => u.storage),
    );
    const compiled = this.#programs.get(key) ?? this.#compile(updates, storages);
    this.#programs.delete(key);
    this.#programs.set(key, compiled);
    const [oldest] = this.#programs.keys();
    if (this.#programs.size > MOST_PROGRAMS) this.#programs.delete(oldest);
    const used = compiled.order.map((n) => storages[n]);
    return this.#bind(compiled, used, varying);
  }

  #compile(updates: readonly Update[], storages: readonly Storage[]): Compiled {
    const { program } = compileProgram(updates, PROCESSOR, this.options.observe);
    const features = { shared: this.#heap.shared, relaxed: this.#relaxed };
    const { bytes, storages: listed, stats } = generateModule(program, features);
    const places = new Map(storages.map((s, i) => [s, i]));
    const read = new Set(program.kernels.flatMap((k) => [...buffersRead(k)].map((b) => b.storage)));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#pool.imports);
    return {
      code: { id: ++this.#compiled, code: bytes, main: exports.run as ThreadProgram["main"] },
      arenaBytes: program.memory.arenaBytes,
      stats,
      order: listed.map((s) => places.get(s) as number),
      read: listed.map((s) => read.has(s)),
    };
  }

  /** Gives a program a table of its own, in which each run only rewrites the addresses that vary. */
  #bind(
    program: Compiled,
    storages: readonly Storage[],
    varying: readonly Storage[],
  ): Executable & { stats: WasmProgram["stats"] } {
    const size = FIRST_STORAGE + storages.length;
    const slots = varying.map((s) => storages.indexOf(s)).map((at) => (at < 0 ? -1 : FIRST_STORAGE + at));
    let bytes = size * 4;
    /** Where in the table's block a small result finds room; -1 for all others. */
    const rooms = varying.map((s, i) => {
      const own = bytesOf(s);
      if (program.read[slots[i] - FIRST_STORAGE] !== false || own > SMALL || s.dtype === "u8") return -1;
      bytes += own;
      return bytes - own;
    });
    let table = 0;
    let fixed: readonly number[] | undefined;
    let words = new Int32Array(0);
    const step = (actual: readonly Storage[]): void => {
      if (table === 0) table = this.#allocate(executable, bytes);
      this.#reserveArena(program.arenaBytes);
      fixed ??= storages.map((s) => (varying.includes(s) ? 0 : this.#placeOf(s)));
      const inRoom = (i: number) => rooms[i] >= 0 && !this.#places.has(actual[i]);
      const addresses = actual.map((s, i) => (slots[i] < 0 ? 0 : inRoom(i) ? table + rooms[i] : this.#placeOf(s)));
      // Made at first, and again where memory is not shared and growing it has detached the view.
      if (words.length === 0) {
        words = new Int32Array(this.#heap.memory.buffer, table, size);
        words[BARRIER_SLOT] = this.#pool.barrier;
        words[SCRATCH_SLOT] = this.#scratch;
        words.set(fixed, FIRST_STORAGE);
      }
      addresses.forEach((address, i) => {
        if (slots[i] >= 0) words[slots[i]] = address;
      });
      words[ARENA_SLOT] = this.#arena.start;
      this.#pool.run(program.code, table, program.stats.shared === 0);
      actual.forEach((s, i) => {
        if (inRoom(i)) s.held = { by: this, data: this.#view(s, table + rooms[i]).slice() };
      });
    };
    const run = (actual: readonly Storage[] = varying) => this.#line.do(() => step(actual)) ?? this.#relief();
    const executable = { run, arenaBytes: program.arenaBytes, stats: program.stats };
    return executable;
  }

  /** Something to wait for where much is held that nobody may need any more. */
  #relief(): Promise<void> | undefined {
    return pressure.due ? pressure.collect() : undefined;
  }

  /** Address of a block that is given back once its owner has been collected. */
  #allocate(owner: object, bytes: number): number {
    const heap = this.#heap;
    const start = heap.allocate(bytes);
    releaseWith(owner, { release: () => heap.free(start) });
    return start;
  }

  /** One arena serves all programs, since only one runs at a time and none keeps anything in it. */
  #reserveArena(bytes: number): void {
    if (bytes <= this.#arena.bytes) return;
    if (this.#arena.bytes > 0) this.#heap.free(this.#arena.start);
    this.#arena = { start: 0, bytes: 0 };
    this.#arena = { start: this.#heap.allocate(bytes), bytes };
  }

  /** Address of a storage, made and filled on first use. */
  #placeOf(storage: Storage): number {
    let start = this.#places.get(storage);
    if (start === undefined) {
      start = this.#allocate(storage, bytesOf(storage));
      this.#places.set(storage, start);
      const result = this.#held(storage);
      const first = takeInitial(storage);
      const view = this.#view(storage, start);
      if (result !== undefined) {
        view.set(result);
        storage.held = undefined;
      } else if (first === undefined) view.fill(0);
      else view.set(lanesOf(storage, first));
    }
    return start;
  }

  /** A small result, as kernels hold it, that no program has been given yet. */
  #held({ held }: Storage): TypedArray | undefined {
    return held?.by === this ? held.data : undefined;
  }

  #view({ shape, dtype }: Storage, start: number): TypedArray {
    return typedArray(dtype, sizeOf(shape), this.#heap.memory.buffer, start);
  }

  async read(storage: Storage): Promise<TypedArray> {
    const copy = await this.#line.do(() => this.#copyOf(storage));
    if (pressure.due) await pressure.collect();
    return copy;
  }

  readNow(storage: Storage): TypedArray | undefined {
    return this.#line.waits ? undefined : this.#copyOf(storage);
  }

  #copyOf(storage: Storage): TypedArray {
    const view = this.#held(storage) ?? this.#view(storage, this.#placeOf(storage));
    const copy = typedArray(storage.dtype, view.length);
    copy.set(view);
    if (storage.dtype === "bool") for (let i = 0; i < copy.length; i++) copy[i] = copy[i] === 0 ? 0 : 1;
    return copy;
  }

  write(storage: Storage, data: TypedArray): void {
    const put = (values: TypedArray) => this.#view(storage, this.#placeOf(storage)).set(lanesOf(storage, values));
    if (!this.#line.waits) return put(data);
    // The caller may use the array again before its turn comes.
    const copy = data.slice();
    void this.#line.do(() => put(copy));
  }
}

const bytesOf = ({ shape, dtype }: Storage): number => sizeOf(shape) * byteSize(dtype);

/** Whether code for a device with these options may use fused multiply-add. */
export const mayFuse = ({ portable = false }: WasmOptions): boolean => !portable && hasRelaxedSimd();

/** Elements as kernels hold them: true is all ones. */
const lanesOf = ({ dtype }: Storage, data: TypedArray): TypedArray =>
  dtype === "bool" ? Int32Array.from(data, (x) => (x === 0 ? 0 : -1)) : data;

/** More threads than this are only made where they are asked for. */
const MOST_THREADS = 64;
