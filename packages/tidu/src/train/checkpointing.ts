// What starts a training with checkpoints, where there are files (resume.ts). Pages do without, and need not load it.

import type { Fit, FitContext, FitParts } from "./fit.js";
import type { FitOptions } from "./options.js";

/** The parts of a training that are known before it is known where it starts. */
export type KnownParts = Omit<FitParts, "guard" | "progress" | "best" | "checkpoints">;

export const checkpointing: {
  /** Throws ArgumentError for options of checkpoints that are not what they may be. */
  check?: (options: FitOptions) => void;
  start?: (context: FitContext, parts: KnownParts) => Promise<Fit>;
  /** Throws ArgumentError unless all processes train the same on the same data. */
  agree?: (context: FitContext, parts: KnownParts) => Promise<void>;
} = {};
