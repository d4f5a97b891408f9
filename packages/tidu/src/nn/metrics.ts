// Metrics of predictions. All but rankings are tensors, to be read by `item()` or `array()`, or used in a compiled
// step.
import { check, oneOrMore, refuseShape } from "../base/check.js";
import { contract } from "../graph/ops/index.js";
import { arange, checkTensor, Tensor } from "../tensor/tensor.js";
import { watched } from "../tensor/watch.js";
import { checkLabels, checkSame, checkWhole, isClass, knownLabels } from "./classes.js";

export { type RankingScores, rankingScores } from "./ranking.js";

/**
 * Accuracy: the share of samples whose largest score is at their label, from scores (logits or probabilities) [n, classes]
 * and labels [n] (u8 or i32).
 *
 * @example
 * ```ts
 * import { metrics, tensor } from "tidu";
 *
 * const scores = tensor([[0.9, 0.1], [0.8, 0.2]])
 * console.log(await metrics.accuracy(scores, tensor(Int32Array.of(0, 1))).item()); // 0.5
 * ```
 */
export function accuracy(scores: Tensor, labels: Tensor): Tensor {
  checkLabels("accuracy", scores, labels);
  return scores
    .argmax(1)
    .eq(knownLabels("accuracy", labels, scores.shape[1]))
    .toFloat()
    .mean();
}

/**
 * Share of the samples whose label is among their k largest scores; of equal scores the first classes count as larger, and
 * NaN as larger than any number.
 *
 * @example
 * ```ts
 * import { metrics, tensor } from "tidu";
 *
 * const scores = tensor([[0.5, 0.3, 0.2]])
 * console.log(await metrics.topK(scores, tensor(Int32Array.of(1)), 2).item()); // 1
 * ```
 */
export function topK(scores: Tensor, labels: Tensor, k: number): Tensor {
  checkLabels("topK", scores, labels);
  check("topK", "k", k, oneOrMore);
  const [n, classes] = scores.shape;
  const known = knownLabels("topK", labels, classes);
  const score = isClass(known, classes).where(scores, 0).sum(1, true);
  const earlier = arange(classes)
    .reshape([1, classes])
    .lt(known.toFloat().reshape([n, 1]))
    .toFloat();
  const [lost, low] = [scores.eq(scores).not(), score.eq(score)];
  const ahead = low.where(scores.gt(score).toFloat().add(lost.toFloat()), 0);
  const level = low.where(scores.eq(score).toFloat(), lost.toFloat());
  return ahead.add(level.mul(earlier)).sum(1).lt(k).toFloat().mean();
}

/**
 * How many samples of each class (row) were predicted as each class (column): [classes, classes], from predicted class
 * numbers [n], as by `scores.argmax(1)`, and true ones.
 *
 * @example
 * ```ts
 * import { metrics, tensor } from "tidu";
 *
 * const labels = tensor(Int32Array.of(0, 1, 1))
 * console.log(await metrics.confusionMatrix(tensor(Int32Array.of(0, 1, 0)), labels, 2).array()); // [[1, 0], [1, 1]]
 * ```
 */
export function confusionMatrix(predicted: Tensor, labels: Tensor, classes: number): Tensor {
  check("confusionMatrix", "classes", classes, oneOrMore);
  checkWhole("confusionMatrix", "predicted", predicted);
  checkWhole("confusionMatrix", "labels", labels);
  checkSame("confusionMatrix", predicted, labels, "predicted", "labels");
  const given = watched(predicted.node, { size: classes, what: "confusionMatrix: prediction" });
  const [rows, columns] = [knownLabels("confusionMatrix", labels, classes), new Tensor(given)].map((t) =>
    isClass(t, classes).toFloat(),
  );
  return new Tensor(contract(rows.node, columns.node, { a: ["n", "row"], b: ["n", "column"], out: ["row", "column"] }));
}

/** Quality of each class; the mean over the classes is the "macro" average. */
export interface ClassScores {
  /** Of the samples predicted as the class, the share that belongs to it; 0 where there are none. */
  readonly precision: Tensor;
  /** Of the samples that belong to the class, the share that was predicted so; 0 where there are none. */
  readonly recall: Tensor;
  /** Harmonic mean of both; 0 where both are 0. */
  readonly f1: Tensor;
}

/**
 * Precision, recall and F1 [classes] from a confusion matrix.
 *
 * @example
 * ```ts
 * import { metrics, tensor } from "tidu";
 *
 * const { recall } = metrics.classScores(tensor([[1, 0], [1, 1]]))
 * console.log(await recall.array()); // [1, 0.5]
 * ```
 */
export function classScores(confusion: Tensor): ClassScores {
  checkTensor("classScores", "confusion", confusion);
  const [rows, columns] = confusion.shape;
  if (confusion.rank !== 2 || rows !== columns)
    refuseShape("classScores", "confusion", confusion, "[classes, classes]");
  const own = arange(rows)
    .reshape([rows, 1])
    .eq(arange(rows).reshape([1, rows]));
  const right = own.where(confusion, 0).sum(1);
  const [predicted, actual] = [confusion.sum(0), confusion.sum(1)];
  return {
    precision: share(right, predicted),
    recall: share(right, actual),
    f1: share(right.mul(2), predicted.add(actual)),
  };
}

/** a / b, and 0 where b is 0. */
const share = (a: Tensor, b: Tensor): Tensor => b.gt(0).where(a.div(b.maximum(1)), 0);

/** Errors of predicted values. */
export interface RegressionErrors {
  /** Mean of |output - target|. */
  readonly mae: Tensor;
  /** Mean of (output - target)². */
  readonly mse: Tensor;
  /** Root of `mse`. */
  readonly rmse: Tensor;
  /**
   * 1 - mse / variance of the targets: 1 is perfect, 0 no better than their mean. If all targets are equal and so have
   * no variance, it is 1 if every output is right, otherwise 0, as in scikit-learn.
   */
  readonly r2: Tensor;
}

/**
 * Errors over all elements of two tensors of one shape.
 *
 * @example
 * ```ts
 * import { metrics, tensor } from "tidu";
 *
 * const { mae } = metrics.regressionErrors(tensor([1, 2]), tensor([1, 4]))
 * console.log(await mae.item()); // 1
 * ```
 */
export function regressionErrors(output: Tensor, target: Tensor): RegressionErrors {
  checkSame("regressionErrors", output, target);
  const off = output.sub(target);
  const mse = off.square().mean();
  const spread = target.sub(target.mean()).square().mean();
  // Decided by the targets themselves, since their mean is rounded. NaN stays NaN.
  const same = target.max().eq(target.min());
  const r2 = same.where(mse.eq(0).where(1, mse.neg().maximum(0)), mse.div(spread).neg().add(1));
  return { mae: off.abs().mean(), mse, rmse: mse.sqrt(), r2 };
}
