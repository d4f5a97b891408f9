// What training asks of data: mini-batches, epoch by epoch.
import type { TypedArray } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import type { ValueType } from "../graph/node.js";
import type { Tensor } from "../tensor/tensor.js";

/** How an epoch is cut into mini-batches. */
export interface BatchOptions {
  /** Samples in a mini-batch, 1 or more. */
  readonly batchSize: number;
  /** Whether each epoch visits the samples in a new order (true) or as they are stored (false). */
  readonly shuffle: boolean;
  /** Whether a last batch smaller than `batchSize` is left out. */
  readonly dropLast: boolean;
  /** Integer from 0 to 2^53 - 1: the same seed gives the same batches. */
  readonly seed: number;
  /**
   * Whether the sample at this place of this batch (both from 0) is read; the other places hold zeros. Each process
   * thus reads only its own samples. Default: all are read.
   */
  readonly reads?: (batch: number, place: number) => boolean;
}

/** One mini-batch, outside the engine. */
export interface Batch {
  /** The inputs of a step, one array for each of the provider's `types`. */
  readonly arrays: readonly TypedArray[];
  /** The number of each sample in the data set, from 0. */
  readonly samples: Int32Array;
}

/**
 * The mini-batches of all epochs. An epoch depends only on its number and the options, so training can resume within
 * it.
 */
export interface Batches {
  /** The number of batches of an epoch; undefined where it is not known beforehand. */
  readonly perEpoch?: number;
  /** The batches of epoch `n` from number `from` on; both count from 0. */
  epoch(n: number, from?: number): AsyncIterable<Batch>;
}

/** The interface of data sets to training, in memory or as a stream. */
export interface BatchProvider {
  /** Number of samples, where it is known. */
  readonly count?: number;
  /** Shape of one input. */
  readonly inputShape: Shape;
  /** Names of the classes, if the targets are class numbers. */
  readonly classes?: readonly string[];
  /** Bytes that it keeps in engine memory beside the current batch. */
  readonly bytes: number;
  /** Shapes and element types of the inputs of a step on this many samples. */
  types(samples: number): readonly ValueType[];
  /**
   * Inside a step: the inputs as a network sees them and the targets, from the step's inputs. `change`, if given, is
   * applied first, to the inputs as they are stored. Lists where a sample has several inputs or targets.
   */
  read(
    given: readonly Tensor[],
    change?: (inputs: Tensor) => Tensor,
  ): { readonly x: Tensor | readonly Tensor[]; readonly t: Tensor | readonly Tensor[] };
  /** The mini-batches of the data, epoch by epoch. */
  batches(options: BatchOptions): Batches;
  /** Loads the data that stay in engine memory. */
  load(): Promise<void>;
  /**
   * Checks what can be checked before training.
   *
   * @param outputs numbers that the network gives for a sample if targets are class numbers, otherwise undefined.
   * @throws DataError for a label that is not one of the outputs, and for a value that is not finite.
   */
  check(outputs: number | undefined): Promise<void>;
  /** What distinguishes it from other data sets, as JSON values. */
  identity(): Promise<Readonly<Record<string, unknown>>>;
}
