import { ShapeError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/shape.js";
import { arange, type Tensor } from "../tensor/tensor.js";

/** A cost of a batch: one number from the network's outputs and the targets. */
export type Loss = (output: Tensor, target: Tensor) => Tensor;

export interface LossOptions {
  /** Average over the samples, or add up. Default "mean". */
  readonly reduction?: "mean" | "sum";
}

const finish = (total: Tensor, count: number, { reduction = "mean" }: LossOptions): Tensor =>
  reduction === "sum" ? total : total.div(count);

/**
 * Cross-entropy of the softmax of scores [n, classes] with class numbers [n] (u8 or i32, from 0):
 * -ln softmax(scores)[label], averaged over the samples. Safe for scores of any size.
 */
export function crossEntropy(scores: Tensor, labels: Tensor, options: LossOptions = {}): Tensor {
  if (scores.rank !== 2 || labels.rank !== 1 || labels.shape[0] !== scores.shape[0]) {
    throw new ShapeError(
      `crossEntropy: scores ${formatShape(scores.shape)} and labels ${formatShape(labels.shape)}, expected [n, classes] and [n]`,
    );
  }
  if (labels.dtype === "f32") {
    throw new ShapeError(
      "crossEntropy: labels are f32, expected whole numbers: make them with tensor(Int32Array.of(...))",
    );
  }
  const [n, classes] = scores.shape;
  const own = arange(classes)
    .toInt()
    .reshape([1, classes])
    .eq(labels.reshape([n, 1]));
  return finish(own.where(scores.logSoftmax(1), 0).sum().neg(), n, options);
}

/** Mean (or sum) of (output - target)² over all elements. */
export function mse(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  if (!sameShape(output.shape, target.shape)) {
    throw new ShapeError(
      `mse: output ${formatShape(output.shape)} and target ${formatShape(target.shape)} must have the same shape: reshape one`,
    );
  }
  return finish(output.sub(target).square().sum(), output.size, options);
}
