import { overwrite } from "../tensor/compile.js";
import { type Tensor, tensor } from "../tensor/tensor.js";

/** One tensor of sample numbers for each batch size, filled again for every batch. */
export class Batches {
  readonly #tensors = new Map<number, Tensor>();

  /** Sample numbers as a tensor, i32 [samples], good until the next call. */
  async load(rows: Int32Array): Promise<Tensor> {
    let indices = this.#tensors.get(rows.length);
    if (indices === undefined) {
      indices = await tensor(rows).realize();
      this.#tensors.set(rows.length, indices);
    } else overwrite(indices, rows);
    return indices;
  }
}
