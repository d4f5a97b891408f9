// The base of devices that compile programs. It keeps programs and storages, gives each program its memory, and does
// all work in the order of the calls. Each kind of device adds an engine: a language, threads and memory.
import { isPacked, type TypedArray } from "../base/dtype.js";
import { buffersRead, buffersWritten, type Kernel } from "../compile/kernel.js";
import { compileProgram, type Observer, observers, type Program } from "../compile/program.js";
import { signature } from "../compile/simplify.js";
import type { Target } from "../compile/target.js";
import { type Storage, valueBytes } from "../graph/node.js";
import { type Executable, type Realizer, type Runs, takeInitial, type Update } from "../tensor/realizer.js";
import { pressure } from "./collector.js";
import { Line } from "./line.js";

/** This many programs are known at a time; the least recently used one is evicted. */
const MOST_PROGRAMS = 256;

/**
 * Results up to this many bytes are returned as JavaScript values, which are collected early. Storages are released by
 * finalizers, and objects with finalizers live until the whole heap is collected: steps of a few µs left hundreds of
 * megabytes of them. (So did a weak map, which grows faster than collections empty it.)
 */
const SMALL = 256;

/** Code made ready for one user: `run` executes it on an arena and on a block for each of its storages. */
export interface Bound<Block> {
  run(arena: Block, blocks: readonly Block[]): Promise<void> | void;
}

/** The compiler, the threads and the memory of a kind of device. A `Block` is memory for one storage. */
export interface Engine<Block, Code> {
  /** The machine that programs are compiled for. */
  readonly target: Target;
  /** The program's code, and its storages in the order in which it expects their blocks. */
  compile(program: Program): { readonly code: Code; readonly storages: readonly Storage[] };
  /** The program that was kept under this key, maybe by an earlier process; only of engines that keep programs. */
  recall?(key: string): Known<Code> | undefined;
  keep?(key: string, program: Known<Code>): void;
  /**
   * @param count of the storages.
   * @param owner what this allocates is released when the owner has been collected.
   */
  bind(code: Code, count: number, owner: object): Bound<Block>;
  /**
   * A block that is given back when its owner has been collected or, without one, by `free`.
   *
   * @throws MemoryError if there is no room now; there may be once garbage has been collected.
   */
  allocate(bytes: number, owner?: object): Block;
  free(block: Block): void;
  /** Overwrites a storage's block with elements as kernels hold them, or a new one with zeros. */
  fill(block: Block, storage: Storage, data: TypedArray | undefined): void;
  /** Whether copies are promises. */
  readonly late: boolean;
  /** A storage's block itself. */
  view(block: Block, storage: Storage): TypedArray;
  /** A copy of what a storage's block holds, maybe in `into`. */
  copy(block: Block, storage: Storage, into?: TypedArray): Promise<TypedArray> | TypedArray;
}

/** A small result of a storage without a block, or the promise of one. */
type Held = NonNullable<Storage["held"]> & { readonly coming?: Promise<TypedArray> };
const NOTHING = new Float32Array(0);

/**
 * A compiled program, shared by all with the same signature. It keeps none of the storages that it was compiled for.
 */
export interface Known<Code> {
  readonly code: Code;
  readonly arenaBytes: number;
  /** Set where it is for so many runs at once. */
  readonly runs: number | undefined;
  /** For each storage of the code, its number in the graph's order, and whether the program reads its old contents. */
  readonly order: readonly number[];
  readonly read: readonly boolean[];
}

/** A program that a compiling device has prepared. */
export interface Compiled<Code> extends Executable {
  readonly code: Code;
}

export abstract class CompilingDevice<Block, Code> implements Realizer {
  abstract readonly name: string;
  readonly #blocks = new WeakMap<Storage, Block>();
  /** By signature, the most recently used one last. */
  readonly #programs = new Map<string, Known<Code> | undefined>();
  readonly #line = new Line();
  #arena: { readonly block: Block; readonly bytes: number } | undefined;
  #compiled = 0;

  /** @param observe is called with the product of each compiler pass for each program. */
  protected constructor(
    protected readonly engine: Engine<Block, Code>,
    private readonly observe: Observer | undefined,
  ) {}

  /** Programs compiled so far. */
  get compiled(): number {
    return this.#compiled;
  }

  /** Compiles a program that assigns `updates`, to be run any number of times. */
  prepare(updates: readonly Update[], varying: readonly Storage[] = []): Compiled<Code> {
    const { known, used } = this.#find(updates);
    return this.#executable(known as Known<Code>, used, varying);
  }

  prepareTogether(updates: readonly Update[], varying: readonly Storage[], runs: Runs): Executable | undefined {
    const { known, used } = this.#find(updates, runs);
    return known && this.#executable(known, used, varying);
  }

  /** The compiled program, if it is for these runs together, and its storages in the order of its code. */
  #find(updates: readonly Update[], runs?: Runs): { known: Known<Code> | undefined; used: readonly Storage[] } {
    const { key: alone, storages } = signature(
      updates.map((u) => u.value),
      updates.map((u) => u.storage),
    );
    const key = runs ? `${alone} ${runs.count} runs ${storages.map((s) => Number(runs.stacked.has(s)))}` : alone;
    const known = this.#programs.has(key) ? this.#programs.get(key) : this.#make(key, updates, storages, runs);
    this.#programs.delete(key);
    this.#programs.set(key, known);
    const [oldest] = this.#programs.keys();
    if (this.#programs.size > MOST_PROGRAMS) this.#programs.delete(oldest);
    return { known, used: known?.order.map((n) => storages[n]) ?? [] };
  }

  #make(
    key: string,
    updates: readonly Update[],
    storages: readonly Storage[],
    runs: Runs | undefined,
  ): Known<Code> | undefined {
    const observed = this.observe !== undefined || observers.size > 0;
    const kept = observed ? undefined : this.engine.recall?.(key);
    const made = kept ?? this.#compile(updates, storages, runs);
    if (made === undefined) return undefined;
    this.#compiled++;
    if (kept === undefined) this.engine.keep?.(key, made);
    return made;
  }

  #compile(updates: readonly Update[], storages: readonly Storage[], runs: Runs | undefined): Known<Code> | undefined {
    const { program } = compileProgram(updates, this.engine.target, this.observe, undefined, runs);
    if (program.runs !== runs?.count) return undefined;
    const { code, storages: listed } = this.engine.compile(program);
    const places = new Map(storages.map((s, i) => [s, i]));
    const read = storagesRead(program.kernels);
    return {
      code,
      runs: program.runs,
      arenaBytes: program.memory.arenaBytes,
      order: listed.map((s) => places.get(s) as number),
      read: listed.map((s) => read.has(s)),
    };
  }

  #executable(
    { code, arenaBytes, read, runs }: Known<Code>,
    storages: readonly Storage[],
    varying: readonly Storage[],
  ): Compiled<Code> {
    const { engine } = this;
    const slots = varying.map((s) => storages.indexOf(s));
    let bound: Bound<Block> | undefined;
    let blocks: Block[] = [];
    /** Blocks of the executable's own, for varying storages that are small results. */
    let own: readonly (Block | undefined)[] = [];
    const bind = (): Bound<Block> => {
      own = varying.map((s, i) => {
        const small = runs === undefined && read[slots[i]] === false && valueBytes(s) <= SMALL && !isPacked(s.dtype);
        return small ? engine.allocate(valueBytes(s), executable) : undefined;
      });
      blocks = storages.map((s) => (varying.includes(s) ? undefined : this.#blockOf(s)) as Block);
      return engine.bind(code, storages.length, executable);
    };
    /** A small result whose storage has no block goes to the executable's own. */
    const blockFor = (storage: Storage, i: number): Block =>
      own[i] === undefined || this.#blocks.has(storage) ? this.#blockOf(storage) : own[i];
    /** Takes the results from there. */
    const keep = (actual: readonly Storage[]): void => {
      for (let i = 0; i < actual.length; i++) {
        const block = own[i];
        if (block !== undefined && blocks[slots[i]] === block) this.#hold(actual[i], engine.copy(block, actual[i]));
      }
    };
    const step = (actual: readonly Storage[]): Promise<void> | void => {
      bound ??= bind();
      const arena = this.#reserve(arenaBytes);
      for (let i = 0; i < actual.length; i++) if (slots[i] >= 0) blocks[slots[i]] = blockFor(actual[i], i);
      const running = bound.run(arena, blocks);
      return running === undefined ? keep(actual) : running.then(() => keep(actual));
    };
    const work = (actual: readonly Storage[]): Promise<void> | void => {
      const coming = this.#coming(bound === undefined ? [...storages, ...actual] : actual);
      return coming === undefined ? step(actual) : coming.then(() => step(actual));
    };
    const run = (actual: readonly Storage[] = varying): Promise<void> | void =>
      this.#line.run(work, actual) ?? relief();
    const executable: Compiled<Code> = { run, arenaBytes, code };
    return executable;
  }

  /** One arena serves all programs: only one runs at a time, and none keeps data in it. */
  #reserve(bytes: number): Block {
    const have = this.#arena;
    if (have !== undefined && bytes <= have.bytes) return have.block;
    this.#arena = undefined;
    if (have !== undefined) this.engine.free(have.block);
    this.#arena = { block: this.engine.allocate(bytes), bytes };
    return this.#arena.block;
  }

  /** A storage's block, made and filled on first use. */
  #blockOf(storage: Storage): Block {
    let block = this.#blocks.get(storage);
    if (block === undefined) {
      block = this.engine.allocate(valueBytes(storage), storage);
      this.#blocks.set(storage, block);
      const first = takeInitial(storage);
      const result = this.#held(storage) as TypedArray | undefined;
      this.engine.fill(block, storage, result ?? (first && lanesOf(storage, first)));
      if (result !== undefined) storage.held = undefined;
    }
    return block;
  }

  /** Keeps a small result here instead of in a block; it may still be a promise. */
  #hold(storage: Storage, data: TypedArray | Promise<TypedArray>): void {
    const held: Held = data instanceof Promise ? { by: this, data: NOTHING, coming: data } : { by: this, data };
    storage.held = held;
    held.coming?.then((values) => {
      if (storage.held === held) this.#hold(storage, values);
    });
  }

  /** A small result, in the kernels' form, that no program has used yet. */
  #held(storage: Storage): TypedArray | Promise<TypedArray> | undefined {
    const held: Held | undefined = storage.held;
    return held?.by === this ? (held.coming ?? held.data) : undefined;
  }

  /** A promise, if small results are still to come. */
  #coming(storages: readonly Storage[]): Promise<unknown> | undefined {
    let coming: Promise<unknown>[] | undefined;
    for (const storage of storages) {
      const data = this.#held(storage);
      if (data instanceof Promise) (coming ??= []).push(data);
    }
    return coming && Promise.all(coming);
  }

  async read(storage: Storage): Promise<TypedArray> {
    const lanes = await this.#line.do(() => {
      const held = this.#held(storage);
      if (held instanceof Promise) return held.then((values) => values.slice());
      return held?.slice() ?? this.engine.copy(this.#blockOf(storage), storage);
    });
    await relief();
    return valuesOf(storage, lanes);
  }

  readNow(storage: Storage, into?: TypedArray): TypedArray | undefined {
    const held = this.#held(storage);
    if (this.#line.waits || held instanceof Promise || (held === undefined && this.engine.late)) return undefined;
    return valuesOf(storage, held?.slice() ?? (this.engine.copy(this.#blockOf(storage), storage, into) as TypedArray));
  }

  inPlace<T>(storages: readonly Storage[], use: (...memory: TypedArray[]) => T): T | Promise<T> {
    return this.#line.do(() => {
      const coming = this.#coming(storages);
      const work = (): T => {
        const blocks = storages.map((s) => this.#blockOf(s));
        return use(...blocks.map((block, i) => this.engine.view(block, storages[i])));
      };
      return coming === undefined ? work() : coming.then(work);
    });
  }

  write(storage: Storage, data: TypedArray | Promise<TypedArray>): void {
    this.#line.write(data, (values) => this.engine.fill(this.#blockOf(storage), storage, lanesOf(storage, values)));
  }
}

/** Storages that kernels read before they have written them. */
function storagesRead(kernels: readonly Kernel[]): ReadonlySet<Storage | undefined> {
  const [read, written] = [new Set<Storage | undefined>(), new Set<Storage | undefined>()];
  for (const kernel of kernels) {
    for (const { storage } of buffersRead(kernel)) if (!written.has(storage)) read.add(storage);
    for (const { storage } of buffersWritten(kernel)) written.add(storage);
  }
  return read;
}

/** A promise of a garbage collection, if one is due. */
const relief = (): Promise<void> | undefined => (pressure.due ? pressure.collect() : undefined);

/** Elements as kernels hold them: true is all ones. */
const lanesOf = ({ dtype }: Storage, data: TypedArray): TypedArray =>
  dtype === "bool" ? Int32Array.from(data, (x) => (x === 0 ? 0 : -1)) : data;

/** Elements as they are outside kernels: true is 1. */
function valuesOf({ dtype }: Storage, lanes: TypedArray): TypedArray {
  if (dtype === "bool") for (let i = 0; i < lanes.length; i++) lanes[i] = lanes[i] === 0 ? 0 : 1;
  return lanes;
}
