import { loss, type nn, regularize, Trainer } from "tidu";
import type { Source, Task } from "../../sources/source.js";
import type { ModelRequest } from "../models/request.js";
import type { RunConfig } from "./config.js";
import { makeOptimizer } from "./optimizers.js";

/** What data ask of a network. */
export const requestOf = (
  data: Pick<Source, "inputShape" | "outputs" | "classes">,
  dropout?: number,
): ModelRequest => ({
  inputShape: data.inputShape,
  classes: data.classes?.length,
  outputs: data.outputs,
  dropout,
});

/** Cross-entropy for classes, mean squares for values. */
export const lossOf = (task: Task): loss.Loss => (task === "classification" ? loss.crossEntropy : loss.mse);

/** A trainer for a run's network. */
export function makeTrainer(net: nn.Module, { data, training }: Pick<RunConfig, "data" | "training">): Trainer {
  const { optimizer, lr, seed } = training;
  return new Trainer(net, {
    loss: lossOf(data.task),
    optimizer: makeOptimizer(optimizer, lr),
    regularize: training.l2 > 0 ? regularize.l2(training.l2) : undefined,
    seed,
  });
}
