// The hook for training on shards of batches, which shards.ts fills. Pages have none, and need not load it.
import { DeviceError } from "../base/errors.js";
import type { Batch, BatchOptions } from "../data/batches.js";
import type { Module } from "../nn/module.js";
import type { trainStep } from "../nn/train-step.js";
import type { Communicator } from "../runtime/collective/communicator.js";
import type { Compiled } from "../tensor/compile.js";
import type { Generator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Feed } from "./feed.js";
import type { BatchResult } from "./metrics.js";
import type { TrainerOptions } from "./options.js";

/** The results of a batch, and its number of samples. */
export type Measured = BatchResult & { readonly samples: number };

/** The parts of the compiled steps that training on shards uses. */
export interface Learner {
  readonly feed: Feed;
  readonly train: Compiled<Tensor[], void>;
}

/** How batches are cut into shards, and which process computes which. */
export interface Sharding {
  readonly shards: number;
  readonly world?: Communicator;
  /** Whether batch normalization takes the statistics of all shards. */
  readonly synchronizes: boolean;
  /** Throws ArgumentError unless batches of this size can be cut into the shards. */
  check(batchSize: number): void;
  /** The size of the largest shard of a batch of this many samples. */
  largest(samples: number): number;
  /** Inside a step: makes random numbers depend on the shard; returns the step's data inputs. */
  enter(given: readonly Tensor[], generator: Generator): readonly Tensor[];
  /** Inside a step, in place of `trainStep`: the loss, the penalty and all assigned values are means over the batch. */
  readonly step: typeof trainStep;
  /** Inside a step: a mean over the samples of the whole batch, of means over the shards' samples. */
  mean(x: Tensor): Tensor;
  /** Inside a step: a sum over the whole batch. */
  total(x: Tensor): Tensor;
  /** Whether training must stop because any process wants it. */
  stops(wanted: boolean): boolean;
  /**
   * Whether this process reads the sample at a place of a training batch. @param full the number of samples of all
   * batches but the last.
   */
  reads(full: number): BatchOptions["reads"];
  /**
   * After the last step of an epoch that was trained.
   *
   * @throws ArgumentError where the processes' networks differ.
   */
  compare(net: Module, epoch: number): Promise<void>;
  /** Whether this process measures the nth of many batches. */
  measures(n: number): boolean;
  /** The measurements of all processes, in the order of the batches. */
  join(own: readonly Measured[]): readonly Measured[];
  /**
   * Trains on a batch; this process computes its own shards. @param full the number of samples of all batches but the
   * last.
   */
  learn(learner: Learner, batch: Batch, full: number): Promise<void>;
}

/** @throws ArgumentError for more processes than shards, DeviceError where there is no Node. */
export function makeSharding(options: TrainerOptions): Sharding {
  if (sharding.make !== undefined) return sharding.make(options);
  throw new DeviceError("Trainer: shards need Node, which is not available here; use smaller batches");
}

export const sharding: { make?: (options: TrainerOptions) => Sharding } = {};
