// The hook for checkpoints, which resume.ts fills where there are files. Pages have none, and need not load them.

import type { Fit, FitContext, FitParts } from "./fit.js";
import type { FitOptions } from "./options.js";

/** The parts of a training that are known before its starting point is. */
export type KnownParts = Omit<FitParts, "guard" | "progress" | "best" | "checkpoints">;

export const checkpointing: {
  /** Throws ArgumentError for wrong options of checkpoints. */
  check?: (options: FitOptions) => void;
  start?: (context: FitContext, parts: KnownParts) => Promise<Fit>;
  /** Throws ArgumentError unless all processes train the same on the same data. */
  agree?: (context: FitContext, parts: KnownParts) => Promise<void>;
} = {};
