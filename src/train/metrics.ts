import { type Tensor, tensor } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";

/** Sums over an epoch, kept in engine memory and added to by the compiled step. */
export class Totals {
  /** Loss × samples, right answers, samples, the last batch's loss, penalty × samples. */
  readonly #sums = new Variable(tensor([0, 0, 0, 0, 0]), "totals");

  /** Adds a batch inside a compiled step. */
  add(loss: Tensor, right: Tensor | undefined, penalty: Tensor | undefined, count: number): void {
    const row = (values: (Tensor | number)[]): Tensor =>
      values
        .map((v, i) => (typeof v === "number" ? tensor([v]) : v.reshape([1])).pad([[i, values.length - 1 - i]]))
        .reduce((sum, v) => sum.add(v));
    const batch = row([loss.mul(count), right ?? 0, count, loss, (penalty ?? tensor(0)).mul(count)]);
    const keep = tensor([1, 1, 1, 0, 1]);
    this.#sums.assign(this.#sums.mul(keep).add(batch));
  }

  reset(): void {
    this.#sums.assign(tensor([0, 0, 0, 0, 0]));
  }

  async read(): Promise<{ loss: number; accuracy: number; samples: number; lastLoss: number; penalty: number }> {
    const [loss, right, samples, lastLoss, penalty] = await this.#sums.data();
    const n = Math.max(1, samples);
    return { loss: loss / n, accuracy: right / n, samples, lastLoss, penalty: penalty / n };
  }
}

/** How many samples the network puts into the right class: a number, for targets that are class numbers. */
export function countRight(output: Tensor, target: Tensor): Tensor | undefined {
  if (target.dtype === "f32" || output.rank !== 2 || target.rank !== 1) return undefined;
  return output.argmax(1).eq(target).toFloat().sum();
}
