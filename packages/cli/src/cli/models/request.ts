// What a network has to fit: the data's shapes and classes, and the options that the user gave.
import type { nn } from "tidu";
import type { Shape } from "tidu/internal";

/** Options of a model's own. */
export type ModelOptions = Readonly<Record<string, string | number | boolean>>;

/** The requirements of data and user on a network. */
export interface ModelRequest {
  /** Shape of one sample, such as [1, 28, 28] or [4]. */
  readonly inputShape: Shape;
  /** Number of classes; undefined where values are to be predicted. */
  readonly classes?: number;
  /** Numbers that the network must give for each sample: a score for each class, or the values. */
  readonly outputs: number;
  /** Share of units to drop; undefined if not given. */
  readonly dropout?: number;
  /** Units of the hidden layers; undefined if not given. */
  readonly hidden?: readonly number[];
  /** The options of --set; a model file gets an empty object without them. */
  readonly options?: ModelOptions;
}

/** Makes a network that fits the data. A model file exports such a function, or a network. */
export type MakeModel = (request: ModelRequest) => nn.Module | Promise<nn.Module>;
