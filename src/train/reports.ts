/** What a step came to. */
export interface StepReport {
  /** From 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Steps done in this epoch, from 1, and how many it has. */
  readonly step: number;
  readonly steps: number;
  /** Loss of this batch, without the regulariser's share. */
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
}

/** What an epoch came to: means over its samples while the network learned, then the measure on other data. */
export interface EpochReport extends Evaluation {
  /** From 1, counted over all calls of `fit`. */
  readonly epoch: number;
  /** Mean of what the regulariser added, which `loss` leaves out; absent without a regulariser. */
  readonly penalty?: number;
  /** On the validation set, if there is one. */
  readonly validation?: Evaluation;
  /** Time of the training steps alone. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}
