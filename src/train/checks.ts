import { ArgumentError, DataError, MemoryError } from "../base/errors.js";
import { type Dataset, wrongLabel } from "../data/dataset.js";
import type { Needs } from "../tensor/compile.js";
import { findNonFinite } from "./finite.js";

/** What 32-bit addresses reach: the engine's memory at its largest. */
const ADDRESSABLE = 2 ** 32;

/** Throws unless a number is whole and at least 1. */
export function checkPositive(where: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ArgumentError(`${where}: ${name} is ${value}; it must be a whole number of at least 1`);
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

/**
 * Looks at every sample of a data set before anything is learned from it.
 *
 * @param outputs numbers that the network gives for a sample if targets are class numbers, otherwise undefined.
 * @throws DataError with the first sample whose label is not one of the outputs, or whose input or target is not finite.
 */
export async function checkData(data: Dataset, outputs: number | undefined): Promise<void> {
  if (outputs !== undefined) await checkLabels(data, outputs);
  for (const [what, values] of [
    ["input", data.inputs],
    ["target", data.targets],
  ] as const) {
    const bad = await findNonFinite(values);
    if (bad === undefined) continue;
    throw new DataError(
      `trainer: the ${what} of sample ${bad.row} is not finite: element ${bad.element} is ${bad.value}; correct the sample or leave it out`,
    );
  }
}

async function checkLabels(data: Dataset, outputs: number): Promise<void> {
  const classes = data.classes?.length ?? 0;
  if (classes > outputs) {
    throw new DataError(
      `trainer: the data set has ${classes} classes, the network ${outputs} outputs: give its last layer ${classes} outputs`,
    );
  }
  const labels = await data.targets.data();
  const at = wrongLabel(labels, outputs);
  if (at < 0) return;
  throw new DataError(
    `trainer: the label of sample ${at} is ${labels[at]}, the network has ${outputs} outputs, 0…${outputs - 1}: correct the label or give the last layer more outputs`,
  );
}
