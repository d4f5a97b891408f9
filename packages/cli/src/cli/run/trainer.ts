// Makes a run's network, loss and optimizer from its config.
import { type loss, type nn, oneHot, regularize, type Tensor, Trainer, type TrainerOptions, tensor } from "tidu";
import type { World } from "tidu/mpi";
import type { Source } from "../../sources/source.js";
import { makeModel } from "../models/model.js";
import { checkOutputs } from "../models/outputs.js";
import type { ModelRecord } from "../models/record.js";
import type { ModelRequest } from "../models/request.js";
import type { RunConfig } from "./config.js";
import { makeLoss } from "./losses.js";
import { makeOptimizer } from "./optimizers.js";

/** The requirements of the data on a network. */
const requestOf = (
  data: Pick<Source, "inputShape" | "outputs" | "classes">,
  { hidden, options }: ModelRecord,
  dropout?: number,
): ModelRequest => ({
  inputShape: data.inputShape,
  classes: data.classes?.length,
  outputs: data.outputs,
  dropout,
  hidden,
  options,
});

/**
 * The network of a run; `folder` is the run's, if it has one. Throws ArgumentError if it does not run, or does not fit
 * the data.
 */
export async function makeNet(
  { model, data, training }: Pick<RunConfig, "model" | "data" | "training">,
  folder?: string,
) {
  const request = requestOf(data, model, training.dropout);
  const net = await makeModel(model, request, folder);
  checkOutputs(model.name, net, request);
  return net;
}

/** The loss of a run. */
export const lossOf = ({ data, training }: Pick<RunConfig, "data" | "training">): loss.Loss =>
  makeLoss(training.loss, data.task, training.classWeights);

type Parts = Required<Pick<TrainerOptions, "loss" | "optimizer">> & Pick<TrainerOptions, "regularize">;

/** The optimizer of a run. */
export function trainingParts(config: Pick<RunConfig, "data" | "training">): Parts {
  const { optimizer, lr, l2, clip } = config.training;
  return {
    loss: lossOf(config),
    optimizer: makeOptimizer(optimizer, lr, clip),
    regularize: l2 > 0 ? regularize.l2(l2) : undefined,
  };
}

/** A trainer for a run's network. */
export function makeTrainer(net: nn.Module, config: Pick<RunConfig, "data" | "training">, world?: World): Trainer {
  const { seed, shards, syncBatchNorm, metric, classWeights } = config.training;
  const metrics = metric === "brier" ? { brier: brierScore(classWeights) } : undefined;
  return new Trainer(net, { ...trainingParts(config), metrics, seed, shards, syncBatchNorm, world });
}

/** Mean of Σ (probability - truth)² over the classes (Brier, 1950), with the classes' weights if there are any. */
const brierScore =
  (weights: readonly number[] | undefined) =>
  (scores: Tensor, labels: Tensor): Tensor => {
    const truth = oneHot(labels, scores.shape[scores.shape.length - 1]);
    const each = scores.softmax(-1).sub(truth).square().sum(-1);
    return (weights === undefined ? each : each.mul(tensor(weights).gather(labels))).mean();
  };
