// Checks of scores, targets and class numbers, for losses and metrics.
import { refuseShape } from "../base/check.js";
import { formatShape, sameShape } from "../base/shape.js";
import { index } from "../graph/ops/index.js";
import { checkTensor, needWhole, Tensor } from "../tensor/tensor.js";
import { watched } from "../tensor/watch.js";

/** Throws unless scores are [n, classes] and labels [n] whole numbers. */
export function checkLabels(where: string, scores: Tensor, labels: Tensor, name = "labels"): void {
  checkTensor(where, "scores", scores);
  if (scores.rank !== 2) refuseShape(where, "scores", scores, "[n, classes]");
  checkWhole(where, name, labels);
  if (labels.shape[0] !== scores.shape[0])
    refuseShape(where, name, labels, `[${scores.shape[0]}], one for each sample`);
}

/** Throws unless a tensor is [n] class numbers. */
export function checkWhole(where: string, name: string, labels: Tensor): void {
  checkTensor(where, name, labels);
  needWhole(where, name, labels);
  if (labels.rank !== 1) refuseShape(where, name, labels, "[n]");
}

/** Throws unless both are tensors of one shape. */
export function checkSame(where: string, x: Tensor, y: Tensor, first = "output", second = "target"): void {
  checkTensor(where, first, x);
  checkTensor(where, second, y);
  if (sameShape(x.shape, y.shape)) return;
  refuseShape(where, second, y, `of the shape of ${first}, ${formatShape(x.shape)}; reshape one`);
}

/** Which class each label names: [n] -> bool [n, classes]. */
export const isClass = (labels: Tensor, classes: number): Tensor =>
  new Tensor(index([1, classes])).eq(labels.reshape([labels.size, 1]));

/** The same labels; one that is not a class number is a DataError, see `watched`. */
export const knownLabels = (name: string, labels: Tensor, classes: number): Tensor =>
  new Tensor(watched(labels.node, { size: classes, what: `${name}: label` }));

/** The same lengths; one outside 0 to `most` is a DataError, see `watched`. */
export const knownLengths = (what: string, lengths: Tensor, most: number): Tensor =>
  new Tensor(watched(lengths.node, { size: most + 1, what }));
