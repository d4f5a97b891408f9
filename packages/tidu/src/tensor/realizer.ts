// What tensors ask of a device, and which device is in use.
import { checkOptional, having } from "../base/check.js";
import type { TypedArray } from "../base/dtype.js";
import { DeviceError } from "../base/errors.js";
import type { Storage, Update } from "../graph/node.js";
import type { Group } from "../graph/ops/index.js";

export type { Update } from "../graph/node.js";

/** A program made ready to run many times. */
export interface Executable {
  /**
   * Runs once; with others of the same types in the place of the storages that it was prepared with as `varying`.
   * What returns nothing has run when it returns.
   */
  run(actual?: readonly Storage[]): Promise<void> | void;
  /** Bytes of working memory beside the storages. */
  readonly arenaBytes: number;
}

/**
 * What `tensor` needs of a device; the runtime installs one. Runs, reads and writes take effect in the order of the
 * calls, whether or not anybody waits for the promises in between.
 */
export interface Realizer {
  readonly name: string;
  /** Bytes that it can hold at most, where its addresses end. */
  readonly addressable?: number;
  prepare(updates: readonly Update[], varying?: readonly Storage[]): Executable;
  /** A copy of what the storage holds. */
  read(storage: Storage): Promise<TypedArray> | TypedArray;
  /**
   * The same at once, from a device that can tell so; undefined while it is not done with what it was asked for.
   *
   * @param into where the device may put it, instead of in memory that it makes.
   */
  readNow?(storage: Storage, into?: TypedArray): TypedArray | undefined;
  /**
   * Overwrites what the storage holds. Whatever is asked for after a promise of data comes after it has been kept; if it is
   * not, the next program fails.
   */
  write(storage: Storage, data: TypedArray | Promise<TypedArray>): void;
}

/** A group that makes programs ready which meet in it, on a device that runs what is between two meetings. */
export interface Team extends Group {
  /** @param own updates that each run makes for itself. */
  prepare(on: Realizer, updates: readonly Update[], varying: readonly Storage[], own: readonly Update[]): Executable;
}

let factory: (() => Realizer) | undefined;
let current: Realizer | undefined;

/** Names the device that is made when the first value is asked for. */
export function installRealizer(make: () => Realizer): void {
  factory ??= make;
}

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
 * Uses this device from now on. Values that others hold move to it when they are next used.
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
  checkOptional("setDevice", "device", device, having("a device", "prepare", "read", "write"));
  current = device;
  noteChange();
}

/**
 * The device in use, made on first need.
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
  return current;
}

const initial = new WeakMap<Storage, TypedArray>();

/** Gives a new storage its first contents; the device takes them when it first needs them. */
export const setInitial = (storage: Storage, data: TypedArray): void => {
  initial.set(storage, data);
};

/** A storage's first contents, if no device has taken them yet. */
export const untaken = (storage: Storage): TypedArray | undefined => initial.get(storage);

/** Hands the first contents over to the device that asks. */
export function takeInitial(storage: Storage): TypedArray | undefined {
  const data = initial.get(storage);
  initial.delete(storage);
  return data;
}
