import { ShapeError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import { index } from "../graph/ops/index.js";
import { Tensor } from "../tensor/tensor.js";
import { watched } from "../tensor/watch.js";

/** Throws ShapeError unless scores are [n, classes] and labels [n] whole numbers. */
export function checkLabels(name: string, scores: Tensor, labels: Tensor): void {
  if (scores.rank !== 2 || labels.rank !== 1 || labels.shape[0] !== scores.shape[0]) {
    throw new ShapeError(
      `${name}: scores ${formatShape(scores.shape)} and labels ${formatShape(labels.shape)}, expected [n, classes] and [n]`,
    );
  }
  checkWhole(name, labels);
}

/** Throws ShapeError unless a tensor holds class numbers. */
export function checkWhole(name: string, labels: Tensor): void {
  if (labels.dtype !== "i32" && labels.dtype !== "u8") {
    throw new ShapeError(
      `${name}: labels are ${labels.dtype}, expected whole numbers: make them with tensor(Int32Array.of(...))`,
    );
  }
}

/** Which class each label names: [n] -> bool [n, classes]. */
export const isClass = (labels: Tensor, classes: number): Tensor =>
  new Tensor(index([1, classes])).eq(labels.reshape([labels.size, 1]));

/** The same labels, each of which must be that of a class: else a DataError, see `watched`. */
export const knownLabels = (name: string, labels: Tensor, classes: number): Tensor =>
  new Tensor(watched(labels.node, { size: classes, what: `${name}: label` }));
