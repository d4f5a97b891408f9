import type { TypedArray } from "../base/dtype.js";
import { DataError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import { makeStorage, type Node, type Storage, topologicalOrder } from "../graph/node.js";
import {
  apply,
  elementwise as el,
  fromStorage,
  full,
  gather,
  index,
  isCollective,
  isStorage,
  isWithin,
  minOp,
  reduce,
  reshape,
  type Within,
  within,
} from "../graph/ops/index.js";
import { type Executable, type Realizer, setInitial, type Team, type Update, untaken } from "./realizer.js";

/*
 * Numbers of rows and classes that do not exist would read as zeros. What the host knows is looked through at once. For
 * all else a program has two places more for each list of numbers: where the first wrong one stood, or -1, and what it
 * was. They are values like others, a minimum over the list, so that every device has them without knowing of it. They
 * keep what they hold from run to run until something is next read from the device, which then fails.
 */

/** What a program watches. */
interface Watch {
  readonly on: Realizer;
  readonly is: Within;
  readonly shape: Shape;
  /** The row-major position of the first wrong number since the last look, or -1, and that number. */
  readonly position: Storage;
  readonly value: Storage;
}

/** Those of programs that have run since something was last read. */
const due = new Set<Watch>();
/** So many are remembered; of a program that nobody reads from the oldest go. */
const MOST = 1024;

const wrong = ({ size, what }: Within, shape: Shape, position: number, value: number): DataError => {
  let rest = position;
  const at = [...shape].reverse().map((d) => {
    const i = rest % d;
    rest = (rest - i) / d;
    return i;
  });
  return new DataError(`${what} ${value} at ${formatShape(at.reverse())}; it must be from 0 to ${size - 1}`);
};

/**
 * Whole numbers that must be from 0 to size - 1.
 *
 * @throws DataError at once where the host knows them, else at the next read after a step that met a wrong one.
 */
export function watched(numbers: Node, is: Within): Node {
  const known = isStorage(numbers) ? untaken(numbers.attrs) : undefined;
  if (known === undefined) return within(numbers, is);
  const position = known.findIndex((n) => n < 0 || n >= is.size);
  if (position >= 0) throw wrong(is, numbers.shape, position, known[position]);
  return numbers;
}

/** Prepares a program with the places that its lists of numbers need. */
export function prepareWatched(on: Realizer, updates: readonly Update[], varying: readonly Storage[]): Executable {
  const lists = new Map<string, Node<Within>>();
  let team: Team | undefined;
  for (const node of topologicalOrder(updates.map((u) => u.value))) {
    if (isWithin(node)) lists.set(`${node.inputs[0].id} ${node.attrs.size}`, node);
    if (isCollective(node)) team = node.attrs as Team;
  }
  const all = [...lists.values()].map((node) => watch(on, node));
  const own = all.flatMap((w) => w.updates);
  const executable = team?.prepare(on, updates, varying, own) ?? on.prepare([...updates, ...own], varying);
  if (lists.size === 0) return executable;
  const note = (): void => {
    for (const { watch } of all) due.add(watch);
    for (const oldest of due) if (due.size > MOST) due.delete(oldest);
  };
  return {
    ...executable,
    run(actual) {
      note();
      return executable.run(actual);
    },
  };
}

function watch(on: Realizer, { inputs: [list], attrs: is }: Node<Within>): { watch: Watch; updates: Update[] } {
  const { shape } = list;
  const count = sizeOf(shape);
  const [position, value] = [makeStorage([], "i32"), makeStorage([], "i32")];
  setInitial(position, Int32Array.of(-1));
  const bad = apply(el.outside, list, full(is.size, shape, "i32"));
  const at = apply(el.where, bad, apply(el.intToFloat, index(shape)), full(count, shape));
  const first = reduce(
    minOp,
    at,
    shape.map((_, axis) => axis),
  );
  const none = full(-1, [], "i32");
  const found = apply(el.where, apply(el.lt, first, full(count, [])), apply(el.floatToInt, first), none);
  const fresh = apply(el.intEq, fromStorage(position), none);
  const choose = (now: Node, place: Storage): Update => ({
    storage: place,
    value: apply(el.where, fresh, now, fromStorage(place)),
  });
  const updates = [choose(found, position), choose(gather(reshape(list, [count]), found), value)];
  return { watch: { on, is, shape, position, value }, updates };
}

/**
 * Reads from a device, if what has run on it met no wrong numbers; if it did, the first is told, and all are forgotten. What is read
 * is what was there at the call.
 */
export async function readWatched(on: Realizer, storage: Storage): Promise<TypedArray> {
  const reading = Promise.resolve(on.read(storage));
  reading.catch(() => {});
  let first: DataError | undefined;
  for (const w of due) {
    if (w.on !== on) continue;
    due.delete(w);
    const [position] = await on.read(w.position);
    if (position < 0) continue;
    const [value] = await on.read(w.value);
    on.write(w.position, Int32Array.of(-1));
    first ??= wrong(w.is, w.shape, position, value);
  }
  if (first !== undefined) throw first;
  return reading;
}
