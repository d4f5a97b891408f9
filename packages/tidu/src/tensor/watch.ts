// Finds row and class numbers that do not exist, inside programs.
import type { TypedArray } from "../base/dtype.js";
import { DataError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import { makeStorage, type Node, type NodeOf, type Storage, topologicalOrder } from "../graph/node.js";
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
import { type Executable, leaveTo, type Realizer, setInitial, type Team, type Update, untaken } from "./realizer.js";
import { cast } from "./types.js";

/*
 * Row and class numbers that do not exist would read as zeros. Numbers that the host knows are checked at once. For all
 * others a program has two more results for each list of numbers: the place of the first wrong one, or -1, and that
 * number. They are values like others, a minimum over the list, so every device has them without code of its own. They
 * keep their contents from run to run until a value is next read from the device; that read then fails. Which of the runs
 * since the last look met a wrong number is not known, so the first read of each of their results fails, too.
 */

/** What is known of a program's runs between two looks. */
interface Span {
  error?: DataError;
}

/** The runs of a program since the last look. */
interface Group {
  runs: Span;
}

/** What a program watches. */
interface Watch {
  readonly on: Realizer;
  readonly is: Within;
  readonly shape: Shape;
  /** The row-major position of the first wrong number since the last look, or -1, and that number. */
  readonly position: Storage;
  readonly value: Storage;
  readonly group: Group;
}

/** Those of programs that have run since the last read. */
const due = new Set<Watch>();
/** The most that are remembered; of a program that is never read from, the oldest are dropped. */
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
  const list = numbers.dtype === "i64" ? cast(numbers, "i32") : numbers;
  if (known === undefined) return within(list, is);
  const position = known.findIndex((n) => n < 0 || n >= is.size);
  if (position >= 0) throw wrong(is, numbers.shape, position, known[position]);
  return list;
}

/** Looks that have begun and not ended. */
const looks = new Set<Promise<DataError | undefined>>();

/**
 * Prepares a program with the additional results that its lists of numbers need.
 *
 * @param results storages that get a new value at each run; those among `varying` are others at each run.
 */
export function prepareWatched(
  on: Realizer,
  updates: readonly Update[],
  varying: readonly Storage[],
  results: readonly Storage[],
): Executable {
  const lists = new Map<string, NodeOf<"reshape", Within>>();
  let team: Team | undefined;
  for (const node of topologicalOrder(updates.map((u) => u.value))) {
    if (isWithin(node)) lists.set(`${node.inputs[0].id} ${node.attrs.size}`, node);
    if (isCollective(node)) team = node.attrs as Team;
  }
  const group: Group = { runs: {} };
  const all = [...lists.values()].map((node) => watch(on, node, group));
  const own = all.flatMap((w) => w.updates);
  const executable = team?.prepare(on, updates, varying, own) ?? on.prepare([...updates, ...own], varying);
  if (lists.size === 0) return executable;
  const places = results.map((storage) => varying.indexOf(storage));
  const note = (actual: readonly Storage[]): void => {
    for (const { watch } of all) due.add(watch);
    for (const oldest of due) if (due.size > MOST) due.delete(oldest);
    results.forEach((storage, i) => void ((actual[places[i]] ?? storage).doubt = group.runs));
  };
  return {
    ...executable,
    run(actual = []) {
      note(actual);
      return executable.run(actual);
    },
  };
}

function watch(
  on: Realizer,
  { inputs: [list], attrs: is }: NodeOf<"reshape", Within>,
  group: Group,
): { watch: Watch; updates: Update[] } {
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
  return { watch: { on, is, shape, position, value, group }, updates };
}

/** Whether no program that has run may have met a wrong number of which a read of this storage would have to tell. */
const isQuiet = ({ doubt }: Storage): boolean => due.size === 0 && looks.size === 0 && doubt === undefined;

/** A small result that its device has at hand; undefined where a read has to wait or to look for wrong numbers. */
export const readHeld = (on: Realizer, storage: Storage): TypedArray | undefined =>
  storage.held?.by === on && isQuiet(storage) ? on.readNow?.(storage) : undefined;

/**
 * Reads from a device. Throws DataError with the first wrong number if programs that ran on it met any, or if one may have
 * while it computed the contents, at their first read. The contents are those at the time of the call.
 */
export async function readWatched(on: Realizer, storage: Storage): Promise<TypedArray> {
  const reading = Promise.resolve(on.read(storage));
  leaveTo([storage]);
  reading.catch(() => {});
  if (isQuiet(storage)) return reading;
  const before = [...looks];
  const looking = look(on);
  looks.add(looking);
  const first = await looking.finally(() => looks.delete(looking));
  await Promise.allSettled(before);
  const error = first ?? storage.doubt?.error;
  storage.doubt = undefined;
  if (error !== undefined) throw error;
  return reading;
}

/** The first wrong number that programs have met since the last look, if any; all are then forgotten. */
async function look(on: Realizer): Promise<DataError | undefined> {
  const watches = [...due].filter((w) => w.on === on);
  const seen = watches.map((w) => {
    due.delete(w);
    const position = Promise.resolve(on.read(w.position));
    position.catch(() => {});
    return { w, position };
  });
  const ran = new Map(watches.map(({ group }) => [group, restart(group)]));
  let first: DataError | undefined;
  for (const { w, position: reading } of seen) {
    const [position] = await reading;
    if (position < 0) continue;
    const [value] = await on.read(w.value);
    on.write(w.position, Int32Array.of(-1));
    const error = wrong(w.is, w.shape, position, value);
    first ??= error;
    // What has run since the look began may have met others, which are forgotten with the first.
    for (const runs of [ran.get(w.group) as Span, restart(w.group)]) runs.error ??= error;
  }
  return first;
}

/** Ends the runs so far. */
function restart(group: Group): Span {
  const { runs } = group;
  group.runs = {};
  return runs;
}
