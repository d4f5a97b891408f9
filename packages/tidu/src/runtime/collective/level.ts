// A place of a step where its runs meet: the values of shards are added there, over one fixed tree.
import { affineMap } from "../../base/affine.js";
import { DeviceError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import {
  addTerms,
  type Product,
  placeLike,
  stackedSum,
  sumOfTerm,
  type Term,
  withFactors,
} from "../../compile/products.js";
import "../../codegen/tree.js";
import type { Node, Storage } from "../../graph/node.js";
import { fromStorage, isStorage, view } from "../../graph/ops/index.js";
import type { Executable, Realizer } from "../../tensor/realizer.js";
import { after } from "./after.js";
import type { Communicator } from "./communicator.js";
import { TreeSum } from "./sum.js";
import { readInto, writeFrom } from "./transfer.js";
import { type Block, fold } from "./tree.js";

/** The storages that hold the values of a block of shards. */
export interface Held extends Block {
  readonly set: readonly Storage[];
  /** Of a single shard: the factors that it left in place of some of the sums. */
  readonly products?: readonly (Product | undefined)[];
  /** Of a shard that ran together with others: its place in storages that hold the values of all of them. */
  readonly slot?: number;
}

/** Shards whose values are added up at once: more would read and write sums less often, and need more memory. */
export const TOGETHER = 8;

/** What a storage holds for a shard. */
const valueIn = ({ slot }: Held, storage: Storage): Node => {
  const all = fromStorage(storage);
  if (slot === undefined) return all;
  const map = affineMap(all.shape.slice(1), all.shape, (d) =>
    d === 0 ? { offset: slot, terms: [] } : { offset: 0, terms: [[d - 1, 1]] },
  );
  return view(all, map);
};

const termsOf = (held: Held): readonly Term[] =>
  held.set.map((storage, i) => {
    const product = held.products?.[i];
    return product === undefined ? valueIn(held, storage) : [withFactors(product, (f) => valueIn(held, f))];
  });

/** All storages that an adding program reads or writes. */
export const storagesOf = (held: readonly Held[]): Storage[] => [
  ...new Set(held.flatMap(({ set, products = [] }) => [...set, ...products.flatMap((p) => p?.factors ?? [])])),
];

/** Distinguishes blocks by their shards and by which of their sums are factors. */
export const keyOf = (held: readonly Held[], count: number): string =>
  JSON.stringify([
    count,
    held.map((h) => [h.from, h.to, h.slot, h.products?.map((p) => p?.factors.map((f) => f.shape))]),
  ]);

/** The sums of the held blocks as far as the tree over `count` shards allows. */
export function sumsOf(held: readonly Held[], count: number): (Block & { terms: readonly Term[] })[] {
  const sums: (Block & { terms: readonly Term[] })[] = [];
  for (const next of held)
    fold(sums, { from: next.from, to: next.to, terms: termsOf(next) }, count, (a, b) => ({
      ...a,
      to: b.to,
      terms: a.terms.map((term, i) => addTerms(term, b.terms[i])),
    }));
  return sums;
}

/** The sums over all shards of a step: products of shards that ran together, of their factors as they lie. */
export function totalsOf(held: readonly Held[], count: number): Node[] {
  const [{ terms }] = sumsOf(held, count);
  const together = held.every(({ slot }, i) => slot === i);
  return terms.map((term, i) => {
    const product = together ? held[0].products?.[i] : undefined;
    return product === undefined ? sumOfTerm(term) : stackedSum(product, product.factors);
  });
}

/** The current step, of a fixed number of shards divided among processes. */
export interface Step {
  readonly shards: number;
  readonly world?: Communicator;
  /** The number of shards that have samples in this step. */
  readonly count: number;
  /** The first of this process, whether all of this process have been taken, and how many blocks of the tree they are. */
  readonly first: number;
  readonly taken: boolean;
  readonly blocks: number;
}

/** One meeting of a program's runs: the values that are summed there. */
export class Level {
  /** The storages of a run's values, and then of their sums over all runs. */
  set: readonly Storage[];
  readonly #length: number;
  readonly #free: (readonly Storage[])[] = [];
  /** Storages for the values of shards that run together. */
  #stacked: readonly Storage[] = [];
  #held: Held[] = [];
  /** By the blocks of shards that are added up. */
  readonly #adds = new Map<string, Executable>();
  #sum: TreeSum | undefined;

  constructor(
    private readonly on: Realizer,
    private readonly sums: readonly Storage[],
    private readonly shards: Step,
  ) {
    this.set = sums;
    this.#free.push(sums);
    this.#length = sums.reduce((n, { shape }) => n + sizeOf(shape), 0);
  }

  #take(): readonly Storage[] {
    return this.#free.pop() ?? this.sums.map(placeLike);
  }

  #release(held: readonly Held[]): void {
    this.#free.push(...held.flatMap(({ set, slot }) => (slot === undefined ? [set] : [])));
  }

  /**
   * Makes a run store its values, and adds them to those of the shards before it.
   *
   * @param shards those that run: one, or several together, each with a slot in the storages of all.
   * @param adds whether they are added here; otherwise they are kept for `give`.
   */
  accept({ from, to, products }: Omit<Held, "set">, together: boolean, adds: boolean, run: () => Promise<void> | void) {
    // A failed step may have left values.
    if (from === this.shards.first) this.#release(this.#held.splice(0));
    const set = together ? this.#takeStacked(to - from) : this.#take();
    this.set = set;
    return after(run(), () => {
      for (let shard = from; shard < to; shard++)
        this.#held.push({ from: shard, to: shard + 1, set, products, slot: together ? shard - from : undefined });
      return adds && (to % TOGETHER === 0 || this.shards.taken) ? this.#add() : undefined;
    });
  }

  #takeStacked(count: number): readonly Storage[] {
    if (this.#stacked.length === 0)
      this.#stacked = this.sums.map(({ shape, dtype }) => placeLike({ shape: [count, ...shape], dtype }));
    return this.#stacked;
  }

  /**
   * Adds the held blocks as far as the tree allows, in one program: each value is read once, and each sum written once.
   */
  #add(): Promise<void> | void {
    const { count } = this.shards;
    const held = this.#held;
    const left: Held[] = [];
    for (const { products, ...next } of held) fold(left, next, count, (a, b) => ({ ...a, to: b.to }));
    const isSum = ({ slot, products }: Held) => slot === undefined && products?.every((p) => p === undefined) !== false;
    if (left.length === held.length && held.every(isSum)) return;
    this.#held = left.map(({ from, to, set, slot }) => ({ from, to, set: slot === undefined ? set : this.#take() }));
    const sums = this.#held.map(({ set }) => set);
    const key = keyOf(held, count);
    let adds = this.#adds.get(key);
    if (adds === undefined) this.#adds.set(key, (adds = this.#adding(held, sums)));
    this.#release(held.filter(({ set }) => !sums.includes(set)));
    return adds.run([...storagesOf(held), ...sums.flat()]);
  }

  /** The values of all shards of a step, which are added elsewhere; they stay until the next step. */
  give(count: number): readonly Held[] {
    const held = this.#takeHeld(count);
    this.#release(held);
    return held;
  }

  /** The program that leaves sums in these storages. */
  #adding(held: readonly Held[], sums: readonly (readonly Storage[])[]): Executable {
    const updates = sumsOf(held, this.shards.count)
      .flatMap(({ terms }, n) => terms.map((term, i) => ({ storage: sums[n][i], value: sumOfTerm(term) })))
      .filter(({ storage, value }) => !(isStorage(value) && value.attrs === storage));
    return this.on.prepare(updates, [...storagesOf(held), ...sums.flat()]);
  }

  /** Sums the values of all runs, here and in other processes. */
  meet(): Promise<void> | void {
    const { world, shards } = this.shards;
    const held = this.#takeHeld(this.shards.blocks);
    if (world === undefined || world.size === 1) {
      this.set = held[0].set;
      this.#free.push(this.set);
      return;
    }
    this.#sum ??= new TreeSum(world, this.#length);
    const sum = this.#sum;
    let reading: Promise<void> | undefined;
    held.forEach(({ set }, block) => {
      reading = after(reading, () => readInto(this.on, set, sum.own(block))) ?? undefined;
    });
    return after(reading, () => {
      const all = sum.sum(shards, this.shards.count);
      this.set = held[0]?.set ?? this.#take();
      writeFrom(this.on, this.set, all);
      this.#free.push(...held.slice(1).map((h) => h.set), this.set);
    });
  }

  #takeHeld(expected: number): Held[] {
    const held = this.#held;
    this.#held = [];
    if (held.length !== expected) throw new DeviceError("shards: their programs sum different values");
    return held;
  }
}
