// Checks before the first training step.
import {
  anything,
  callback,
  check,
  checkOptions,
  either,
  type Fields,
  flag,
  having,
  needed,
  notNegative,
  oneOrMore,
  options,
  text,
  words,
} from "../base/check.js";
import { MemoryError } from "../base/errors.js";
import { amount } from "../base/show.js";
import type { BatchProvider } from "../data/batches.js";
import type { Needs } from "../tensor/compile.js";
import { device } from "../tensor/realizer.js";
import { checkpointing } from "./checkpointing.js";
import type { FitOptions } from "./options.js";

const A_DATA_SET = having("a data set", "batches", "read", "types");

const FIT: Fields = {
  epochs: oneOrMore,
  batchSize: oneOrMore,
  shuffle: flag,
  dropLast: flag,
  augment: having("an augmentation", "apply"),
  validation: A_DATA_SET,
  schedule: callback,
  scheduleBy: words("epoch", "step"),
  earlyStop: options({
    patience: needed(oneOrMore),
    metric: either(text, callback),
    mode: words("min", "max"),
    minDelta: notNegative,
    restoreBest: flag,
  }),
  // Checked where there are files.
  checkpoint: anything,
  resume: anything,
  onResume: anything,
  onWarning: anything,
  signal: having("an AbortSignal", "aborted"),
  onEpoch: callback,
  onStep: callback,
};

/** Throws ArgumentError for a wrong option of `fit`. */
export function checkFit(given: FitOptions): void {
  checkOptions("fit", given, FIT);
  checkpointing.check?.(given);
}

/** Throws ArgumentError unless training can take its batches from it. */
export const checkData = (where: string, data: BatchProvider): void => check(where, "data", data, A_DATA_SET);

/** Throws MemoryError if a step on `samples` samples needs more than the device can address. */
export function checkMemory({ arenaBytes, storageBytes }: Needs, samples: number, on = device()): void {
  const bytes = arenaBytes + storageBytes;
  const { addressable = bytes } = on;
  if (bytes <= addressable) return;
  throw new MemoryError(
    bytes,
    `trainer: a step on ${samples} samples needs ${bytes} bytes (${amount(arenaBytes)} for intermediate values, ${amount(storageBytes)} for parameters and data); the engine has at most ${amount(addressable)}; use a smaller batch, network or data set`,
  );
}
