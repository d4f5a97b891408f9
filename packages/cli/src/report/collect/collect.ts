// Collects the findings that a report shows of a network and its data.
import { ArgumentError, type loss, nn, optim, tensor } from "tidu";
import { Dataset } from "tidu/data";
import {
  callback,
  check,
  checkNet,
  type Fields,
  formatShape,
  instance,
  listOf,
  needed,
  oneOrMore,
  options as optionsOf,
  text,
  whole,
  within,
} from "tidu/internal";
import { SCALE } from "../../sources/options.js";
import type { Scale } from "../../sources/source.js";
import type { Findings, NetworkFindings } from "../data.js";
import { findClasses } from "./classes.js";
import { findEnvironment } from "./environment.js";
import { type Feature, findImportance } from "./importance.js";
import { findKernels } from "./kernels.js";
import { findParameters } from "./parameters.js";
import { runOn } from "./run.js";
import { findTimes } from "./times.js";
import { findValues } from "./values.js";

/** Options of `collectReport`. */
export interface CollectOptions {
  /** The loss function of training. */
  readonly loss: loss.Loss;
  /** The optimizer of training, whose step is timed. Default: stochastic gradient descent. */
  readonly optimizer?: optim.Optimizer;
  /** Samples per training step. Default 64. */
  readonly batchSize?: number;
  /** The name of the data. Default "test". */
  readonly part?: string;
  /** The epoch that the network is from, counted from 1, to be shown on the page. Default: it is not shown. */
  readonly epoch?: number;
  /** Names and units of the predicted values, if there are any; see `Preprocess.targets` of `@tidu/cli/sources`. */
  readonly targets?: readonly Scale[];
  /** Where a sample comes from, such as "flowers.csv:12". Mistakes are shown with it. Default: the sample's index. */
  readonly origin?: (sample: number) => string;
  /** The columns that a sample's numbers come from, in order. If given, the importance of each is measured. */
  readonly features?: readonly Feature[];
  /** The most mistakes to show. Default 24. */
  readonly mistakes?: number;
  /** How long kernels are timed, in milliseconds; at most an hour. Default 500; 0 skips it. */
  readonly profileMilliseconds?: number;
}

const OPTIONS: Fields = {
  loss: needed(callback),
  optimizer: instance(optim.Optimizer, "an optimizer, such as optim.adam({ lr: 1e-3 })"),
  batchSize: oneOrMore,
  part: text,
  epoch: oneOrMore,
  targets: listOf(SCALE),
  origin: callback,
  features: listOf(optionsOf({ name: needed(text), width: needed(oneOrMore) })),
  mistakes: whole(0),
  profileMilliseconds: within(0, 3_600_000),
};

/**
 * Runs a network on data and collects what a report shows in addition to a run's metrics: outputs against targets, the
 * worst mistakes, the distribution of weights and gradients, and the time of each kernel of the training step. The
 * network is not changed. Targets that are not class numbers count as values.
 *
 * @throws DataError for a class number that the network has no output for; ShapeError if the layers do not fit the data;
 *   ArgumentError for features that do not add up to a sample.
 *
 * @example
 * ```ts
 * import { loss, nn } from "tidu";
 * import { dataset } from "tidu/data";
 * import { collectReport } from "@tidu/cli/report";
 *
 * const data = dataset(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [2], Uint8Array.of(0, 1, 1, 0), { classes: ["same", "different"] });
 * const found = await collectReport(nn.linear(2, 2), data, { loss: loss.crossEntropy, profileMilliseconds: 0 });
 * console.log(found.classes?.confusion.flat().length); // 4
 * ```
 */
export async function collectReport(net: nn.Module, data: Dataset, options: CollectOptions): Promise<Findings> {
  checkNet("collectReport", net);
  check("collectReport", "data", data, instance(Dataset, "a data set in memory, such as dataset() makes"));
  check("collectReport", "options", options, optionsOf(OPTIONS));
  const {
    loss,
    optimizer = optim.sgd({ lr: 0.01 }),
    part = "test",
    epoch,
    mistakes = 24,
    profileMilliseconds = 500,
    batchSize = 64,
    features,
  } = options;
  const width = features?.reduce((sum, feature) => sum + feature.width, 0);
  if (width !== undefined && (data.inputShape.length !== 1 || data.inputShape[0] !== width)) {
    throw new ArgumentError(
      `collectReport: features have ${width} numbers together; samples have shape ${formatShape(data.inputShape)}`,
    );
  }
  const outputs = await runOn(net, data, loss);
  const classes = outputs.classifies ? await findClasses(data, outputs, mistakes, options.origin) : undefined;
  const step = { loss, optimizer, batchSize };
  const inputShape = data.batch(tensor(Int32Array.of(0))).x.shape.slice(1);
  return {
    format: 1,
    part,
    epoch,
    samples: data.count,
    loss: outputs.loss,
    accuracy: classes && 1 - classes.wrong / data.count,
    network: findNetwork(net, inputShape, batchSize),
    classes,
    values: outputs.classifies ? undefined : await findValues(data, outputs, options.targets, options.origin),
    importance: features && (await findImportance(net, data, outputs, features)),
    kernels: await findKernels(net, inputShape),
    parameters: await findParameters(net, data, loss, batchSize),
    times: profileMilliseconds > 0 ? await findTimes(net, data, step, profileMilliseconds) : [],
    environment: findEnvironment(),
  };
}

function findNetwork(net: nn.Module, inputShape: readonly number[], batchSize: number): NetworkFindings {
  const { layers, parameters, trainingBytes } = nn.summary(net, inputShape, { batchSize });
  return {
    inputShape,
    layers: layers.map(({ name, layer, outputShape, parameters }) => ({
      name,
      layer,
      outputShape: outputShape.slice(1),
      parameters,
    })),
    parameters,
    batchSize,
    trainingBytes,
  };
}
