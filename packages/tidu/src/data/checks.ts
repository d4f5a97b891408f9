import type { TypedArray } from "../base/dtype.js";
import { DataError } from "../base/errors.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";
import { findNonFinite } from "./finite.js";

/** The position of the first label that is not one of 0…classes - 1; -1 if all are. */
export const wrongLabel = (labels: TypedArray, classes: number): number =>
  labels.findIndex((l: number) => !(l >= 0 && l < classes && Number.isInteger(l)));

/** The result of a user's function for a tensor. @throws ArgumentError if it is not a tensor. */
export function through(where: string, name: string, change: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const y = change(x);
  checkTensor(where, `what ${name} returns`, y);
  return y;
}

/** Throws DataError if there are more classes than a network has outputs. */
export function checkClasses(classes: number, outputs: number): void {
  if (classes <= outputs) return;
  throw new DataError(
    `dataset: it has ${classes} classes, the network ${outputs} outputs; give its last layer ${classes} outputs`,
  );
}

/** Throws DataError with the first sample whose label is not the number of an output. */
export function checkTargets(labels: TypedArray, outputs: number): void {
  const at = wrongLabel(labels, outputs);
  if (at < 0) return;
  throw new DataError(
    `dataset: the label of sample ${at} is ${labels[at]}, the network has ${outputs} outputs, 0…${outputs - 1}; correct it or give the last layer more outputs`,
  );
}

/** Throws DataError with the first sample of `values` [samples, …] that has an element which is not finite. */
export async function checkFinite(what: "input" | "target", values: Tensor): Promise<void> {
  const bad = await findNonFinite(values);
  if (bad === undefined) return;
  throw new DataError(
    `dataset: the ${what} of sample ${bad.row} is not finite: element ${bad.element} is ${bad.value}; correct it or leave it out`,
  );
}
