// Where computed values are kept, and graphs that read them instead of computing them again.
import { shown, type TypedArray } from "../base/dtype.js";
import { pause } from "../base/turn.js";
import { type Node, rebuilt, type Storage, topologicalOrder } from "../graph/node.js";
import { fromStorage, isStorage, isVersion } from "../graph/ops/index.js";
import { device, noteChange, type Realizer, untaken, wideOps } from "./realizer.js";
import { ownerOf, refuseTraced, type Trace } from "./trace.js";
import { readHeld, readWatched } from "./watch.js";

/** Values that have been computed. Their graph stays, for gradients to flow through. */
const kept = new WeakMap<Node, Storage>();

/**
 * Records that a storage holds a node's value, which no longer changes. Where no gradient flows through it, its inputs
 * are released.
 *
 * @returns a function that undoes this.
 */
export function keep(node: Node, storage: Storage): () => void {
  const { inputs } = node;
  const cut = (to: readonly Node[]): void => {
    if (node.op.grad === undefined) (node as { inputs: readonly Node[] }).inputs = to;
  };
  kept.set(node, storage);
  cut([]);
  return () => {
    kept.delete(node);
    cut(inputs);
  };
}

/** Where a value is kept, if it has been computed. Stand-ins of a trace have no value. */
export function storedIn(node: Node): Storage | undefined {
  let at = node;
  while (isVersion(at)) at = at.attrs.value;
  if (!isStorage(at)) return kept.get(at);
  return ownerOf(at) === undefined ? at.attrs : undefined;
}

/** What has to be known to compute a node, given what has been computed. */
const needs = (node: Node): readonly Node[] =>
  isVersion(node) ? [node.attrs.value] : kept.has(node) ? [] : node.inputs;

/** All nodes that have to be looked at to compute the roots, inputs before users. */
export const unstored = (roots: readonly Node[]): Node[] => topologicalOrder(roots, undefined, needs);

/**
 * The same values, reading what has been computed instead of computing it again; and the storages that they read.
 *
 * @throws ArgumentError for tensors of a trace other than `trace`.
 */
export function resolve(roots: readonly Node[], trace?: Trace): { values: Node[]; reads: Set<Storage> } {
  const done = new Map<Node, Node>();
  const reads = new Set<Storage>();
  for (const node of unstored(roots)) {
    wideOps(node.dtype);
    const resolved = resolveOne(node, done);
    if (isStorage(resolved)) {
      refuseTraced(resolved, trace);
      reads.add(resolved.attrs);
    }
    done.set(node, resolved);
  }
  return { values: roots.map((r) => done.get(r) as Node), reads };
}

function resolveOne(node: Node, done: ReadonlyMap<Node, Node>): Node {
  if (isVersion(node)) return done.get(node.attrs.value) as Node;
  const storage = kept.get(node);
  if (storage !== undefined) return fromStorage(storage);
  return rebuilt(node, done);
}

/** Moves the contents of these storages to the device in use, for the program that it runs next. */
export function bringHere(storages: Iterable<Storage>): void {
  const here = device();
  for (const storage of storages) if (storage.on !== here) move(storage, here);
}

function move(storage: Storage, here: Realizer): void {
  const there = storage.on as Realizer | undefined;
  storage.on = here;
  if (there === undefined || untaken(storage) !== undefined) return;
  const stays = () => {
    storage.on = there;
    noteChange();
  };
  const read = async () => there.read(storage);
  const data = there.readNow?.(storage) ?? read();
  if (data instanceof Promise) data.catch(stays);
  here.write(storage, data);
}

/** The elements of a value that has been computed, or will be once `running` ends. The device is asked at once. */
export function readStored(node: Node, running: Promise<void> | void): Promise<TypedArray> | TypedArray {
  const storage = storedIn(node) as Storage;
  if (storage.on === undefined) wideOps(storage.dtype);
  const on = (storage.on ??= device()) as Realizer;
  const held = running === undefined ? readHeld(on, storage) : undefined;
  if (held === undefined) return readLater(on, storage, running);
  const data = shown(storage.dtype, held);
  return pause()?.then(() => data) ?? data;
}

async function readLater(on: Realizer, storage: Storage, running: Promise<void> | void): Promise<TypedArray> {
  const reading = readWatched(on, storage);
  // If both fail, the program's error is thrown; the other must not become an unhandled rejection.
  reading.catch(() => undefined);
  if (running !== undefined) await running;
  const data = await reading;
  const rest = pause();
  if (rest !== undefined) await rest;
  return shown(storage.dtype, data);
}
