import { loss, type nn, regularize, Trainer, type TrainerOptions } from "tidu";
import type { World } from "tidu/mpi";
import type { Source } from "../../sources/source.js";
import { makeModel } from "../models/model.js";
import { checkOutputs } from "../models/outputs.js";
import type { ModelRequest } from "../models/request.js";
import type { RunConfig } from "./config.js";
import { makeOptimizer } from "./optimizers.js";

/** What data ask of a network. */
const requestOf = (data: Pick<Source, "inputShape" | "outputs" | "classes">, dropout?: number): ModelRequest => ({
  inputShape: data.inputShape,
  classes: data.classes?.length,
  outputs: data.outputs,
  dropout,
});

/** The network of a run. Throws ArgumentError if it does not run, or does not fit the data. */
export async function makeNet({ model, data, training }: Pick<RunConfig, "model" | "data" | "training">) {
  const request = requestOf(data, training.dropout);
  const net = await makeModel(model, request);
  checkOutputs(model.name, net, request);
  return net;
}

/** Cross-entropy for classes, weighted if that is wanted; mean squares for values. */
export function lossOf({ data, training }: Pick<RunConfig, "data" | "training">): loss.Loss {
  if (data.task === "regression") return loss.mse;
  const { classWeights: weight } = training;
  return weight === undefined ? loss.crossEntropy : (scores, labels) => loss.crossEntropy(scores, labels, { weight });
}

type Parts = Required<Pick<TrainerOptions, "loss" | "optimizer">> & Pick<TrainerOptions, "regularize">;

/** What a run's network learns by. */
export function trainingParts(config: Pick<RunConfig, "data" | "training">): Parts {
  const { optimizer, lr, l2 } = config.training;
  return {
    loss: lossOf(config),
    optimizer: makeOptimizer(optimizer, lr),
    regularize: l2 > 0 ? regularize.l2(l2) : undefined,
  };
}

/** A trainer for a run's network. */
export function makeTrainer(net: nn.Module, config: Pick<RunConfig, "data" | "training">, world?: World): Trainer {
  const { seed, shards, syncBatchNorm } = config.training;
  return new Trainer(net, { ...trainingParts(config), seed, shards, syncBatchNorm, world });
}
