// The graphics card as a device: programs become shaders, a step is one submission.
import {
  callback,
  check,
  checkOptions,
  either,
  flag,
  having,
  listOf,
  needed,
  options,
  positive,
  refuse,
  whole,
  words,
} from "../../base/check.js";
import { isPacked, type TypedArray, typedArray } from "../../base/dtype.js";
import { DeviceError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import {
  ALIGNMENT,
  CARD,
  PROCESSOR,
  TILES,
  type TileCost,
  tileBytes,
  type WgslTarget,
} from "../../codegen/wgsl/card.js";
import { type Dispatch, printProgram } from "../../codegen/wgsl/dispatch.js";
import { compilerTarget } from "../../codegen/wgsl/target.js";
import { buffersRead } from "../../compile/kernel.js";
import { compileProgram, type Observer } from "../../compile/program.js";
import { signature } from "../../compile/simplify.js";
import { type Storage, valueBytes } from "../../graph/node.js";
import type { Executable, Realizer, Update } from "../../tensor/realizer.js";
import { Line } from "../line.js";
import { type AdapterOptions, isSoftware, nameOf, openDevice } from "./adapter.js";
import type { GpuAdapter, GpuDevice } from "./gpu.js";
import { GpuMemory, type Place } from "./memory.js";
import { Pipelines } from "./pipelines.js";
import { Places } from "./places.js";
import { type LaunchProfile, profileLaunches } from "./profile.js";
import { Commands, type Launch, placesOf } from "./program.js";
import { type Held, Readback } from "./readback.js";
import { measureTiles } from "./tune.js";

/** Options of `WebGpuDevice`. */
export interface WebGpuOptions extends AdapterOptions {
  /** Called with the result of each compiler pass for each program: to print it, or to check it with a `verifier()`. */
  readonly observe?: Observer;
  /**
   * Measure at the start, for a fraction of a second, which tiles suit this card; later devices of the same card reuse
   * the result. `device.tiles` has the measured costs, which may be given here instead.
   * Default: true for hardware. A driver that computes on the processor gets none: its programs have threads that do not
   * wait for each other. With any value given here it is treated as a graphics card.
   */
  readonly tiles?: boolean | readonly TileCost[];
  /**
   * Multiply in f16 where an operand of a matrix product or a convolution is stored as f16, as the weights are after
   * `net.to("f16")`: meant for prediction. The other operand is rounded to f16, whose largest number is 65504; sixteen
   * terms at a time are added up in f16, and these sums in f32. Throws DeviceError where the card lacks `shader-f16`.
   * Products of fewer than three rows or columns, and a driver that computes on the processor, stay with f32.
   * Default: false, all arithmetic is in f32.
   */
  readonly f16?: boolean;
}

const TILE = { rows: needed(whole()), columns: needed(whole()), alone: needed(positive), shared: needed(positive) };
const TILE_LIST = listOf(options(TILE), "a list of what tiles cost");
const OPTIONS = {
  powerPreference: words("low-power", "high-performance"),
  adapter: having("a GPUAdapter", "requestDevice", "features", "limits"),
  software: flag,
  observe: callback,
  tiles: either(flag, TILE_LIST),
  f16: flag,
};

/** The work of a program's step. */
export interface GpuStats {
  readonly kernels: number;
  readonly dispatches: number;
  /** Different shaders. */
  readonly shaders: number;
  /** Bytes that its dispatches touch, each buffer counted once in each. */
  readonly bytes: number;
}

/** The most programs that are kept; the least recently used one is evicted. */
const MOST_PROGRAMS = 256;
/** How many steps the host may be ahead of the card. */
const MOST_BEHIND = 3;
const GO_ON = "make a new device and go on from the last checkpoint";
/** Results up to this many bytes come back with the step that made them. */
const SMALL = 256;

/** A compiled program, shared by all that have the same form. */
interface Compiled {
  readonly dispatches: readonly Dispatch[];
  launches(): Promise<readonly Launch[]>;
  readonly arenaBytes: number;
  readonly stats: GpuStats;
  /** For each storage of the program its number in the graph's own order. */
  readonly order: readonly number[];
  readonly read: readonly boolean[];
}

/**
 * Runs programs on a graphics card by WebGPU. `setDevice(await WebGpuDevice.create())` uses it from now on.
 *
 * On one machine, a program gives the same results every time. They are close to those of the WebAssembly device, but
 * not bit-identical: cards may fuse, reorder and round as WGSL allows. Random numbers are bit-identical.
 *
 * @example
 * ```ts
 * import { device, setDevice, tensor } from "tidu";
 * import { WebGpuDevice } from "tidu/webgpu";
 *
 * const before = device();
 * // Without a graphics card, stay on WebAssembly.
 * setDevice(await WebGpuDevice.create().catch(() => before));
 * console.log(await tensor([1, 2, 3]).sum().array()); // 6
 * setDevice(before);
 * ```
 */
export class WebGpuDevice implements Realizer {
  readonly name = "webgpu";
  /** Never rejects: resolves with the reason once the card is lost. */
  readonly lost: Promise<DeviceError>;
  readonly #memory: GpuMemory;
  readonly #pipelines: Pipelines;
  readonly #places: Places;
  readonly #programs = new Map<string, Compiled>();
  readonly #behind: Promise<void>[] = [];
  readonly #line = new Line();
  readonly #target: WgslTarget;
  #arena: Place | undefined;
  #failure: DeviceError | undefined;
  #compiled = 0;
  #submissions = 0;
  #dispatches = 0;

  private constructor(
    readonly adapter: GpuAdapter,
    readonly gpu: GpuDevice,
    readonly options: WebGpuOptions,
    costs: Pick<WgslTarget, "tiles" | "threads" | "blocks">,
    /** An object that must stay referenced, since Node's WebGPU ends when it is garbage-collected. */
    protected readonly keep: unknown,
  ) {
    const { maxStorageBuffersPerShaderStage, maxStorageBufferBindingSize } = gpu.limits;
    this.#target = {
      mostBuffers: maxStorageBuffersPerShaderStage,
      mostBinding: maxStorageBufferBindingSize,
      beside: true,
      f16: options.f16 === true,
      ...costs,
    };
    this.#memory = new GpuMemory(gpu);
    this.#pipelines = new Pipelines(gpu);
    this.#places = new Places(this.#memory, this);
    this.lost = gpu.lost.then(({ reason, message }) => {
      this.#failure ??= new DeviceError(`webgpu: the card was lost (${reason ?? "unknown"}: ${message}); ${GO_ON}`);
      return this.#failure;
    });
    gpu.addEventListener?.("uncapturederror", ({ error }) => {
      this.#failure ??= new DeviceError(`webgpu: ${error.message}`);
    });
  }

  /** Throws DeviceError with the reason where there is no card to run on. */
  static async create(options: WebGpuOptions = {}): Promise<WebGpuDevice> {
    checkOptions("WebGpuDevice.create", options, OPTIONS);
    const { adapter, device, keep } = await openDevice(options, options.f16 === true ? ["shader-f16"] : []);
    return new WebGpuDevice(adapter, device, options, await costsOf(adapter, device, options), keep);
  }

  /** The card's name, as its driver gives it. */
  get description(): string {
    return nameOf(this.adapter);
  }
  /** The measured costs of contraction tiles. */
  get tiles(): readonly TileCost[] {
    return this.#target.tiles;
  }
  /** Bytes of the card's memory in use now and at most so far. */
  get memory(): { used: number; peak: number } {
    return this.#memory.usage;
  }
  /** Programs and shaders compiled, dispatches and submissions so far. */
  get counts(): { programs: number; shaders: number; dispatches: number; submissions: number } {
    const [programs, shaders] = [this.#compiled, this.#pipelines.compiled];
    return { programs, shaders, dispatches: this.#dispatches, submissions: this.#submissions };
  }

  /** The time of each launch of a program that has run, over `repeats` runs; the program's variables change. */
  profile(executable: Executable, repeats = 20): Promise<LaunchProfile[]> {
    if (!this.gpu.features.has("timestamp-query"))
      throw new DeviceError(`webgpu: ${this.description} has no timestamps, which a profile needs`);
    return profileLaunches(this.gpu, (executable as GpuExecutable).encodeEach, repeats);
  }

  /** Resolves once the card has finished all work given to it. */
  async finish(): Promise<void> {
    await this.#line.do(() => this.gpu.queue.onSubmittedWorkDone());
    this.#check();
  }

  /** Releases the card's memory. The device cannot be used afterwards. */
  close(): void {
    this.#failure ??= new DeviceError("webgpu: this device was closed; make a new one");
    this.gpu.destroy();
  }

  #check(): void {
    if (this.#failure !== undefined) throw new DeviceError(this.#failure.message);
  }

  /** Compiles a program that assigns `updates`, to be run any number of times. */
  prepare(updates: readonly Update[], varying: readonly Storage[] = []): Executable & { stats: GpuStats } {
    this.#check();
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
    const { program } = compileProgram(updates, compilerTarget(this.#target), this.options.observe);
    const dispatches = printProgram(program, this.#target);
    const listed = program.buffers.filter((b) => b.storage !== undefined);
    const numbers = new Map(listed.map((b, i) => [b, i]));
    const places = new Map(storages.map((s, i) => [s, i]));
    const read = new Set(program.kernels.flatMap((k) => [...buffersRead(k)]));
    const make = () =>
      Promise.all(
        dispatches.map(async (dispatch): Promise<Launch> => {
          const label = dispatch.kernels.map((k) => k.name).join(", ");
          const pipeline = await this.#pipelines.get(dispatch.text, label);
          const where = placesOf(dispatch, (b) => numbers.get(b) as number, ALIGNMENT);
          return { dispatch, pipeline, where };
        }),
      );
    let made: Promise<readonly Launch[]> | undefined;
    const launches = () => {
      if (made === undefined) {
        made = make();
        // A run reports what the driver refuses, and the next run tries again. Without a run, the rejection must not be
        // unhandled.
        made.catch(() => (made = undefined));
      }
      return made;
    };
    void launches();
    this.#compiled++;
    const { arenaBytes } = program.memory;
    const bytes = dispatches.reduce((n, d) => n + d.touched.reduce((m, b) => m + valueBytes(b), 0), 0);
    const shaders = new Set(dispatches.map((d) => d.text)).size;
    return {
      dispatches,
      launches,
      arenaBytes,
      stats: { kernels: program.kernels.length, dispatches: dispatches.length, shaders, bytes },
      order: listed.map((b) => places.get(b.storage as Storage) as number),
      read: listed.map((b) => read.has(b)),
    };
  }

  #bind(program: Compiled, storages: readonly Storage[], varying: readonly Storage[]): GpuExecutable {
    const slots = varying.map((s) => storages.indexOf(s));
    /** Small results, which have a place of the program's own that the next step overwrites. */
    const small = varying.map(
      (s, i) => slots[i] >= 0 && !program.read[slots[i]] && valueBytes(s) <= SMALL && !isPacked(s.dtype),
    );
    const own = new Map<number, { place: Place; back: Readback }>();
    let commands: Commands | undefined;
    let fixed: (Place | undefined)[] | undefined;

    const gather = (actual: readonly Storage[]): (Place | undefined)[] => {
      fixed ??= storages.map((s) => (varying.includes(s) ? undefined : this.#places.of(s)));
      const places = [...fixed];
      actual.forEach((s, i) => {
        if (slots[i] < 0) return;
        if (small[i] && !this.#places.has(s)) {
          let mine = own.get(i);
          if (mine === undefined) {
            const bytes = valueBytes(s);
            const settled = (failed: boolean) => void (failed && own.delete(i));
            const place = this.#places.keep(executable, bytes, "small results", settled);
            mine = { place, back: new Readback(this.gpu, round(bytes)) };
            own.set(i, mine);
          }
          places[slots[i]] = mine.place;
        } else places[slots[i]] = this.#places.of(s, !program.read[slots[i]]);
      });
      return places;
    };

    const submit = (actual: readonly Storage[], places: readonly (Place | undefined)[]): void => {
      this.#check();
      const encoder = this.gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      (commands as Commands).encode(pass, this.#arena, places as Place[]);
      pass.end();
      const backs = actual.flatMap((s, i) => {
        const mine = own.get(i);
        if (mine === undefined || places[slots[i]] !== mine.place) return [];
        return [{ s, bring: mine.back.record(encoder, mine.place.buffer, valueBytes(s)) }];
      });
      this.gpu.queue.submit([encoder.finish()]);
      this.#submissions++;
      this.#dispatches += program.dispatches.length;
      for (const { s, bring } of backs) this.#hold(s, bring);
      const done = this.gpu.queue.onSubmittedWorkDone().then(
        () => void this.#behind.splice(this.#behind.indexOf(done), 1),
        () => void this.#behind.splice(this.#behind.indexOf(done), 1),
      );
      this.#behind.push(done);
    };

    /** Waits until the card has all buffers. */
    const settle = (): Promise<void> =>
      this.#memory.settle().catch((error) => {
        fixed = undefined;
        throw error;
      });

    const first = async (actual: readonly Storage[]): Promise<void> => {
      const launches = await program.launches();
      this.#reserveArena(program.arenaBytes);
      await this.#arrived([...storages, ...actual]);
      const places = gather(actual);
      await settle();
      this.#check();
      commands = new Commands(this.gpu, launches);
      this.gpu.pushErrorScope("validation");
      submit(actual, places);
      const error = await this.gpu.popErrorScope().catch((lost: Error) => lost);
      if (error === null) return;
      // Nothing of the step has run, so all contents are unchanged. The next step is under an error scope, as the first
      // one was.
      commands = undefined;
      for (const s of actual) if (s.held?.by === this) s.held = undefined;
      this.#check();
      throw new DeviceError(`webgpu: the driver refuses a step: ${error.message}`);
    };

    const later = async (actual: readonly Storage[]): Promise<void> => {
      while (this.#behind.length >= MOST_BEHIND) await this.#behind[0];
      this.#check();
      this.#reserveArena(program.arenaBytes);
      await this.#arrived(actual);
      const places = gather(actual);
      await settle();
      submit(actual, places);
    };

    const step = (actual: readonly Storage[]): Promise<void> | void => {
      this.#check();
      if (commands === undefined) return first(actual);
      const waits = actual.some((s) => isOnItsWay(s, this));
      if (waits || this.#behind.length >= MOST_BEHIND) return later(actual);
      this.#reserveArena(program.arenaBytes);
      const places = gather(actual);
      if (!this.#memory.unsettled) return submit(actual, places);
      return settle().then(() => submit(actual, places));
    };
    const run = (actual: readonly Storage[] = varying) => this.#line.run(step, actual);
    const executable: GpuExecutable = {
      run,
      arenaBytes: program.arenaBytes,
      stats: program.stats,
      dispatches: program.dispatches,
      encodeEach: (each) => {
        const places = gather(varying) as Place[];
        const all = commands as Commands;
        all.launches.forEach((launch, i) => void each(launch, (pass) => all.encodeOne(pass, launch, i, places)));
      },
    };
    return executable;
  }

  /** Waits for small results that a program reads. */
  async #arrived(storages: readonly Storage[]): Promise<void> {
    for (const s of storages) if (isOnItsWay(s, this)) await (s.held as Held).ready;
  }

  #hold(storage: Storage, bring: (take: (data: ArrayBuffer) => void) => Promise<void>): void {
    const data = typedArray(storage.dtype, sizeOf(storage.shape));
    const ready = bring((bytes) => {
      data.set(typedArray(storage.dtype, data.length, bytes));
      held.settled = true;
    }).catch((error: Error) => {
      this.#failure ??= new DeviceError(`webgpu: a result did not come back: ${error.message}; ${GO_ON}`);
    });
    const held: Held = { by: this, data, ready, settled: false };
    storage.held = held;
  }

  /** One arena serves all programs: they run one after the other, and none keeps data in it. */
  #reserveArena(bytes: number): void {
    if (bytes === 0 || (this.#arena !== undefined && bytes <= this.#arena.bytes)) return;
    const before = this.#arena;
    this.#arena = undefined;
    if (before !== undefined) this.#memory.free(before);
    const arena = this.#memory.allocate(bytes, "the values in between", (failed) => {
      if (failed && this.#arena === arena) this.#arena = undefined;
    });
    this.#arena = arena;
  }

  async read(storage: Storage): Promise<TypedArray> {
    this.#check();
    const bring = await this.#line.do(() => this.#copyOf(storage));
    const copy = await bring().catch((error: Error) => {
      throw this.#failure ?? new DeviceError(`webgpu: a value did not come back: ${error.message}; ${GO_ON}`);
    });
    this.#check();
    if (storage.dtype === "bool") for (let i = 0; i < copy.length; i++) copy[i] = copy[i] === 0 ? 0 : 1;
    return copy;
  }

  /**
   * Copies a storage's present contents on the card. The returned function waits for the copy; the card goes on
   * meanwhile.
   */
  #copyOf(storage: Storage): Bring | Promise<Bring> {
    const copy = typedArray(storage.dtype, sizeOf(storage.shape));
    if (copy.length === 0) return async () => copy;
    if (storage.held?.by === this) {
      const held = storage.held as Held;
      return async () => {
        await held.ready;
        copy.set(held.data);
        return copy;
      };
    }
    const place = this.#places.of(storage);
    const record = (): Bring => {
      const bytes = valueBytes(storage);
      const encoder = this.gpu.createCommandEncoder();
      const bring = this.#readbackFor(bytes).record(encoder, place.buffer, bytes);
      this.gpu.queue.submit([encoder.finish()]);
      return async () => {
        await bring((data) => void copy.set(typedArray(storage.dtype, copy.length, data)));
        return copy;
      };
    };
    return this.#memory.unsettled ? this.#memory.settle().then(record) : record();
  }

  readonly #readbacks = new Map<number, Readback>();

  /** Readbacks of small results are kept, since training reads the same ones in every step. */
  #readbackFor(bytes: number): Readback {
    const size = round(bytes);
    if (size > 1 << 16) return new Readback(this.gpu, size);
    let back = this.#readbacks.get(size);
    if (back === undefined) this.#readbacks.set(size, (back = new Readback(this.gpu, size)));
    return back;
  }

  write(storage: Storage, data: TypedArray | Promise<TypedArray>): void {
    this.#check();
    this.#line.write(data, (values) => this.#places.write(storage, values));
  }
}

/** What programs cost on a card, which decides how they are planned. */
async function costsOf(adapter: GpuAdapter, device: GpuDevice, { tiles, f16 = false }: WebGpuOptions) {
  if (tiles === undefined && isSoftware(adapter)) return { tiles: [], ...PROCESSOR };
  const { maxComputeWorkgroupStorageSize } = device.limits;
  const fitting = TILES.filter((tile) => tileBytes(tile, f16) <= maxComputeWorkgroupStorageSize);
  if (typeof tiles === "object") {
    check("WebGpuDevice.create", "tiles", tiles, TILE_LIST);
    const strange = tiles.find(({ rows, columns }) => !fitting.some((t) => t.rows === rows && t.columns === columns));
    const known = fitting.map((t) => `${t.rows}×${t.columns}`).join(", ");
    if (strange !== undefined) refuse("WebGpuDevice.create", "tiles", strange, `tiles of ${known} on this card`);
    return { tiles, ...CARD };
  }
  return { tiles: tiles === false ? fitting : await measureTiles(device, nameOf(adapter), fitting), ...CARD };
}

/** A program with what measuring it needs. */
export interface GpuExecutable extends Executable {
  readonly stats: GpuStats;
  readonly dispatches: readonly Dispatch[];
  /** Calls back with each launch and what encodes it alone; the program must have run. */
  encodeEach(each: (launch: Launch, encode: (pass: import("./gpu.js").GpuPass) => void) => void): void;
}

/** Waits for a requested copy. */
type Bring = () => Promise<TypedArray>;

const round = (bytes: number): number => Math.ceil(bytes / 256) * 256;
const isOnItsWay = ({ held }: Storage, by: object): boolean => held?.by === by && !(held as Held).settled;
