// Reads a batch inside a compiled step.
import type { Augmentation, Augmented } from "../augment/augmentation.js";
import type { BatchProvider } from "../data/batches.js";
import type { Tensor } from "../tensor/tensor.js";

/** A batch inside a step: the network's inputs, the targets, and the mixed targets where samples were mixed. */
export interface StepBatch {
  readonly x: Tensor | readonly Tensor[];
  readonly t: Tensor | readonly Tensor[];
  readonly targets: Augmented["targets"];
}

/** Reads a step's inputs; an augmentation, if given, changes the stored inputs. */
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
