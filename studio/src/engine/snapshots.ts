// Kept epochs of a run, to go back to.
import { type Tensor, tensor, type Variable } from "tidu";
import type { EpochResult } from "./protocol.js";

type Values = Awaited<ReturnType<Tensor["data"]>>;

/** The values of a training's variables at the end of an epoch. */
export interface Snapshot {
  readonly values: readonly Values[];
  /** What the epoch came to; none for the beginning. */
  readonly result?: EpochResult;
}

/** Most epochs that are kept, and most bytes; two are kept in any case. Of a training that rests, few. */
const MOST = 128;
const BYTES = 2 ** 28;
const FEW = 8;

/** What variables held after epochs: of a long training every second, fourth, … epoch. */
export class Snapshots {
  readonly #saved = new Map<number, Snapshot>();
  #every = 1;

  async save(epoch: number, variables: readonly Variable[], result?: EpochResult): Promise<void> {
    if (epoch % this.#every !== 0) return;
    const values: Values[] = [];
    for (const variable of variables) values.push((await variable.data()).slice());
    this.#saved.set(epoch, { values, result });
    const size = values.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
    if (this.#saved.size > Math.min(MOST, Math.max(2, BYTES / size))) this.#halve();
  }

  /** Gives the variables back what they held after the last epoch up to `epoch` that is kept; the beginning always is. */
  restore(epoch: number, variables: readonly Variable[]): { readonly epoch: number; readonly snapshot: Snapshot } {
    const kept = Math.max(...[...this.#saved.keys()].filter((saved) => saved <= epoch));
    const snapshot = this.#saved.get(kept) as Snapshot;
    variables.forEach((variable, i) => {
      // What an optimizer remembers is made by its first step, and is 0 before.
      const values = snapshot.values[i]?.slice() ?? blank(variable);
      variable.assign(tensor(values, variable.shape));
    });
    return { epoch: kept, snapshot };
  }

  forgetAfter(epoch: number): void {
    for (const saved of this.#saved.keys()) if (saved > epoch) this.#saved.delete(saved);
  }

  keepFew(): void {
    while (this.#saved.size > FEW) this.#halve();
  }

  #halve(): void {
    this.#every *= 2;
    for (const old of this.#saved.keys()) if (old % this.#every !== 0) this.#saved.delete(old);
  }
}

const blank = ({ dtype, size }: Variable): Values => (dtype === "i32" ? new Int32Array(size) : new Float32Array(size));
