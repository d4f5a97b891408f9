import type { TypedArray } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import type { ValueType } from "../graph/node.js";
import type { Tensor } from "../tensor/tensor.js";

/** How an epoch is cut into mini-batches. */
export interface BatchOptions {
  /** Samples in a mini-batch, 1 or more. */
  readonly batchSize: number;
  /** Whether each epoch visits the samples in an order of its own (true) or as they are stored (false). */
  readonly shuffle: boolean;
  /** Whether a last batch smaller than `batchSize` is left out. */
  readonly dropLast: boolean;
  /** Integer from 0 to 2^53 - 1: the same seed gives the same batches. */
  readonly seed: number;
  /**
   * Whether the sample at this place of this batch (both from 0) is read; the others' places hold zeros. So a process reads
   * what is its own. Default: all are.
   */
  readonly reads?: (batch: number, place: number) => boolean;
}

/** One mini-batch, outside the engine. */
export interface Batch {
  /** What a step is given, one array for each of the provider's `types`. */
  readonly arrays: readonly TypedArray[];
  /** The number of each sample in the data set, from 0. */
  readonly samples: Int32Array;
}

/** The mini-batches of all epochs. Each epoch depends on its number and the options alone, so that it can be gone into again. */
export interface Batches {
  /** How many an epoch has; undefined where only its end will tell. */
  readonly perEpoch?: number;
  /** The batches of epoch `n` from number `from` on; both count from 0. */
  epoch(n: number, from?: number): AsyncIterable<Batch>;
}

/** What training asks of a data set, whether it lies in memory or comes as a stream. */
export interface BatchProvider {
  /** Number of samples, where it is known. */
  readonly count?: number;
  /** Shape of one input. */
  readonly inputShape: Shape;
  /** Names of the classes, if the targets are class numbers. */
  readonly classes?: readonly string[];
  /** Bytes that it keeps in engine memory beside the batch under way. */
  readonly bytes: number;
  /** Shapes and element types of what a step on so many samples is given. */
  types(samples: number): readonly ValueType[];
  /**
   * Inside a step: inputs as a network sees them, and targets, from what the step was given. `change`, if given, is
   * applied to the inputs as they are stored, before all else. Lists where a sample has several inputs or targets.
   */
  read(
    given: readonly Tensor[],
    change?: (inputs: Tensor) => Tensor,
  ): { readonly x: Tensor | readonly Tensor[]; readonly t: Tensor | readonly Tensor[] };
  batches(options: BatchOptions): Batches;
  /** Brings what stays in engine memory there. */
  load(): Promise<void>;
  /**
   * Looks at what can be looked at before training.
   *
   * @param outputs numbers that the network gives for a sample if targets are class numbers, otherwise undefined.
   * @throws DataError for a label that is not one of the outputs, and for a value that is not finite.
   */
  check(outputs: number | undefined): Promise<void>;
  /** What tells it from other data sets, in JSON's types. */
  identity(): Promise<Readonly<Record<string, unknown>>>;
}
