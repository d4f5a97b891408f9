// Sums over the shards of all processes: each process gets its slice from all, adds in the tree's order, and sends the
// sums back.
import type { Communicator } from "./communicator.js";
import { room } from "./transfer.js";
import { type Block, blocksOf, fold, shardsOf, within } from "./tree.js";

/** Sums `length` floats over all shards, as often as asked. */
export class TreeSum {
  readonly #world: Communicator;
  readonly #length: number;
  /** How many floats each process adds up. */
  readonly #parts: readonly number[];
  /** The blocks of this process, one after the other. */
  #own: Float32Array[] = [];
  #received = room(0);
  readonly #all: Float32Array;

  constructor(world: Communicator, length: number) {
    this.#world = world;
    this.#length = length;
    const edge = (rank: number): number => Math.floor((rank * length) / world.size);
    this.#parts = Array.from({ length: world.size }, (_, rank) => edge(rank + 1) - edge(rank));
    this.#all = room(length);
  }

  /** Where this process puts the sum of its nth block. */
  own(n: number): Float32Array {
    this.#own[n] ??= room(this.#length);
    return this.#own[n];
  }

  /** The sum over the first `count` of the shards, from all processes' blocks. */
  sum(shards: number, count: number): Float32Array {
    const { rank, size } = this.#world;
    const blocks = Array.from({ length: size }, (_, r) => blocksOf(within(shardsOf(r, size, shards), count), count));
    const mine = this.#parts[rank];
    const rounds = Math.max(...blocks.map((b) => b.length));
    const total = blocks.reduce((n, b) => n + b.length, 0);
    if (this.#received.length < total * mine) this.#received = room(total * mine);
    const held: (Block & { values: Float32Array })[][] = blocks.map(() => []);
    let at = 0;
    for (let round = 0; round < rounds; round++) {
      const has = (r: number): boolean => round < blocks[r].length;
      const start = at;
      blocks.forEach((list, r) => {
        if (has(r)) held[r].push({ ...list[round], values: this.#received.subarray(at, (at += mine)) });
      });
      this.#world.exchange(
        has(rank) ? this.own(round) : this.#all,
        has(rank) ? this.#parts : this.#parts.map(() => 0),
        this.#received.subarray(start, at),
        blocks.map((_, r) => (has(r) ? mine : 0)),
      );
    }
    const stack: (Block & { values: Float32Array })[] = [];
    for (const block of held.flat()) fold(stack, block, count, added);
    this.#world.collect({ part: stack[0].values, all: this.#all, counts: this.#parts });
    return this.#all;
  }
}

/** Adds the second to the first, in float32. */
function added<T extends Block & { values: Float32Array }>(left: T, right: T): T {
  const [into, from] = [left.values, right.values];
  for (let i = 0; i < into.length; i++) into[i] += from[i];
  return { ...left, to: right.to };
}
