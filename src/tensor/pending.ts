import type { Node, Storage } from "../graph/node.js";
import { fromStorage } from "../graph/ops/index.js";
import { reuse } from "./realized.js";
import { device, type Executable, type Update } from "./realizer.js";

/** A storage that can be assigned to: its next value is a graph until a program has stored it. */
export interface Cell {
  readonly storage: Storage;
  node: Node;
}

type Pending = Map<Cell, Node>;

/** Values that the next program outside any trace stores. */
let outside: Pending = new Map();
/** Values that the trace under way assigned. */
let traced: Pending | undefined;

/** Gives a cell a new value. */
export function assignCell(cell: Cell, value: Node): void {
  cell.node = value;
  (traced ?? outside).set(cell, value);
}

/** Gives a new cell its first value, which is stored before the program under trace first runs. */
export function initializeCell(cell: Cell, value: Node): void {
  if (traced === undefined) assignCell(cell, value);
  else outside.set(cell, value);
}

/** Rewrites what the trace under way has assigned so far, given each cell's old and new value. */
export function amendTraced(amend: (before: Node, after: Node) => Node): void {
  for (const [cell, after] of traced ?? []) assignCell(cell, amend(fromStorage(cell.storage), after));
}

function take(pending: Pending): Update[] {
  const updates = [...pending].map(([{ storage }, value]) => ({ storage, value }));
  for (const cell of pending.keys()) cell.node = fromStorage(cell.storage);
  pending.clear();
  return updates;
}

/** Runs `body` as a trace and returns what it assigned; afterwards all cells read as before. */
export function collectPending<T>(body: () => T): { result: T; updates: Update[] } {
  const before = traced;
  const mine: Pending = new Map();
  traced = mine;
  try {
    const result = body();
    return { result, updates: take(mine) };
  } finally {
    take(mine);
    traced = before;
  }
}

/** Makes a program on the device in use. */
export function prepare(updates: readonly Update[]): Executable {
  const values = reuse(updates.map((u) => u.value));
  return device().prepare(updates.map(({ storage }, i) => ({ storage, value: values[i] })));
}

/** Stores all values that wait, and the given ones with them. */
export async function store(more: readonly Update[] = []): Promise<void> {
  const waiting = outside;
  outside = new Map();
  const updates = [...take(waiting), ...more];
  if (updates.length > 0) await prepare(updates).run();
}
