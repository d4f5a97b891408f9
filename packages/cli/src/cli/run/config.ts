// The form of a run's config.json, from which the run can be repeated.
import type { OpenOptions, Preprocess, SourceKind, Task } from "../../sources/source.js";
import type { ModelRecord } from "../models/record.js";
import type { Interval } from "../values.js";
import type { EngineChoices } from "./engine.js";
import type { MetricName } from "./score.js";

/** The data of a run. */
export interface DataRecord {
  /** A name, such as mnist, or an absolute path. */
  readonly path: string;
  readonly options: DataChoices;
  /** Absolute paths of other data for validation and test. */
  readonly validation?: string;
  readonly test?: string;
  /** Absolute path of the run whose preprocessing of inputs they are read by. */
  readonly preprocessedAs?: string;
}

/** The options of `openData` that the user may give and a run keeps. */
export const DATA_CHOICES = [
  "kind",
  "target",
  "ignore",
  "categorical",
  "numeric",
  "dates",
  "dateOrder",
  "missing",
  "delimiter",
  "header",
  "encoding",
  "decimal",
  "thousands",
  "task",
  "size",
  "channels",
  "fit",
  "skipDamaged",
  "labels",
  "splitBy",
  "splitTime",
  "folds",
  "fold",
] as const satisfies readonly (keyof OpenOptions)[];

/** The user's options for reading the data; see `OpenOptions`. */
export type DataChoices = Pick<OpenOptions, (typeof DATA_CHOICES)[number]>;

/** Facts that were inferred about the data. */
export interface DataFacts {
  readonly kind: SourceKind;
  readonly task: Task;
  readonly fingerprint: string;
  readonly inputShape: readonly number[];
  readonly outputs: number;
  readonly classes?: readonly string[];
  readonly preprocess: Preprocess;
  /** What was inferred and what was left out, in lines for a person. Not in runs of before. */
  readonly description?: readonly string[];
}

/** How a network is trained. */
export interface TrainingChoices extends EngineChoices {
  readonly epochs: number;
  readonly batchSize: number;
  /** Equal parts that each batch is computed in; undefined means that it is whole. */
  readonly shards?: number;
  /** Whether batch normalization takes the statistics of all shards. */
  readonly syncBatchNorm?: boolean;
  /** In the command line's form, such as "sgd:momentum=0.9". */
  readonly optimizer: string;
  readonly lr: number;
  readonly schedule?: string;
  readonly l2: number;
  /** In the command line's form; default: cross-entropy for classes, mean squares for values. */
  readonly loss?: string;
  /** Limit of the norm of all gradients together. */
  readonly clip?: number;
  readonly dropout?: number;
  readonly augment?: string;
  /** Share of the samples that is set apart, or "test" for the data's own test part. */
  readonly validation: number | "test";
  /** Epochs without improvement before training stops. */
  readonly earlyStop?: number;
  /** The metric that chooses the best epoch; default: the loss. */
  readonly metric?: MetricName;
  /** Factors of the loss, by class number. */
  readonly classWeights?: readonly number[];
  readonly seed: number;
  /** Samples to learn from; undefined means all. */
  readonly samples?: number;
  readonly checkpoint: Interval;
  readonly tensorboard?: boolean;
  /** Whether report.html is written at the end. Default true. */
  readonly report?: boolean;
}

/** Everything needed to train the same network again, or to use it: the content of a run's config.json. */
export interface RunConfig {
  /** Increased when older versions can no longer read it. */
  readonly format: 1;
  /** As it was typed. */
  readonly command: string;
  readonly versions: { readonly tidu: string; readonly node: string };
  readonly model: ModelRecord;
  readonly data: DataRecord & DataFacts;
  readonly training: TrainingChoices;
}
