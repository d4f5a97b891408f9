import type { Augmentation, Augmented } from "../augment/augmentation.js";
import type { BatchProvider } from "../data/batches.js";
import type { Tensor } from "../tensor/tensor.js";

/** A batch as a step sees it: inputs of the network, targets, and what the targets became where samples were mixed. */
export interface StepBatch {
  readonly x: Tensor | readonly Tensor[];
  readonly t: Tensor | readonly Tensor[];
  readonly targets: Augmented["targets"];
}

/** Reads what a step was given, its stored inputs changed by an augmentation if there is one. */
export function readBatch(data: BatchProvider, given: readonly Tensor[], augment: Augmentation | undefined): StepBatch {
  let targets: Augmented["targets"] = (of) => of;
  const change = (inputs: Tensor): Tensor => {
    if (augment === undefined) return inputs;
    const changed = augment.apply(inputs);
    targets = changed.targets;
    return changed.images;
  };
  return { ...data.read(given, change), targets };
}
