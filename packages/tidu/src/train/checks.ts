import { checkCount, checkRange } from "../base/check.js";
import { ArgumentError, MemoryError } from "../base/errors.js";
import type { Needs } from "../tensor/compile.js";
import type { FitOptions } from "./options.js";

/** What 32-bit addresses reach: the engine's memory at its largest. */
const ADDRESSABLE = 2 ** 32;

/** Throws ArgumentError for an option of `fit` that is out of range. */
export function checkFit({ epochs = 1, batchSize = 64, earlyStop, checkpoint, resume }: FitOptions): void {
  checkCount("fit", "epochs", epochs);
  checkCount("fit", "batchSize", batchSize);
  if (earlyStop !== undefined) {
    checkCount("fit", "earlyStop.patience", earlyStop.patience);
    checkRange("fit", "earlyStop.minDelta", earlyStop.minDelta ?? 0);
    if (!["loss", "accuracy"].includes(earlyStop.metric ?? "loss")) {
      throw new ArgumentError(`fit: earlyStop.metric is ${earlyStop.metric}; it must be "loss" or "accuracy"`);
    }
  }
  if (checkpoint !== undefined) {
    checkCount("fit", "checkpoint.everySteps", checkpoint.everySteps ?? 1);
    checkRange("fit", "checkpoint.everySeconds", checkpoint.everySeconds ?? 0);
    checkCount("fit", "checkpoint.keep", checkpoint.keep ?? 1);
  } else if (resume === true) {
    throw new ArgumentError("fit: resume is true without checkpoint.directory; give that, or resume a path");
  }
}

/** Throws MemoryError if a step on `samples` samples needs more than the engine can address. */
export function checkMemory({ arenaBytes, storageBytes }: Needs, samples: number): void {
  const bytes = arenaBytes + storageBytes;
  if (bytes <= ADDRESSABLE) return;
  throw new MemoryError(
    bytes,
    `trainer: a step on ${samples} samples needs ${bytes} bytes: ${gib(arenaBytes)} for the values in between and ${gib(storageBytes)} for parameters and data, and the engine can address ${gib(ADDRESSABLE)}: use a smaller batch, network or data set`,
  );
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
