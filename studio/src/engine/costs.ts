// Losses, optimizers and penalties by the names of the playground's settings.
import { arange, loss, optim, regularize, type Tensor } from "tidu";
import type { Settings } from "./settings.js";

export type Loss = (scores: Tensor, labels: Tensor) => Tensor;

/** For each label a row that is 1 at its class and 0 elsewhere, which the losses between numbers compare with. */
export const oneHot = (labels: Tensor, classes: number): Tensor =>
  labels
    .toFloat()
    .reshape([labels.shape[0], 1])
    .eq(arange(classes).reshape([1, classes]))
    .toFloat();

/** The cost of scores [samples, outputs], given class numbers [samples], or numbers [samples, 1] if there are no classes. */
export function lossOf({ loss: name }: Settings, classes: number | undefined): Loss {
  if (name === "crossEntropy") return (scores, labels) => loss.crossEntropy(scores, labels);
  if (classes === undefined) return (numbers, targets) => loss[name](numbers, targets);
  return (scores, labels) => loss[name](scores, oneHot(labels, scores.shape[1]));
}

export function optimizerOf({ optimizer, lr }: Settings): optim.Optimizer {
  switch (optimizer) {
    case "sgd":
      return optim.sgd({ lr });
    case "momentum":
      return optim.sgd({ lr, momentum: 0.9 });
    case "rmsprop":
      return optim.rmsprop({ lr });
    case "adam":
      return optim.adam({ lr });
    case "adamw":
      return optim.adamw({ lr });
  }
}

/** What large weights cost; undefined if nothing. */
export const penaltyOf = ({ l1, l2 }: Settings): regularize.Regularizer | undefined =>
  l1 === 0 && l2 === 0 ? undefined : regularize.elasticNet(l1, l2);
