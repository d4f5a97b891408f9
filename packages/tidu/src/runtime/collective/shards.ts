// Runs of one program that add up values: on shards of a batch, one after the other here, and in other processes.
import { DeviceError, UnsupportedError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { cutSegments, type Segments } from "../../compile/segments.js";
import { makeStorage, type Node, type Storage, topologicalOrder } from "../../graph/node.js";
import { apply, elementwise, fromStorage, isCollective } from "../../graph/ops/index.js";
import type { Executable, Realizer, Team, Update } from "../../tensor/realizer.js";
import type { Communicator } from "./communicator.js";
import { TreeSum } from "./sum.js";
import { type Block, blocksOf, fold, shardsOf, within } from "./tree.js";

/** Does something when something else is over, at once if it is. */
export function after<T, R>(before: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return before instanceof Promise ? before.then(next) : next(before);
}

/** The storages that hold the values of a block of shards. */
interface Held extends Block {
  readonly set: readonly Storage[];
}

/** What a shard's run has left of a step under way. */
interface Run {
  readonly shard: Block;
  /** Runs a segment of its program. */
  go(segment: number): Promise<void> | void;
  /** Gives back what it keeps from one segment to the next. */
  end(): void;
}

/**
 * A fixed number of shards, divided among processes. Programs that sum over them run once for each shard of this process;
 * the last run of a step goes on with the sums, which are the same bits for any number of processes. Where there are several
 * meetings in a step, all shards go from one to the next.
 */
export class Shards implements Team {
  readonly name: string;
  /** Those of this process. */
  readonly own: Block;
  /** Shards that the step under way has anything for, and those of them that are this process's. */
  #count = 0;
  #mine: Block = { from: 0, to: 0 };
  #next = 0;
  /** Those of this process that are under way, maybe of programs for shards of different sizes. */
  readonly runs: Run[] = [];
  /** By device, then by place in the program and shapes of the values: programs for shards of different sizes meet. */
  readonly #levels = new WeakMap<Realizer, Map<string, Level>>();

  constructor(
    readonly shards: number,
    readonly world?: Communicator,
  ) {
    this.name = `over ${shards}`;
    this.own = shardsOf(world?.rank ?? 0, world?.size ?? 1, shards);
  }

  /** Begins a step on the first `count` shards; returns those that are to be run here. Without any there is one run, of no shard. */
  begin(count: number): Block {
    this.#count = count;
    this.#mine = within(this.own, count);
    this.#next = this.#mine.from;
    // A step that failed may have left some.
    for (const run of this.runs.splice(0)) run.end();
    return this.#mine;
  }

  prepare(on: Realizer, updates: readonly Update[], varying: readonly Storage[], own: readonly Update[]): Executable {
    const cut = cutSegments(updates, varying, own);
    this.#check(cut, updates);
    return new Meeting(this, on, cut, varying);
  }

  /** The meeting at a place of a step, of all programs that leave values of the same shapes there. */
  level(on: Realizer, at: number, sums: readonly Storage[]): Level {
    let known = this.#levels.get(on);
    if (known === undefined) this.#levels.set(on, (known = new Map()));
    const key = [at, ...sums.map(({ shape }) => shape.join())].join(" ");
    let level = known.get(key);
    if (level === undefined) known.set(key, (level = new Level(on, sums, this)));
    return level;
  }

  #check({ differing }: Segments, updates: readonly Update[]): void {
    if (this.shards === (this.world?.size ?? 1)) return;
    if (differing.length > 0) {
      const names = differing.map(({ name = "a result" }) => name).join(", ");
      throw new UnsupportedError(
        `shards: ${names}: the step assigns what differs between shards; sum it over them, or use as many shards as processes`,
      );
    }
    if (topologicalOrder(updates.map((u) => u.value)).some((node) => isCollective(node) && node.attrs !== this)) {
      throw new UnsupportedError(
        "shards: the network itself sums over processes; shards must be the number of processes; leave shards out",
      );
    }
  }

  /** Takes the next shard of this process; undefined if it has none in this step. */
  take(): Block | undefined {
    return this.#next < this.#mine.to ? { from: this.#next, to: ++this.#next } : undefined;
  }
  /** Whether all shards of this process have been taken. */
  get taken(): boolean {
    return this.#next >= this.#mine.to;
  }
  /** The first shard of this process in the step under way. */
  get first(): number {
    return this.#mine.from;
  }
  /** What this process's sums come to before it meets the others: blocks of the tree. */
  get blocks(): number {
    return blocksOf(this.#mine, this.#count).length;
  }
  /** Shards of the step under way. */
  get count(): number {
    return this.#count;
  }
}

/** One run in each process: every run takes part in every sum. */
export class Everyone extends Shards {
  override take(): Block | undefined {
    this.begin(this.shards);
    return super.take();
  }
}

const NONE: Block = { from: 0, to: 0 };

/** A program that is cut where its runs meet. */
class Meeting implements Executable {
  readonly arenaBytes: number;
  readonly #segments: readonly Executable[];
  readonly #levels: readonly Level[];
  /** What a run keeps from one segment to the next. */
  readonly #crossing: readonly Storage[];
  /** Sets of storages for it. */
  readonly #kept: (readonly Storage[])[] = [];

  constructor(
    private readonly shards: Shards,
    on: Realizer,
    { segments, crossing }: Segments,
    private readonly varying: readonly Storage[],
  ) {
    const sums = segments.flatMap((s) => s.sums);
    this.#segments = segments.map((s) => on.prepare(s.updates, [...varying, ...crossing, ...sums]));
    this.#levels = segments.slice(0, -1).map((s, at) => shards.level(on, at, s.sums));
    this.#crossing = crossing;
    this.#kept.push(crossing);
    this.arenaBytes = Math.max(...this.#segments.map((segment) => segment.arenaBytes));
  }

  run(actual: readonly Storage[] = this.varying): Promise<void> | void {
    const shard = this.shards.take();
    const kept = this.#kept.pop() ?? this.#crossing.map(({ shape, dtype }) => makeStorage(shape, dtype));
    const go = (segment: number) =>
      this.#segments[segment].run([...actual, ...kept, ...this.#levels.flatMap((level) => level.set)]);
    const last: Run = { shard: shard ?? NONE, go, end: () => void this.#kept.push(kept) };
    if (shard !== undefined) this.shards.runs.push(last);
    const done = shard && this.#levels[0].accept(shard, () => go(0));
    return after(done, () => (this.shards.taken ? this.#meet(0, last) : undefined));
  }

  /** Meets the other runs, and does what comes after: every run the next segment, the last one what ends the step. */
  #meet(at: number, last: Run): Promise<void> | void {
    const next = this.#levels[at + 1];
    const { runs } = this.shards;
    return after(this.#levels[at].meet(), () => {
      if (next === undefined) {
        for (const run of new Set([...runs.splice(0), last])) run.end();
        return last.go(at + 1);
      }
      const done = runs.reduce<Promise<void> | void>(
        (before, { shard, go }) => after(before, () => next.accept(shard, () => go(at + 1))),
        undefined,
      );
      return after(done, () => this.#meet(at + 1, last));
    });
  }
}

/** Shards whose values are added up at once: more would read and write sums less often, and need more memory. */
const TOGETHER = 8;

/** One meeting of a program's runs: the values that are summed there. */
class Level {
  /** What holds a run's values, then their sums over all runs. */
  set: readonly Storage[];
  readonly #length: number;
  readonly #free: (readonly Storage[])[] = [];
  #held: Held[] = [];
  /** By the blocks of shards that are added up. */
  readonly #adds = new Map<string, Executable>();
  #sum: TreeSum | undefined;

  constructor(
    private readonly on: Realizer,
    private readonly sums: readonly Storage[],
    private readonly shards: Shards,
  ) {
    this.set = sums;
    this.#free.push(sums);
    this.#length = sums.reduce((n, { shape }) => n + sizeOf(shape), 0);
  }

  #take(): readonly Storage[] {
    return this.#free.pop() ?? this.sums.map(({ shape, dtype }) => makeStorage(shape, dtype));
  }

  /** Has a run leave its values for a shard, and adds them to those of the shards before it. */
  accept(shard: Block, run: () => Promise<void> | void): Promise<void> | void {
    // A step that failed may have left something.
    if (shard.from === this.shards.first) this.#free.push(...this.#held.splice(0).map((h) => h.set));
    const set = this.#take();
    this.set = set;
    return after(run(), () => {
      this.#held.push({ ...shard, set });
      return shard.to % TOGETHER === 0 || this.shards.taken ? this.#add() : undefined;
    });
  }

  /** Adds up what is held as far as the tree goes, in one program: each value is read once, and each sum written once. */
  #add(): Promise<void> | void {
    const { count } = this.shards;
    const held = this.#held;
    const left: Held[] = [];
    for (const next of held) fold(left, next, count, (a, b) => ({ ...a, to: b.to }));
    this.#held = left;
    if (left.length === held.length) return;
    const key = `${held.map(({ from, to }) => `${from}-${to}`)} of ${count}`;
    let adds = this.#adds.get(key);
    if (adds === undefined) this.#adds.set(key, (adds = this.#adding(held)));
    this.#free.push(...held.filter(({ set }) => !left.some((sum) => sum.set === set)).map(({ set }) => set));
    return adds.run(held.flatMap(({ set }) => set));
  }

  /** The program that leaves each sum in the first of the sets that it is of. */
  #adding(held: readonly Held[]): Executable {
    const sums: (Block & { first: Held; values: Node[] })[] = [];
    for (const first of held)
      fold(sums, { ...first, first, values: first.set.map(fromStorage) }, this.shards.count, (a, b) => ({
        ...a,
        to: b.to,
        values: a.values.map((value, i) => apply(elementwise.add, value, b.values[i])),
      }));
    const updates = sums
      .filter(({ first, to }) => first.to !== to)
      .flatMap(({ first, values }) => values.map((value, i) => ({ storage: first.set[i], value })));
    return this.on.prepare(
      updates,
      held.flatMap(({ set }) => set),
    );
  }

  /** Sums what all runs have left, here and in other processes. */
  meet(): Promise<void> | void {
    const { world, shards } = this.shards;
    const held = this.#held;
    this.#held = [];
    if (held.length !== this.shards.blocks) throw new DeviceError("shards: their programs sum different values");
    if (world === undefined || world.size === 1) {
      this.set = held[0].set;
      this.#free.push(this.set);
      return;
    }
    this.#sum ??= new TreeSum(world, this.#length);
    const sum = this.#sum;
    const reading = held.flatMap(({ set }, block) => this.#read(set, sum.own(block)));
    const spread = (): void => {
      const all = sum.sum(shards, this.shards.count);
      this.set = held[0]?.set ?? this.#take();
      this.#write(this.set, all);
      this.#free.push(...held.slice(1).map((h) => h.set), this.set);
    };
    return reading.length === 0 ? spread() : Promise.all(reading).then(spread);
  }

  /** Copies values one after the other; returns what has to be waited for. */
  #read(set: readonly Storage[], to: Float32Array): Promise<void>[] {
    const late: Promise<void>[] = [];
    let at = 0;
    for (const storage of set) {
      const start = at;
      at += sizeOf(storage.shape);
      const into = to.subarray(start, at);
      const now = this.on.readNow?.(storage, into);
      if (now !== undefined) {
        if (now !== into) into.set(now);
      } else late.push(Promise.resolve(this.on.read(storage)).then((values) => to.set(values, start)));
    }
    return late;
  }

  #write(set: readonly Storage[], from: Float32Array): void {
    let at = 0;
    for (const storage of set) this.on.write(storage, from.subarray(at, (at += sizeOf(storage.shape))));
  }
}
