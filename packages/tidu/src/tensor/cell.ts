// A variable's contents as a series of versions, so that what was read never changes, whatever is assigned afterwards.
import { ArgumentError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import {
  detailOf,
  makeStorage,
  type Node,
  type NodeOf,
  type Storage,
  topologicalOrder,
  type Update,
} from "../graph/node.js";
import { fromStorage, fromVersion, isFull, isStorage, isVersion, type Version } from "../graph/ops/index.js";
import { device, leaveTo, noteChange, setInitial, untaken } from "./realizer.js";
import { bringHere, keep, resolve, storedIn, unstored } from "./stored.js";
import { type Place, tracing } from "./trace.js";
import { prepareWatched } from "./watch.js";

/** What a variable held from one assignment to the next. */
export interface Content extends Version {
  readonly cell: Cell;
  /** Its node in graphs outside compiled code, held weakly: the value is kept while the node is in use. */
  leaf?: WeakRef<NodeOf<"source", Version>>;
}

/**
 * A variable's place. Compiled code reads and writes `storage`, and overwrites it; values assigned outside get storages
 * of their own. So the present value may be there or elsewhere, or not be computed yet.
 */
export interface Cell extends Place {
  /** The value now. */
  present: Content;
  /** Whose value `storage` holds; undefined before it holds any. */
  resident: Content | undefined;
}

/** Cells whose values were assigned outside any trace and are not computed yet. */
const waiting = new Set<Cell>();

/** A cell with a first value, computed when needed. */
export function makeCell(owner: object, storage: Storage, value: Node): Cell {
  const cell = { owner, storage } as Cell;
  cell.present = contentOf(cell, value);
  return cell;
}

const contentOf = (cell: Cell, value: Node): Content => ({
  cell,
  value,
  shape: cell.storage.shape,
  dtype: cell.storage.dtype,
});

/** The cell's value. A trace sees what its program will find stored, and what it assigned itself. */
export const readCell = (cell: Cell): Node => tracing()?.read(cell) ?? leafOf(cell.present);

function leafOf(content: Content): NodeOf<"source", Version> {
  let leaf = content.leaf?.deref();
  if (leaf === undefined) {
    leaf = fromVersion(content);
    content.leaf = new WeakRef(leaf);
    noteChange();
  }
  return leaf;
}

/** The cell that a node is a value of, present or past. */
export const cellOf = (node: Node): Place | undefined => (isVersion(node) ? (node.attrs as Content).cell : undefined);

/** How many bodies of loops are being traced, one inside another. */
let bodies = 0;

/** Traces the body of a loop, which must not assign: that would happen once, not at each step. */
export function traceBody<T>(body: () => T): T {
  bodies++;
  try {
    return body();
  } finally {
    bodies--;
  }
}

/** What a variable is called in errors. */
export const named = ({ storage: { name, shape } }: Place): string =>
  `the variable ${name === undefined ? "" : `"${name}" `}${formatShape(shape)}`;

/**
 * Gives a cell a new value. Outside a trace it is computed together with the next value that is read. It is computed
 * now if it depends on a value of the cell that is still waiting: so a loop that reads nothing runs one program for
 * each turn, not one for all.
 */
export function assignCell(cell: Cell, value: Node): void {
  if (bodies > 0)
    throw new ArgumentError(
      `scan: body assigns ${named(cell)}, as batch normalization does while it trains; return the value as a state or an output and assign it after the loop`,
    );
  const trace = tracing();
  if (trace !== undefined) return trace.assign(cell, value);
  if (waiting.has(cell) && isMadeFrom(value, cell.present)) void store([]);
  cell.present = contentOf(cell, value);
  if (storedIn(value) === undefined) waiting.add(cell);
  else waiting.delete(cell);
  noteChange();
}

/** Gives a cell another first value, computed only when needed. */
export function restartCell(cell: Cell, value: Node): void {
  if (tracing() !== undefined) return assignCell(cell, value);
  waiting.delete(cell);
  cell.present = contentOf(cell, value);
  noteChange();
}

const isMadeFrom = (value: Node, content: Content): boolean =>
  unstored([value]).some((node) => isVersion(node) && node.attrs === content);

/** Records a change, and returns a function that undoes it. */
type Note = () => () => void;

/** A value to be computed, where it is to be kept, and what to note then. */
interface Item {
  readonly value: Node;
  readonly storage: Storage;
  readonly done: Note;
}

/**
 * Computes values now, and with them every assigned value that is waiting. If this fails, nothing has changed.
 *
 * @returns a promise if the device is asynchronous; what is asked of it later happens later.
 */
export function store(nodes: readonly Node[]): Promise<void> | void {
  if (waiting.size === 0 && nodes.every((node) => storedIn(node) !== undefined)) return;
  const contents = new Set<Content>();
  const plain = new Set<Node>();
  for (const node of nodes) {
    if (storedIn(node) === undefined) isVersion(node) ? contents.add(sourceOf(node)) : plain.add(node);
  }
  return storeContents(contents, [...plain].map(itemOf));
}

/** Computes the cell's present value now, if it has not been. */
export function storeCell({ present }: Cell): Promise<void> | void {
  if (storedIn(present.value) === undefined) return storeContents(new Set([present]), []);
}

function storeContents(asked: ReadonlySet<Content>, plain: readonly Item[]): Promise<void> | void {
  const wanted = [...[...asked].map(ownItem), ...plain];
  const others = [...waiting].map((cell) => cell.present).filter((content) => !asked.has(content));
  try {
    return run([...others.map(ownItem), ...wanted]);
  } catch (error) {
    // A value assigned elsewhere that cannot be computed must not make this computation fail.
    for (const { cell, value } of others) if (!isWhole(value)) waiting.delete(cell);
    if (others.length === 0) throw error;
    return run(wanted);
  }
}

/** Whether a value can be computed here. If not, only reading that value gives the error. */
function isWhole(value: Node): boolean {
  try {
    // What stands for a step's value in a loop has no text by which programs are known.
    for (const node of topologicalOrder(resolve([value]).values)) detailOf(node);
    return true;
  } catch {
    return false;
  }
}

/** The content that a version stands for, through assignments of one variable's value to another. */
function sourceOf(node: NodeOf<"source", Version>): Content {
  return isVersion(node.attrs.value) ? sourceOf(node.attrs.value) : (node.attrs as Content);
}

function itemOf(value: Node): Item {
  const storage = makeStorage(value.shape, value.dtype);
  return { value, storage, done: () => keep(value, storage) };
}

/** The computation of a content. It goes to the cell's storage if what is there was never read. */
function ownItem(content: Content): Item {
  const { cell, value, shape, dtype } = content;
  const free = cell.present === content && (cell.resident === undefined || cell.resident.leaf === undefined);
  const storage = free ? cell.storage : makeStorage(shape, dtype);
  const done = () => {
    const undo = revalue(content, storage);
    const waited = cell.present === content && waiting.delete(cell);
    const { resident } = cell;
    if (free) cell.resident = content;
    return () => {
      undo();
      if (free) cell.resident = resident;
      if (waited && cell.present === content) waiting.add(cell);
    };
  };
  return { value, storage, done };
}

/** A copy of a content, in a storage that is never overwritten. */
function copyItem(content: Content): Item {
  const storage = makeStorage(content.shape, content.dtype);
  return { value: content.value, storage, done: () => revalue(content, storage) };
}

/** Records that a content is in a storage. */
function revalue(content: Content, storage: Storage): () => void {
  const { value } = content;
  content.value = fromStorage(storage);
  return () => {
    content.value = value;
  };
}

function run(items: readonly Item[], after: readonly Note[] = []): Promise<void> | void {
  const notes = [...items.map((item) => item.done), ...after];
  if (items.length === 0) return void notes.forEach((note) => note());
  const { values, reads } = resolve(items.map((item) => item.value));
  const running = runUpdates(items, values, reads);
  const undo = notes.map((note) => note());
  return running?.catch((error) => {
    // A device that has to wait for memory may find none.
    for (const back of undo.reverse()) back();
    noteChange();
    throw error;
  });
}

function runUpdates(
  items: readonly Item[],
  values: readonly Node[],
  reads: ReadonlySet<Storage>,
): Promise<void> | void {
  bringHere(reads);
  const here = device();
  const all = items.map(({ storage }, i) => ({ storage, value: values[i] }));
  const updates = all.filter((update) => !beginsWith(update));
  const fresh = updates.flatMap(({ storage }) => (storage.on === undefined ? [storage] : []));
  const running = updates.length === 0 ? undefined : prepareWatched(here, updates, [], fresh).run();
  if (running !== undefined) leaveTo([...reads, ...updates.map((u) => u.storage)]);
  for (const { storage } of items) storage.on = here;
  return running;
}

/**
 * Gives a storage that no device has seen its value without a program, if that is zeros, as which all begin, or if the
 * host still has it.
 */
function beginsWith({ storage, value }: Update): boolean {
  if (storage.on !== undefined || untaken(storage) !== undefined) return false;
  if (isFull(value)) return Object.is(value.attrs.value, 0);
  const first = isStorage(value) ? untaken(value.attrs) : undefined;
  if (first !== undefined) setInitial(storage, first);
  return first !== undefined;
}

/** Whether a content that may still be read lies where compiled code would overwrite it. */
const isLostIn = (content: Content, { storage }: Cell): boolean =>
  content.leaf?.deref() !== undefined && storedIn(content.value) === storage;

/** Whether a content may still be read outside compiled code. */
const isSeen = (content: Content): boolean => content.leaf?.deref() !== undefined;

/**
 * Makes cells ready for compiled code: present values are where it reads them, and values that may still be read
 * elsewhere are not where it writes.
 */
export function settle(places: readonly Place[], written: ReadonlySet<Place>): Promise<void> | void {
  const items: Item[] = [];
  const after: Note[] = [];
  for (const cell of places as readonly Cell[]) settleCell(cell, written.has(cell), items, after);
  return run(items, after);
}

function settleCell(cell: Cell, overwrites: boolean, items: Item[], after: Note[]): void {
  const { present, resident, storage } = cell;
  const away = resident !== present;
  if (away && resident !== undefined && isLostIn(resident, cell)) items.push(copyItem(resident));
  const leaves = overwrites && isSeen(present);
  const at = storedIn(present.value);
  if (leaves && (at === undefined || at === storage)) items.push(copyItem(present));
  if (away) items.push({ value: present.value, storage, done: () => () => {} });
  if (away || overwrites) after.push(() => moveIn(cell, leaves, overwrites));
}

/** Records that a cell's storage holds its present value. */
function moveIn(cell: Cell, leaves: boolean, overwrites: boolean): () => void {
  const { present, resident, storage } = cell;
  // A content that may still be read stays as it is; the cell continues with a content of its own.
  const next = leaves ? contentOf(cell, present.value) : present;
  const undo = revalue(next, storage);
  if (overwrites) next.leaf = undefined;
  cell.present = cell.resident = next;
  const waited = waiting.delete(cell);
  return () => {
    undo();
    [cell.present, cell.resident] = [present, resident];
    if (waited) waiting.add(cell);
  };
}

/**
 * Keeps everything that a graph reads where it does not change, so that a program made from it always reads the same:
 * computes versions of variables that are waiting, and copies those that compiled code may overwrite.
 */
export function pin(nodes: readonly Node[]): Promise<void> | void {
  const seen = unstored(nodes).filter(isVersion);
  const late = seen.filter((node) => storedIn(node) === undefined);
  if (late.length > 0) void store(late);
  const items = new Map<Content, Item>();
  for (const node of seen) {
    const content = sourceOf(node);
    if (isLostIn(content, content.cell)) items.set(content, copyItem(content));
  }
  if (items.size > 0) noteChange();
  return run([...items.values()]);
}
