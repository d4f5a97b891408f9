import type { nn } from "tidu";
import type { Shape } from "tidu/internal";

/** Options of a model's own. */
export type ModelOptions = Readonly<Record<string, string | number | boolean>>;

/** What data, and a person, ask of a network. */
export interface ModelRequest {
  /** Shape of one sample, such as [1, 28, 28] or [4]. */
  readonly inputShape: Shape;
  /** Number of classes; undefined where values are to be predicted. */
  readonly classes?: number;
  /** Numbers that the network must give for each sample: a score for each class, or the values. */
  readonly outputs: number;
  /** Share of units that the person wants dropped; undefined where nothing was said. */
  readonly dropout?: number;
  /** Units of the hidden layers that the person wants; undefined where nothing was said. */
  readonly hidden?: readonly number[];
  /** What the person said by --set; a model file gets an empty object where nothing was said. */
  readonly options?: ModelOptions;
}

/** Makes a network that fits the data. A model file exports such a function, or a network. */
export type MakeModel = (request: ModelRequest) => nn.Module | Promise<nn.Module>;
