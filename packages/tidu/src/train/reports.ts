/** The result of a step. */
export interface StepReport {
  /** From 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Steps done in this epoch, from 1. */
  readonly step: number;
  /** How many the epoch has; undefined for a stream of unknown length. */
  readonly steps?: number;
  /** Loss of this batch, without the regularizer's share. */
  readonly loss: number;
  /** Share of right answers so far in this epoch; undefined where the targets are not class numbers. */
  readonly accuracy?: number;
}

/** How well a network does on a data set. */
export interface Evaluation {
  /** Mean loss of a sample. */
  readonly loss: number;
  /** Share of samples put into the right class; absent where the targets are not class numbers. */
  readonly accuracy?: number;
  /** Means of your own `metrics`; absent without any. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** The result of an epoch: means over its samples during training, then the evaluation on validation data. */
export interface EpochReport extends Evaluation {
  /** From 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Mean of what the regularizer added, which `loss` leaves out; absent without a regularizer. */
  readonly penalty?: number;
  /** On the validation set, if there is one. */
  readonly validation?: Evaluation;
  /** What a function given as `earlyStop.metric` said of it. */
  readonly measured?: number;
  /** True where it is the best epoch of this training so far, by early stopping's metric or the loss. */
  readonly best?: true;
  /** True where training ends here because it no longer helped; see `earlyStop`. */
  readonly stopped?: true;
  /** Time of the training steps alone. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

/** Where a training goes on. */
export interface Resumed {
  /** The checkpoint's path. */
  readonly file: string;
  /** The epoch under way, from 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Steps of it that are done. */
  readonly step: number;
  /** What `fit` reported before the checkpoint, epoch by epoch. It does not do so again. */
  readonly reports: readonly EpochReport[];
  /** What `checkpoint.note` gave. */
  readonly note?: string;
}
