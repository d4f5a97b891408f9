// What `fit` reports of steps and epochs.

/** The result of a step. */
export interface StepReport {
  /** From 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Steps done in this epoch, from 1. */
  readonly step: number;
  /** Steps of the whole epoch; undefined for a stream of unknown length. */
  readonly steps?: number;
  /** Loss of this batch, without the regularizer's penalty. */
  readonly loss: number;
  /** Accuracy so far in this epoch; undefined where the targets are not class numbers. */
  readonly accuracy?: number;
}

/** How well a network does on a data set. */
export interface Evaluation {
  /** Mean loss of a sample. */
  readonly loss: number;
  /** Share of samples that are classified correctly; absent where the targets are not class numbers. */
  readonly accuracy?: number;
  /** Means of your own `metrics`; absent without any. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** The result of an epoch: means over its samples during training, then the evaluation on validation data. */
export interface EpochReport extends Evaluation {
  /** From 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Mean penalty of the regularizer, which `loss` does not include; absent without a regularizer. */
  readonly penalty?: number;
  /** On the validation set, if there is one. */
  readonly validation?: Evaluation;
  /** The result of a function given as `earlyStop.metric`. */
  readonly measured?: number;
  /** True where it is the best epoch of this training so far, by early stopping's metric or the loss. */
  readonly best?: true;
  /** True where early stopping ends training here; see `earlyStop`. */
  readonly stopped?: true;
  /** Time of the training steps alone. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

/** The position at which training resumes. */
export interface Resumed {
  /** The checkpoint's path. */
  readonly file: string;
  /** The epoch that is resumed, from 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Its finished steps. */
  readonly step: number;
  /** The epoch reports before the checkpoint. `fit` does not report them again. */
  readonly reports: readonly EpochReport[];
  /** The text of `checkpoint.note`. */
  readonly note?: string;
}
