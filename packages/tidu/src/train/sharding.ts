// What trains on shards of batches, where it is there (shards.ts). Pages do without, and need not load it.
import { DeviceError } from "../base/errors.js";
import type { Batch, BatchOptions } from "../data/batches.js";
import type { trainStep } from "../nn/train-step.js";
import type { Communicator } from "../runtime/collective/communicator.js";
import type { Compiled } from "../tensor/compile.js";
import type { Generator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Feed } from "./feed.js";
import type { BatchResult } from "./metrics.js";
import type { TrainerOptions } from "./options.js";

/** What a batch came to, and its samples. */
export type Measured = BatchResult & { readonly samples: number };

/** The compiled steps, as far as learning from shards takes them. */
export interface Learner {
  readonly feed: Feed;
  readonly train: Compiled<Tensor[], void>;
}

/** How batches are cut into shards, and who computes which. */
export interface Sharding {
  readonly shards: number;
  readonly world?: Communicator;
  /** Whether batch normalization takes the statistics of all shards. */
  readonly synchronizes: boolean;
  /** Throws ArgumentError unless batches of this size can be cut so. */
  check(batchSize: number): void;
  /** The largest shard of a batch of so many samples. */
  largest(samples: number): number;
  /** Inside a step: draws random numbers by shard; returns what the step was given of the data. */
  enter(given: readonly Tensor[], generator: Generator): readonly Tensor[];
  /** Inside a step, in the place of `trainStep`: the loss, the penalty and all that is assigned are means over the batch. */
  readonly step: typeof trainStep;
  /** Inside a step: a mean over the samples of the whole batch, of means over the shards' samples. */
  mean(x: Tensor): Tensor;
  /** Inside a step: a sum over the whole batch. */
  total(x: Tensor): Tensor;
  /** Whether training is to stop, because somebody says so. */
  stops(wanted: boolean): boolean;
  /** Whether this process reads the sample at a place of a batch to learn from. @param full samples of batches but the last. */
  reads(full: number): BatchOptions["reads"];
  /** Whether this process measures the nth of many batches. */
  measures(n: number): boolean;
  /** What all processes have measured, in the order of the batches. */
  join(own: readonly Measured[]): readonly Measured[];
  /** Learns from a batch, of which the shards of this process are computed here. @param full samples of batches but the last. */
  learn(learner: Learner, batch: Batch, full: number): Promise<void>;
}

/** @throws ArgumentError for more processes than shards, DeviceError where there is no Node. */
export function makeSharding(options: TrainerOptions): Sharding {
  if (sharding.make !== undefined) return sharding.make(options);
  throw new DeviceError("Trainer: shards need Node, which is not here: use smaller batches");
}

export const sharding: { make?: (options: TrainerOptions) => Sharding } = {};
