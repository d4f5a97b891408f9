// Options of `Trainer` and `fit`, and their checks.
import type { Augmentation } from "../augment/augmentation.js";
import type { BatchProvider } from "../data/batches.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { Schedule } from "../optim/schedule.js";
import type { Communicator } from "../runtime/collective/communicator.js";
import type { Realizer } from "../tensor/realizer.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Resumed, StepReport } from "./reports.js";

/** Options of `Trainer`. */
export interface TrainerOptions {
  /** The cost of a batch. */
  readonly loss: Loss;
  /**
   * Metrics to report in addition to the loss, by name: each gives one number of a batch, such as a mean. Epochs report
   * means over samples.
   */
  readonly metrics?: Readonly<Record<string, (output: Tensor, target: Tensor) => Tensor>>;
  /** Your own training step, instead of forward pass, loss and update. Default: `trainStep`. Not with `shards`. */
  readonly step?: OwnStep;
  readonly optimizer: Optimizer;
  /** A weight penalty that is added to the cost, such as `regularize.l2(1e-4)`; reported separately. */
  readonly regularize?: Regularizer;
  /** Seed of the initial weights, the order of samples and all masks. Default 0. */
  readonly seed?: number;
  /**
   * Number of equal parts of each batch that are computed one after the other, for batches larger than memory, or by
   * several processes; their gradients are summed before the network changes. Batch normalization treats each shard as
   * a batch. The number affects the bits of the result. Node only. Default: whole batches; with a `world`, the number
   * of processes.
   */
  readonly shards?: number;
  /**
   * Whether batch normalization takes mean and variance over all shards, as over a whole batch, instead of over each shard.
   * A step then keeps the intermediate values of all shards of a process. Default false.
   */
  readonly syncBatchNorm?: boolean;
  /**
   * The device that trains and evaluates this network, such as `await WebGpuDevice.create()`. Default: the device in
   * use (`setDevice`), where everything else stays; values move between the two as needed.
   */
  readonly device?: Realizer;
  /** The processes that train together, as `mpi()` of `tidu/mpi` gives it. Default: this one alone. */
  readonly world?: Communicator;
}

/** The arguments of your own training step, besides the samples. */
export interface OwnStepContext {
  readonly net: Module;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Whether to train. Otherwise the step only measures, as in `evaluate`, and changes nothing. */
  readonly training: boolean;
}

/** The result of your own training step. */
export interface OwnStepResult {
  /** The cost of the batch, one number. */
  readonly loss: Tensor;
  /** Logits of the classes, for the accuracy, and the output that `metrics` are computed from. */
  readonly output?: Tensor;
  /** Numbers that are reported in addition to the loss; the same names in training and in evaluation. */
  readonly metrics?: Readonly<Record<string, Tensor>>;
}

/**
 * Your own training step: a traced function of a batch's inputs and targets, each a list, since there may be several. It
 * runs the network (whose layers are in the right mode) and, if `training` is true, updates it:
 * `optimizer.minimize(cost, net.parameters())`. A loss that is not a finite number changes nothing. Checkpoints also hold
 * other variables that it changes, such as the state of a second optimizer; where training fails, they go back with the
 * weights.
 */
export type OwnStep = (context: OwnStepContext, inputs: readonly Tensor[], targets: readonly Tensor[]) => OwnStepResult;

/** Where and when training writes checkpoints. One is also written after each epoch and on `signal`. */
export interface CheckpointOptions {
  /** A folder for this run only; it is created if it does not exist. Node only. */
  readonly directory: string;
  /** Steps between two checkpoints. Default: only after each epoch. */
  readonly everySteps?: number;
  /** Seconds after which the next step writes a checkpoint. Default: only after each epoch. */
  readonly everySeconds?: number;
  /** How many of the newest checkpoints are kept. Default 3. */
  readonly keep?: number;
  /**
   * Whether `best.safetensors` in the folder has the network of the best epoch so far, by early stopping's metric or the
   * loss, for `load`. Default true.
   */
  readonly best?: boolean;
  /** Returns a text to store in each checkpoint, such as a counter as JSON; `onResume` receives it. */
  readonly note?: () => string;
}

/** Early stopping, by a metric of the validation set or, without one, of training. */
export interface EarlyStopOptions {
  /** Epochs without improvement after which training ends, 1 or more. */
  readonly patience: number;
  /**
   * "loss" (the default), "accuracy", the name of one of your `metrics`, or a function that is called after each epoch and
   * measures the network in any way; the epoch's report has its result as `measured`. NaN is no improvement.
   */
  readonly metric?: string | (() => number | Promise<number>);
  /** Whether the metric is to fall ("min") or to rise ("max"). Default "min" for the loss, "max" for all others. */
  readonly mode?: "min" | "max";
  /** Smallest change that counts as an improvement, at least 0. Default 0: any change counts. */
  readonly minDelta?: number;
  /** Whether the best epoch's weights are restored when training has ended, early or not. Default false. */
  readonly restoreBest?: boolean;
}

/** Options of `fit`. */
export interface FitOptions {
  /** Passes over the training set. Default 1. */
  readonly epochs?: number;
  /** Samples in a step; a number above that of all samples means all. Default 64. */
  readonly batchSize?: number;
  /** Whether each epoch visits the samples in a new order. Default true. */
  readonly shuffle?: boolean;
  /** Leave out a last batch with fewer samples. Default false. */
  readonly dropLast?: boolean;
  /**
   * Changes training images at random, differently in each step: `augment.compose(augment.shift(2),
   * augment.rotate(15))`. It gets the stored images, before the data set's `transform`. Images of evaluations are not
   * changed. Default: no changes.
   */
  readonly augment?: Augmentation;
  /** Measured after each epoch. */
  readonly validation?: BatchProvider;
  /**
   * The learning rate of each epoch of this call, from the optimizer's own: `optim.schedule.cosine({ epochs: 10 })`.
   * Schedules that use a metric get the validation loss, or the training loss where there is none.
   */
  readonly schedule?: Schedule;
  /**
   * Whether the learning rate is set for each "epoch" or for each "step": the schedule is then asked for fractions of epochs,
   * 2.5 in the middle of the third. A stream needs a `count`. Default "epoch".
   */
  readonly scheduleBy?: "epoch" | "step";
  /** Ends training when the metric no longer improves. Default: never before the last epoch. */
  readonly earlyStop?: EarlyStopOptions;
  /** Writes files from which training can resume. Default: none. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * Resumes from a checkpoint, in the middle of an epoch too; the result is bit-identical to that of a run that was
   * never stopped. `true`: from the newest valid one in `checkpoint.directory`, or from the start if there is none yet.
   * A path: from that file, or the newest valid one in that folder. Network, data and options must be the checkpoint's
   * own; only `epochs` may differ. Default false.
   */
  readonly resume?: boolean | string;
  /** Called with the resume position, before the first step. */
  readonly onResume?: (from: Resumed) => void;
  /** Called for problems that do not end the training, such as a damaged checkpoint. Default: `console.warn`. */
  readonly onWarning?: (message: string) => void;
  /** Once aborted, training finishes the current step, writes a checkpoint if requested, and ends the iteration. */
  readonly signal?: StopSignal;
  /** Called before each epoch, with its number as in reports, and awaited. Layers may be frozen or unfrozen here. */
  readonly onEpoch?: (epoch: number) => unknown;
  /** Called after each step, and awaited. */
  readonly onStep?: (step: StepReport) => unknown;
}

/** The used part of an `AbortSignal`, under another name so that the declarations need no library of types. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Samples that are computed together; changes the memory used, not the result beyond rounding. Default 250. */
  readonly batchSize?: number;
}
