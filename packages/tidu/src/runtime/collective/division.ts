// The end of a step whose large sums are divided: of each of them, or of the variable that gets it, a process makes some rows
// from the factors of all shards.
import { sizeOf } from "../../base/shape.js";
import { type Divided, type Division, divide } from "../../compile/divided.js";
import { type Product, placeLike } from "../../compile/products.js";
import type { Segment, Segments } from "../../compile/segments.js";
import type { Storage } from "../../graph/node.js";
import type { Executable, Realizer } from "../../tensor/realizer.js";
import { after } from "./after.js";
import type { Communicator } from "./communicator.js";
import type { Level } from "./level.js";
import { Gathering, gatherAll, isLocal, type Local } from "./transfer.js";
import { shardsOf } from "./tree.js";

/** Rows that this process makes, and what they need from others. */
interface Rows {
  readonly of: Divided;
  readonly own: Storage;
  /** Of the factors, and of the rows. */
  readonly factors: readonly Gathering[];
  readonly rows: Gathering;
}

/** The last meeting of a program and what follows it, for steps whose shards are all of one size. */
export class DividedEnding {
  /** Where the sums meet that are not divided. */
  readonly level: Level;
  readonly #sums: readonly Storage[];
  readonly #rows: readonly Rows[];
  readonly #make: Executable;
  readonly #last: Executable;

  private constructor(
    private readonly on: Local,
    private readonly world: Communicator,
    shards: number,
    { sums }: Segment,
    parts: Division,
    levelOf: (sums: readonly Storage[]) => Level,
    varying: readonly Storage[],
  ) {
    const { divided, rest } = parts;
    this.#sums = sums;
    this.level = levelOf(sums.filter((sum) => !divided.some((d) => d.sum === sum)));
    const ranges = (count: number) =>
      Array.from({ length: world.size }, (_, rank) => shardsOf(rank, world.size, count));
    const gathering = (whole: Storage, count: number) => {
      const each = sizeOf(whole.shape) / count;
      return new Gathering(
        whole,
        ranges(count).map(({ from, to }) => (to - from) * each),
      );
    };
    const values = divided.map((of) => {
      const { from, to } = ranges(of.sum.shape[0])[world.rank];
      return of.rows(from, to);
    });
    this.#rows = divided.map((of, i) => ({
      of,
      own: placeLike(values[i]),
      factors: of.stacked.map((whole) => gathering(whole, shards)),
      rows: gathering(of.whole, of.sum.shape[0]),
    }));
    this.#make = on.prepare(
      this.#rows.map(({ own }, i) => ({ storage: own, value: values[i] })),
      varying,
    );
    this.#last = on.prepare(rest, varying);
  }

  /**
   * The ending of a program, if any of its last sums is to be divided.
   *
   * @param varying the storages that its parts are called with.
   * @param differing those of them that differ between runs.
   */
  static of(
    on: Realizer,
    world: Communicator,
    shards: number,
    { segments, products }: Segments,
    levelOf: (sums: readonly Storage[]) => Level,
    varying: readonly Storage[],
    differing: readonly Storage[],
  ): DividedEnding | undefined {
    const [before, last] = segments.slice(-2);
    const own = new Map([...products].filter(([sum]) => before.sums.includes(sum)));
    const parts = divide(last.updates, own, shards, world.size, differing);
    if (parts.divided.length === 0 || !isLocal(on)) return undefined;
    return new DividedEnding(on, world, shards, before, parts, levelOf, varying);
  }

  /** Those of a run's products that are not divided, in the order of the level's sums. */
  kept<T>(left: readonly T[]): readonly T[] {
    return left.filter((_, i) => !this.#rows.some(({ of }) => of.sum === this.#sums[i]));
  }

  /** Where the last segment finds all sums. */
  get set(): readonly Storage[] {
    const plain = [...this.level.set];
    return this.#sums.map((sum) => (this.#rows.some(({ of }) => of.sum === sum) ? sum : (plain.shift() as Storage)));
  }

  /**
   * Ends a step.
   *
   * @param left the products of each run of this process, by sum.
   * @param given the storages that the programs are called with.
   */
  run(left: readonly (readonly (Product | undefined)[])[], given: () => readonly Storage[]): Promise<void> | void {
    let done = this.level.meet();
    const then = (next: () => Promise<void> | void): void => {
      done = after(done, next);
    };
    const gathered = this.#rows.flatMap(({ of, factors }) => {
      const products = left.map((list) => list[this.#sums.indexOf(of.sum)] as Product);
      return factors.map((to, side) => ({ to, parts: products.map((p) => p.factors[side]) }));
    });
    then(() => gatherAll(this.world, this.on, gathered));
    then(() => this.#make.run(given()));
    // Variables change last, since the last segment may read what they held.
    then(() => this.#spread(({ whole, sum }) => whole === sum));
    then(() => this.#last.run(given()));
    then(() => this.#spread(({ whole, sum }) => whole !== sum));
    return done;
  }

  #spread(which: (of: Divided) => boolean): Promise<void> | void {
    const rows = this.#rows.filter(({ of }) => which(of)).map(({ own, rows }) => ({ to: rows, parts: [own] }));
    return gatherAll(this.world, this.on, rows);
  }
}
