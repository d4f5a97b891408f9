// Runs of one program that sum values: one after the other for the shards of a batch in this process, and in other
// processes.
import { UnsupportedError } from "../../base/errors.js";
import { type Product, placeLike, withFactors } from "../../compile/products.js";
import { cutSegments, type Segment, type Segments, withValues } from "../../compile/segments.js";
import { type Storage, topologicalOrder } from "../../graph/node.js";
import { isCollective } from "../../graph/ops/index.js";
import type { Executable, Realizer, Team, Update } from "../../tensor/realizer.js";
import { CompilingDevice } from "../device.js";
import { after } from "./after.js";
import type { Communicator } from "./communicator.js";
import { DividedEnding } from "./division.js";
import { type Held, keyOf, Level, storagesOf, TOGETHER, totalsOf } from "./level.js";
import { TogetherRuns } from "./together.js";
import { type Block, blocksOf, shardsOf, within } from "./tree.js";

/** The run of a shard in the current step, or of several together. */
interface Run {
  readonly shard: Block;
  readonly together: boolean;
  /** The storages that its program takes: those given, those kept, and the sums so far. */
  given(): readonly Storage[];
  /** Runs a segment of its program. */
  go(segment: number): Promise<void> | void;
  /** The factors that it left there, by sum. */
  left(segment: number): readonly (Product | undefined)[];
  /** Releases the storages kept between segments. */
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
  /** The number of shards that have samples in the current step, and those of them in this process. */
  #count = 0;
  #alike = false;
  #mine: Block = { from: 0, to: 0 };
  #next = 0;
  /** The runs of this process in the current step, maybe of programs for shards of different sizes. */
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

  /**
   * Begins a step on the first `count` shards; returns those that are to be run here. Without any there is one run, of
   * no shard.
   *
   * @param alike whether these are of one size, in all processes.
   */
  begin(count: number, alike = false): Block {
    this.#count = count;
    this.#alike = alike && count === this.shards;
    this.#mine = within(this.own, count);
    this.#next = this.#mine.from;
    // A failed step may have left some.
    for (const run of this.runs.splice(0)) run.end();
    return this.#mine;
  }

  prepare(on: Realizer, updates: readonly Update[], varying: readonly Storage[], own: readonly Update[]): Executable {
    // With one shard, sums are those of a step without shards; and only code for processors adds in the order of a
    // tree.
    const cut = cutSegments(updates, varying, own, on instanceof CompilingDevice && this.shards > 1);
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

  /** Whether this process has all shards. */
  get alone(): boolean {
    return this.world === undefined || this.world.size === 1;
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
  /** The number of blocks of the tree that this process's sums make up before it meets the others. */
  get blocks(): number {
    return blocksOf(this.#mine, this.#count).length;
  }
  /** Whether all shards take part in the step under way, and are of one size. */
  get alike(): boolean {
    return this.#alike;
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
  /** Without the last one where the ending adds the values itself. */
  readonly #segments: readonly Executable[];
  readonly #levels: readonly Level[];
  /** The storages that a run keeps between segments. */
  readonly #crossing: readonly Storage[];
  /** By segment and sum: the product of kept factors that replaces it, if any. */
  readonly #products: readonly (readonly (Product | undefined)[])[];
  /** Free sets of storages for it. */
  readonly #kept: (readonly Storage[])[] = [];
  readonly #last: Segment;
  /** All sums, and those that the last segment takes. */
  readonly #sums: readonly Storage[];
  readonly #lastSums: readonly Storage[];
  /**
   * The programs that end a step and add its sums themselves, by the blocks that are added; not set where sums are made
   * before.
   */
  readonly #endings: Map<string, Executable> | undefined;
  /** The end of steps whose shards are alike, if processes divide sums there; made when the first such step comes. */
  #divided: { readonly ending: DividedEnding | undefined } | undefined;
  /** All of this process's shards in one program, for such steps; made when the first one comes. */
  #together: { readonly runs: TogetherRuns | undefined } | undefined;

  constructor(
    private readonly shards: Shards,
    private readonly on: Realizer,
    private readonly cut: Segments,
    private readonly varying: readonly Storage[],
  ) {
    const { segments, crossing, products } = cut;
    this.#last = segments[segments.length - 1];
    this.#sums = segments.flatMap((s) => s.sums);
    this.#lastSums = segments[segments.length - 2].sums;
    this.#crossing = crossing;
    this.#products = segments.map((s) => s.sums.map((sum) => products.get(sum)));
    this.#endings = shards.alone && shards.shards <= TOGETHER ? new Map() : undefined;
    const apart = this.#endings === undefined ? segments : segments.slice(0, -1);
    this.#segments = apart.map((s) => on.prepare(s.updates, [...varying, ...crossing, ...this.#sums]));
    this.#levels = segments.slice(0, -1).map((s, at) => shards.level(on, at, s.sums));
    this.#kept.push(crossing);
    const all = [...this.#segments];
    if (this.#endings !== undefined) {
      const products = this.#left(this.#levels.length - 1, crossing);
      const held = Array.from(
        { length: shards.shards },
        (_, from): Held => ({
          from,
          to: from + 1,
          set: this.#lastSums.map(placeLike),
          products: products.map((p) => p && withFactors(p, placeLike)),
        }),
      );
      all.push(this.#ending(held, shards.shards));
    }
    this.arenaBytes = Math.max(...all.map((segment) => segment.arenaBytes));
  }

  /** The factors that a run leaves for sums that are products. */
  #left(segment: number, kept: readonly Storage[]): readonly (Product | undefined)[] {
    return this.#products[segment].map((p) => p && withFactors(p, (f) => kept[this.#crossing.indexOf(f)]));
  }

  /** The last segment, which also adds the held blocks. */
  #ending(held: readonly Held[], count: number): Executable {
    const endings = this.#endings as Map<string, Executable>;
    const key = keyOf(held, count);
    let known = endings.get(key);
    if (known !== undefined) return known;
    const places = new Map(storagesOf(held).map((storage) => [storage, placeLike(storage)]));
    const placeOf = (storage: Storage) => places.get(storage) as Storage;
    const standIns = held.map((h): Held => {
      const products = h.products?.map((p) => p && withFactors(p, placeOf));
      return { ...h, set: h.set.map(placeOf), products };
    });
    const totals = totalsOf(standIns, count);
    const sums = new Map(this.#lastSums.map((sum, i) => [sum, totals[i]]));
    const updates = withValues(this.#last.updates, sums);
    known = this.on.prepare(updates, [...this.varying, ...this.#crossing, ...this.#sums, ...storagesOf(standIns)]);
    endings.set(key, known);
    return known;
  }

  run(actual: readonly Storage[] = this.varying): Promise<void> | void {
    const shard = this.shards.take();
    const kept = this.#kept.pop() ?? this.#crossing.map(placeLike);
    const given = () => [...actual, ...kept, ...this.#sets()];
    const go = (segment: number) => this.#segments[segment].run(given());
    const left = (segment: number) => this.#left(segment, kept);
    const last: Run = { shard: shard ?? NONE, together: false, given, go, left, end: () => void this.#kept.push(kept) };
    const done = shard && this.#start(last, shard, actual);
    return after(done, () => (this.shards.taken ? this.#meet(0, last) : undefined));
  }

  /** Where sums are: those of earlier meetings, and those that are left now. */
  #sets(): readonly Storage[] {
    return this.#levels.flatMap((level, at) => this.#dividedAt(at)?.set ?? level.set);
  }

  /** Runs the first segment for a shard, or for all of this process with the last of them. */
  #start(run: Run, shard: Block, actual: readonly Storage[]): Promise<void> | void {
    const { runs, first, taken } = this.shards;
    const together = this.#runsTogether();
    if (together === undefined) {
      runs.push(run);
      return this.#accept(0, run);
    }
    return after(together.put(actual, shard.from - first), () => {
      if (!taken) return run.end();
      const given = () => [...together.inputs, ...together.kept, ...this.#sets()];
      const all: Run = {
        shard: { from: first, to: shard.to },
        together: true,
        given,
        go: (segment) => together.segments[segment].run(given()),
        left: (segment) => this.#left(segment, together.kept),
        end: () => {},
      };
      runs.push(all);
      return this.#accept(0, all);
    });
  }

  /** The program for all of this process's shards, in a step in which they are alike. */
  #runsTogether(): TogetherRuns | undefined {
    const { alike, own } = this.shards;
    if (!alike) return undefined;
    this.#together ??= { runs: TogetherRuns.of(this.on, this.cut, this.varying, own.to - own.from) };
    return this.#together.runs;
  }

  /** The ending of the step under way, if that comes after this meeting and is divided. */
  #dividedAt(at: number): DividedEnding | undefined {
    const { world, alone, alike } = this.shards;
    if (at < this.#levels.length - 1 || world === undefined || alone || !alike) return undefined;
    const own = [...this.varying, ...this.#crossing];
    const levelOf = (sums: readonly Storage[]) => this.shards.level(this.on, at, sums);
    this.#divided ??= {
      ending: DividedEnding.of(this.on, world, this.shards.shards, this.cut, levelOf, [...own, ...this.#sums], own),
    };
    return this.#divided.ending;
  }

  #accept(at: number, { shard, together, go, left }: Run): Promise<void> | void {
    const ends = this.#endings !== undefined && at === this.#levels.length - 1;
    const divided = this.#dividedAt(at);
    const products = divided?.kept(left(at)) ?? left(at);
    const level = divided?.level ?? this.#levels[at];
    return level.accept({ ...shard, products }, together, !ends, () => go(at));
  }

  /** Meets the other runs and goes on: each run with the next segment, the last one with the end of the step. */
  #meet(at: number, last: Run): Promise<void> | void {
    const { runs } = this.shards;
    const ends = at === this.#levels.length - 1;
    const over = (): void => {
      for (const run of new Set([...runs.splice(0), last])) run.end();
    };
    if (ends && this.#endings !== undefined) {
      const held = this.#levels[at].give(this.shards.count);
      over();
      return this.#ending(held, this.shards.count).run([...last.given(), ...storagesOf(held)]);
    }
    const divided = this.#dividedAt(at);
    if (divided !== undefined) {
      const left = runs.map((run) => run.left(at));
      return after(divided.run(left, last.given), over);
    }
    return after(this.#levels[at].meet(), () => {
      if (ends) {
        over();
        return last.go(at + 1);
      }
      const done = runs.reduce<Promise<void> | void>(
        (before, run) => after(before, () => this.#accept(at + 1, run)),
        undefined,
      );
      return after(done, () => this.#meet(at + 1, last));
    });
  }
}
