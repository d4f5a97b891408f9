import { pause } from "../base/turn.js";
import { type Node, type Storage, topologicalOrder } from "../graph/node.js";
import { isStorage } from "../graph/ops/index.js";
import { reuse } from "./realized.js";
import { device, type Executable, type Update } from "./realizer.js";
import { Waiting } from "./waiting.js";
import { prepareWatched } from "./watch.js";

/** A storage that can be assigned to: what it was assigned is a graph until a program has stored it. */
export interface Cell {
  readonly storage: Storage;
  /** Reads the storage. */
  readonly stored: Node;
}

type Pending = Map<Cell, Node>;

/** Values assigned outside any trace that no program has stored yet. */
const outside = new Waiting<Cell>();
/** Values that the trace under way assigned. */
let traced: Pending | undefined;

/** The cell's value. A trace sees what its program will find stored, and what it assigned itself. */
export const readCell = (cell: Cell): Node => (traced ?? outside).get(cell) ?? cell.stored;

/** Gives a cell a new value. */
export function assignCell(cell: Cell, value: Node): void {
  (traced ?? outside).set(cell, value);
}

/** Gives a new cell its first value, which is stored before a program under trace first runs. */
export function initializeCell(cell: Cell, value: Node): void {
  outside.set(cell, value);
}

/** Rewrites what the trace under way has assigned so far, given each cell's old and new value. */
export function amendTraced(amend: (before: Node, after: Node) => Node): void {
  for (const [cell, after] of traced ?? []) assignCell(cell, amend(cell.stored, after));
}

/** Runs `body` as a trace and returns what it assigned; afterwards all cells read as before. */
export function collectPending<T>(body: () => T): { result: T; updates: Update[] } {
  const before = traced;
  const mine: Pending = new Map();
  traced = mine;
  try {
    return { result: body(), updates: updatesOf(mine) };
  } finally {
    traced = before;
  }
}

const updatesOf = (pending: Pending): Update[] => [...pending].map(([{ storage }, value]) => ({ storage, value }));

/** Whether what the cell was assigned waits to be stored. */
export const isPending = (cell: Cell): boolean => outside.has(cell);

/** Whether any values wait to be stored. */
export const hasPending = (): boolean => outside.size > 0;

/** A program on the device in use, and all storages that it reads or writes; others may stand in for `varying`. */
export function prepare(
  updates: readonly Update[],
  varying: readonly Storage[] = [],
): { executable: Executable; storages: ReadonlySet<Storage> } {
  const values = reuse(updates.map((u) => u.value));
  const ready = updates.map(({ storage }, i) => ({ storage, value: values[i] }));
  const executable = prepareWatched(device(), ready, varying);
  return { executable, storages: new Set([...updates.map((u) => u.storage), ...storagesIn(values)]) };
}

/**
 * Runs a program for the given updates, and for those waiting values that they are made from. Waiting values are stored
 * too if they would be lost or out of date once another program has run that reads or writes the storages `touched`.
 * If this fails, all values that waited still wait.
 */
export async function store(more: readonly Update[] = [], touched: Iterable<Storage> = []): Promise<void> {
  if (outside.size === 0 && more.length === 0) return;
  const due = dueWith(more, new Set(touched));
  const updates = [...updatesOf(due), ...more];
  if (updates.length === 0) return;
  for (const cell of due.keys()) outside.delete(cell);
  try {
    await prepare(updates).executable.run();
    await pause();
  } catch (error) {
    for (const [cell, value] of due) if (!outside.has(cell)) outside.set(cell, value);
    throw error;
  }
}

function dueWith(more: readonly Update[], touched: Set<Storage>): Pending {
  const used = new Set(topologicalOrder(more.map((u) => u.value)));
  const due: Pending = new Map();
  let before = -1;
  // Storing one value overwrites what others may be made from; those must then be part of the same program.
  while (due.size > before) {
    before = due.size;
    for (const [cell, value] of outside) {
      if (due.has(cell)) continue;
      if (!used.has(value) && !touched.has(cell.storage) && !sources(value).some((s) => touched.has(s))) continue;
      due.set(cell, value);
      touched.add(cell.storage);
    }
  }
  return due;
}

const known = new WeakMap<Node, readonly Storage[]>();

/** The storages that a value is made from. */
function sources(value: Node): readonly Storage[] {
  let found = known.get(value);
  if (found === undefined) known.set(value, (found = storagesIn([value])));
  return found;
}

const storagesIn = (values: readonly Node[]): Storage[] =>
  topologicalOrder(values)
    .filter(isStorage)
    .map((node) => node.attrs);
