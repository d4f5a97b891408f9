import { type Tensor, tensor, type Variable } from "tidu";

type Values = Awaited<ReturnType<Tensor["data"]>>;

/** What a training's variables held at the end of an epoch. */
interface Snapshot {
  readonly values: readonly Values[];
}

/** Most epochs that are kept. */
const MOST = 128;

/** What variables held after epochs: of a long training every second, fourth, … epoch. */
export class Snapshots {
  readonly #saved = new Map<number, Snapshot>();
  #every = 1;

  /** Epochs that can be gone back to. */
  get epochs(): number[] {
    return [...this.#saved.keys()].sort((a, b) => a - b);
  }

  async save(epoch: number, variables: readonly Variable[]): Promise<void> {
    if (epoch % this.#every !== 0) return;
    const values: Values[] = [];
    for (const variable of variables) values.push((await variable.data()).slice());
    this.#saved.set(epoch, { values });
    if (this.#saved.size <= MOST) return;
    this.#every *= 2;
    for (const old of this.#saved.keys()) if (old % this.#every !== 0) this.#saved.delete(old);
  }

  /** Gives the variables back what they held. False if that epoch is not kept. */
  restore(epoch: number, variables: readonly Variable[]): boolean {
    const snapshot = this.#saved.get(epoch);
    if (snapshot === undefined) return false;
    variables.forEach((variable, i) => {
      // What an optimiser remembers is made by its first step, and is 0 before.
      const values = snapshot.values[i]?.slice() ?? blank(variable);
      variable.assign(tensor(values, variable.shape));
    });
    return true;
  }
}

const blank = ({ dtype, size }: Variable): Values => (dtype === "i32" ? new Int32Array(size) : new Float32Array(size));
