import { ArgumentError, MemoryError } from "../base/errors.js";
import type { Needs } from "../tensor/compile.js";
import type { FitOptions } from "./options.js";

/** What 32-bit addresses reach: the engine's memory at its largest. */
const ADDRESSABLE = 2 ** 32;

/** Throws unless a number is whole and at least 1. */
export function checkPositive(where: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ArgumentError(`${where}: ${name} is ${value}; it must be a whole number of at least 1`);
}

/** Throws ArgumentError for an option of `fit` that is out of range. */
export function checkFit({ epochs = 1, batchSize = 64, earlyStop, checkpoint, resume }: FitOptions): void {
  checkPositive("fit", "epochs", epochs);
  checkPositive("fit", "batchSize", batchSize);
  if (earlyStop !== undefined) {
    checkPositive("fit", "earlyStop.patience", earlyStop.patience);
    checkAtLeast("earlyStop.minDelta", earlyStop.minDelta ?? 0, 0);
    if (!["loss", "accuracy"].includes(earlyStop.metric ?? "loss")) {
      throw new ArgumentError(`fit: earlyStop.metric is ${earlyStop.metric}; it must be "loss" or "accuracy"`);
    }
  }
  if (checkpoint !== undefined) {
    checkPositive("fit", "checkpoint.everySteps", checkpoint.everySteps ?? 1);
    checkAtLeast("checkpoint.everySeconds", checkpoint.everySeconds ?? 0, 0);
    checkPositive("fit", "checkpoint.keep", checkpoint.keep ?? 1);
  } else if (resume === true) {
    throw new ArgumentError("fit: resume is true without checkpoint.directory; give that, or resume a path");
  }
}

function checkAtLeast(name: string, value: number, least: number): void {
  if (value >= least && Number.isFinite(value)) return;
  throw new ArgumentError(`fit: ${name} is ${value}; it must be a finite number of at least ${least}`);
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
