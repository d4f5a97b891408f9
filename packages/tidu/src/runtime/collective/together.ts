// The shards of a process in one program, where that is faster: their inputs are copied side by side, and each kernel runs over
// all of them.
import "../../compile/together.js";
import { placeLike } from "../../compile/products.js";
import type { Segments } from "../../compile/segments.js";
import { type Storage, topologicalOrder } from "../../graph/node.js";
import { isStorage } from "../../graph/ops/index.js";
import type { Executable, Realizer } from "../../tensor/realizer.js";
import { isLocal, type Local } from "./transfer.js";

/** Makes the storages of a value of each run. */
const stack = (storages: readonly Storage[], count: number): Storage[] =>
  storages.map(({ shape, dtype }) => placeLike({ shape: [count, ...shape], dtype }));

/** Segments of a program for several shards at once. */
export class TogetherRuns {
  /** The storages of the inputs of all shards, and of what they keep between segments. */
  readonly inputs: readonly Storage[];
  readonly kept: readonly Storage[];
  /** Which inputs are read. */
  readonly #read: readonly number[];

  private constructor(
    private readonly on: Local,
    readonly segments: readonly Executable[],
    cut: Segments,
    varying: readonly Storage[],
    readonly count: number,
  ) {
    this.inputs = stack(varying, count);
    this.kept = stack(cut.crossing, count);
    const read = new Set(
      topologicalOrder(cut.segments.slice(0, -1).flatMap((s) => s.updates.map((u) => u.value))).map((node) =>
        isStorage(node) ? node.attrs : undefined,
      ),
    );
    this.#read = varying.flatMap((storage, i) => (read.has(storage) ? [i] : []));
  }

  /** The segments before the last meeting, for so many shards; undefined where they are better run one after the other. */
  static of(on: Realizer, cut: Segments, varying: readonly Storage[], count: number): TogetherRuns | undefined {
    if (!isLocal(on) || on.prepareTogether === undefined || count < 2) return undefined;
    const { segments, crossing } = cut;
    const given = [...varying, ...crossing, ...segments.flatMap((s) => s.sums)];
    const made: Executable[] = [];
    for (const { updates, sums } of segments.slice(0, -1)) {
      const program = on.prepareTogether(updates, given, {
        count,
        stacked: new Set([...varying, ...crossing, ...sums]),
      });
      if (program === undefined) return undefined;
      made.push(program);
    }
    return new TogetherRuns(on, made, cut, varying, count);
  }

  /** Copies a shard's inputs to its place. */
  put(actual: readonly Storage[], slot: number): Promise<void> | void {
    const own = this.#read.map((i) => actual[i]);
    const all = this.#read.map((i) => this.inputs[i]);
    return this.on.inPlace([...own, ...all], (...memory) => {
      for (let i = 0; i < own.length; i++) {
        const values = memory[i];
        memory[own.length + i].set(values as never, slot * values.length);
      }
    });
  }
}
