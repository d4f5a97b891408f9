// What tensors ask of a device, and which device is in use.
import { checkOptional, having } from "../base/check.js";
import { type DType, isWide, type TypedArray } from "../base/dtype.js";
import { DeviceError } from "../base/errors.js";
import type { ElementwiseOp, Storage, Update } from "../graph/node.js";
import type { Group } from "../graph/ops/index.js";

export type { Update } from "../graph/node.js";

/** A program made ready to run many times. */
export interface Executable {
  /**
   * Runs once, with `actual` in place of the storages that it was prepared with as `varying`, of the same types. A
   * synchronous run returns undefined.
   */
  run(actual?: readonly Storage[]): Promise<void> | void;
  /** Bytes of working memory beside the storages. */
  readonly arenaBytes: number;
}

/** Ops that take f32, f64 and i64, by the type of their results. */
export type WideOps = Readonly<Partial<Record<DType, ElementwiseOp>>>;

/**
 * What `tensor` needs of a device; the runtime installs one. Runs, reads and writes take effect in the order of the
 * calls, whether or not anybody waits for the promises in between.
 */
export interface Realizer {
  readonly name: string;
  /** The most bytes that it can address. */
  readonly addressable?: number;
  /** On a device that stores element types of eight bytes: the ops that make them of floats, and f32 of them. */
  readonly wide?: WideOps;
  prepare(updates: readonly Update[], varying?: readonly Storage[]): Executable;
  /** A copy of what the storage holds. */
  read(storage: Storage): Promise<TypedArray> | TypedArray;
  /**
   * The same synchronously, on devices that can; undefined while earlier work is unfinished.
   *
   * @param into memory that the device may use instead of new memory.
   */
  readNow?(storage: Storage, into?: TypedArray): TypedArray | undefined;
  /**
   * A program that makes several runs at once; undefined where one after the other is faster. The storages that `runs`
   * lists hold a value for each run, [runs, …], in place of those that it was prepared with.
   */
  prepareTogether?(updates: readonly Update[], varying: readonly Storage[], runs: Runs): Executable | undefined;
  /**
   * Calls `use` with the memory of storages, as kernels hold their elements, in the order of calls; on devices that
   * share their memory with the host.
   */
  inPlace?<T>(storages: readonly Storage[], use: (...memory: TypedArray[]) => T): T | Promise<T>;
  /**
   * Overwrites the storage. If `data` is a promise, later calls take effect after it resolves; if it rejects, the next
   * program fails.
   */
  write(storage: Storage, data: TypedArray | Promise<TypedArray>): void;
}

/** Runs of one program that go through it together. */
export interface Runs {
  readonly count: number;
  /** Storages that hold a value for each of them, [runs, …]. The others are the same for all. */
  readonly stacked: ReadonlySet<Storage>;
}

/** A group that prepares programs with collective ops, on a device that runs the parts between them. */
export interface Team extends Group {
  /** @param own updates that each run makes for itself. */
  prepare(on: Realizer, updates: readonly Update[], varying: readonly Storage[], own: readonly Update[]): Executable;
}

let factory: (() => Realizer) | undefined;
let current: Realizer | undefined;
/** The device that was used last. */
let asked: Realizer | undefined;

/** Names the device that is made when the first value is asked for. */
export function installRealizer(make: () => Realizer): void {
  factory ??= make;
}

/** What an argument that names a device must be. */
export const aDevice = having("a device", "prepare", "read", "write");

let changes = 0;

/**
 * Rises whenever a variable is read or assigned outside compiled code, or another device is used: as long as it is the
 * same, a compiled function finds everything as it left it.
 */
export const changeCount = (): number => changes;
export const noteChange = (): void => {
  changes++;
};

/**
 * Uses this device from now on. Values on other devices move to it when they are next used.
 *
 * @example
 * ```ts
 * import { setDevice, tensor, WasmDevice } from "tidu";
 *
 * setDevice(new WasmDevice({ threads: 1, portable: true }));
 * console.log(await tensor([1, 2]).sum().item()); // 3
 * ```
 */
export function setDevice(device: Realizer | undefined): void {
  checkOptional("setDevice", "device", device, aDevice);
  current = device;
}

/**
 * The device in use, created when first needed.
 *
 * @example
 * ```ts
 * import { device } from "tidu";
 *
 * console.log(device().name); // wasm
 * ```
 */
export function device(): Realizer {
  if (current === undefined) {
    if (factory === undefined) throw new DeviceError('no device is installed; import from "tidu", which installs one');
    current = factory();
  }
  if (current !== asked) noteChange();
  asked = current;
  return current;
}

/**
 * On a device that stores element types of eight bytes, their ops.
 *
 * @param where what was called.
 * @param on what is asked, by default the device in use.
 * @throws DeviceError if it does not store such types, and the one that is asked for is one.
 */
export function wideOps(
  dtype: DType | undefined,
  where = "data",
  on?: Pick<Realizer, "name" | "wide">,
): WideOps | undefined {
  if (dtype === undefined || !isWide(dtype)) return undefined;
  const { name, wide } = on ?? device();
  if (wide !== undefined) return wide;
  throw new DeviceError(`${where}: ${name} does not store ${dtype}; use ReferenceDevice of tidu/debug`);
}

/** Runs `work` with a device in use until its first wait; without a device given, the present one stays. */
export function within<T>(given: Realizer | undefined, work: () => T): T {
  if (given === undefined) return work();
  const before = current;
  current = given;
  try {
    return work();
  } finally {
    current = before;
  }
}

const initial = new WeakMap<Storage, TypedArray>();
/** Storages that work in a device's line will read or overwrite; the device takes their first contents then. */
const awaited = new WeakSet<Storage>();

/** Gives a new storage its first contents; the device takes them when it first needs them. */
export const setInitial = (storage: Storage, data: TypedArray): void => {
  initial.set(storage, data);
  awaited.delete(storage);
};

/** A storage's first contents, if that is what it holds and no device has taken them or been asked for work on them. */
export const untaken = (storage: Storage): TypedArray | undefined =>
  awaited.has(storage) ? undefined : initial.get(storage);

/** A storage's first contents, if no device has taken them. */
export const firstContents = (storage: Storage): TypedArray | undefined => initial.get(storage);

/** Records that a device was asked for work on these storages, which may wait: from now on only it knows what they hold. */
export function leaveTo(storages: Iterable<Storage>): void {
  for (const storage of storages) if (initial.has(storage)) awaited.add(storage);
}

/** Hands the first contents over to the device that asks. */
export function takeInitial(storage: Storage): TypedArray | undefined {
  const data = initial.get(storage);
  initial.delete(storage);
  return data;
}
