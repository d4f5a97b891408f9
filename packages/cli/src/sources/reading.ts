// How data are opened inside the package: as the public options say, also for a network that was trained on others.
import type { OpenOptions, Preprocess } from "./source.js";

/** How data are read, also those that a trained network goes on learning from. */
export interface Reading extends OpenOptions {
  /**
   * The preprocessing of an earlier source, of which that of the inputs is used. Targets are learned anew: classes keep
   * their numbers if they are the same, values of the same names their scales.
   */
  readonly inputs?: Preprocess;
}
