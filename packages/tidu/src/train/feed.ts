import type { Batch, BatchProvider } from "../data/batches.js";
import { overwrite } from "../tensor/compile.js";
import { type Tensor, tensor } from "../tensor/tensor.js";

/** Brings batches into the engine, where each batch size has its own tensors, filled again for every batch. */
export class Feed {
  readonly #tensors = new Map<string, Tensor[]>();

  constructor(readonly data: BatchProvider) {}

  /**
   * What a step is given for a batch, good until the next call with the same `place`: call the step before anything else may
   * come between.
   */
  load({ arrays, samples }: Batch, place = 0): readonly Tensor[] {
    const key = `${place} ${samples.length}`;
    const known = this.#tensors.get(key);
    if (known !== undefined) {
      known.forEach((t, i) => overwrite(t, arrays[i]));
      return known;
    }
    const made = this.data.types(samples.length).map(({ shape }, i) => tensor(arrays[i], shape));
    this.#tensors.set(key, made);
    return made;
  }
}
