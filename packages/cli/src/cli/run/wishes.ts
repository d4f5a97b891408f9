// What a person wishes of a run, before the data and the network are looked at.
import type { Preprocess, Task } from "../../sources/source.js";
import type { ModelRecord } from "../models/record.js";
import type { ModelOptions } from "../models/request.js";
import type { Start } from "../models/start.js";
import type { DataChoices, TrainingChoices } from "./config.js";

export type ClassWeights = "balanced" | readonly number[];

/** The user's choices for a run; the rest follows from the data. */
export interface Wishes extends Omit<TrainingChoices, "epochs" | "batchSize" | "lr" | "classWeights"> {
  readonly data: string;
  readonly reading: DataChoices;
  readonly validationData?: string;
  readonly testData?: string;
  readonly model?: string | ModelRecord;
  readonly hidden?: readonly number[];
  /** Options for the model file. */
  readonly set?: ModelOptions;
  /** A run, or a file of a trained network or of weights; for other outputs it gets a new head. */
  readonly from?: string;
  /** Of a run: the network of the last epoch, not of the best. */
  readonly last?: boolean;
  /** Whether a program that this user did not write may make the network of a run. */
  readonly trust?: boolean;
  /** The weights of `from`, once they were found. */
  readonly start?: Start;
  /** How the data of the run were read. */
  readonly learned?: Learned;
  /** Of a network's file: the layer or value whose numbers the new last layer takes. */
  readonly features?: string;
  /** Names of its layers that stay as they are, as a regular expression. */
  readonly freeze?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly lr?: number;
  /** How much each sample of a class counts; "balanced": the more, the rarer the class is. */
  readonly classWeights?: ClassWeights;
  /** The run's folder; default: a new one in runs. */
  readonly out?: string;
  /** As it was typed. */
  readonly command: string;
}

/** What a network of another run needs of new data: that they are read as its own were. */
export interface Learned {
  /** Absolute path of the run. */
  readonly run: string;
  /** Its task, where the target is the same. */
  readonly task?: Task;
  readonly preprocess: Preprocess;
}

/** Wishes whose network was found. */
export type Begun = Wishes & { readonly model?: ModelRecord };
