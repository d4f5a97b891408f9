import type { Batch, BatchProvider } from "../data/batches.js";
import { overwrite } from "../tensor/compile.js";
import { type Realizer, within } from "../tensor/realizer.js";
import { type Tensor, tensor } from "../tensor/tensor.js";

/** Copies batches into the engine, where each batch size has its own tensors, refilled for every batch. */
export class Feed {
  readonly #tensors = new Map<string, Tensor[]>();

  constructor(
    readonly data: BatchProvider,
    /** The device for the batches, if not the one in use. */
    readonly device?: Realizer,
  ) {}

  /**
   * A step's inputs for a batch, valid until the next call with the same `place`: call the step before anything else
   * can run.
   */
  load({ arrays, samples }: Batch, place = 0): readonly Tensor[] {
    const key = `${place} ${samples.length}`;
    const known = this.#tensors.get(key);
    if (known !== undefined) {
      within(this.device, () => known.forEach((t, i) => overwrite(t, arrays[i])));
      return known;
    }
    const made = this.data.types(samples.length).map(({ shape }, i) => tensor(arrays[i], shape));
    this.#tensors.set(key, made);
    return made;
  }
}
