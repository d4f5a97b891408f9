// Losses of a batch.

import {
  checkOptions,
  either,
  type Fields,
  finite,
  integer,
  listOf,
  positive,
  refuseShape,
  within,
  words,
} from "../base/check.js";
import { floatOf, isFloat } from "../base/dtype.js";
import { sameShape } from "../base/shape.js";
import { aTensor, checkTensor, Tensor, tensor } from "../tensor/tensor.js";
import { checkLabels, checkSame, isClass, knownLabels } from "./classes.js";

/** A cost of a batch: one number from the network's outputs and the targets. */
export type Loss = (output: Tensor, target: Tensor) => Tensor;

/** How a loss combines the losses of all samples or elements. */
export interface LossOptions {
  /** Average, sum, or keep a number for each sample (`crossEntropy`) or element. Default "mean". */
  readonly reduction?: "mean" | "sum" | "none";
}

const finish = (each: Tensor, count: number | Tensor, { reduction = "mean" }: LossOptions): Tensor =>
  reduction === "none" ? each : reduction === "sum" ? each.sum() : each.sum().div(count);

const checkLoss = (name: string, options: LossOptions, more?: Fields): void =>
  checkOptions(name, options, { reduction: words("mean", "sum", "none"), ...more });

/** A factor for each class. */
const factors = either(aTensor, listOf(finite));

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** A factor for each class, such as the inverse of its frequency. Default 1. */
  readonly weight?: Tensor | readonly number[];
  /** Share ε of the target that is spread evenly over all classes, 0 to 1. Default 0. Szegedy et al., CVPR 2016. */
  readonly labelSmoothing?: number;
  /** Samples with this class number are excluded from the sum and from the count, as in PyTorch. Default: none. */
  readonly ignoreIndex?: number;
}

/**
 * Cross-entropy of the softmax of logits (`scores`) [n, classes] with targets: class numbers [n] (u8 or i32, from 0), or a
 * distribution over the classes for each sample, f32 [n, classes]. Logits may be [n, classes, …]: then each position is a
 * sample. Does not overflow, however large the logits are.
 *
 * -sum over c of weight_c · target_c · ln softmax(scores)_c, averaged over the samples ("mean": with class numbers and
 * class weights over the sum of the samples' weights, as in PyTorch) or added up.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * const scores = tensor([[0, 0], [0, 0]])
 * console.log((await loss.crossEntropy(scores, tensor(Int32Array.of(0, 1))).item()).toFixed(4)); // 0.6931
 * ```
 */
export function crossEntropy(scores: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkLoss("crossEntropy", options, { weight: factors, labelSmoothing: within(0, 1), ignoreIndex: integer });
  const { labelSmoothing = 0, ignoreIndex } = options;
  checkTensor("crossEntropy", "scores", scores);
  checkTensor("crossEntropy", "target", target);
  if (scores.rank > 2) return dense(scores, target, options);
  const soft = isFloat(target.dtype) && scores.rank === 2 && sameShape(scores.shape, target.shape);
  if (!soft) checkLabels("crossEntropy", scores, target, "target");
  const [n, classes] = scores.shape;
  const weight = perClass("crossEntropy", "weight", options.weight, scores, classes);
  const kept = soft ? undefined : keptSamples(target, ignoreIndex);
  const scaled = weight === undefined ? scores.logSoftmax(1) : scores.logSoftmax(1).mul(weight);
  const logs = kept === undefined ? scaled : kept.reshape([n, 1]).where(scaled, 0);
  const own = soft ? undefined : classOf(target, kept, classes);
  const along = options.reduction === "none" ? 1 : undefined;
  const atTarget = (own === undefined ? logs.mul(target) : own.where(logs, 0)).sum(along);
  const mixed =
    labelSmoothing === 0
      ? atTarget
      : atTarget.mul(1 - labelSmoothing).add(logs.sum(along).mul(labelSmoothing / classes));
  const counted = own === undefined || weight === undefined ? undefined : own.where(weight, 0).sum(1);
  const count =
    kept === undefined
      ? (counted?.sum() ?? n)
      : (counted === undefined ? kept.toFloat() : kept.where(counted, 0)).sum();
  return finish(mixed.neg(), count, options);
}

/**
 * Cross-entropy of scores [n, classes, …] and targets [n, …], or targets of the scores' shape: each place counts as a
 * sample.
 */
function dense(scores: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const rows = (x: Tensor): Tensor =>
    x.permute([0, ...x.shape.slice(2).map((_, i) => i + 2), 1]).reshape([-1, x.shape[1]]);
  const places = scores.shape.toSpliced(1, 1);
  const soft = sameShape(target.shape, scores.shape);
  if (!soft && !sameShape(target.shape, places))
    refuseShape("crossEntropy", "target", target, `[${places}], one for each place`);
  const cost = crossEntropy(rows(scores), soft ? rows(target) : target.flatten(), options);
  return options.reduction === "none" ? cost.reshape(places) : cost;
}

/** Which samples count; undefined: all. */
function keptSamples(labels: Tensor, ignoreIndex: number | undefined): Tensor | undefined {
  if (ignoreIndex === undefined) return undefined;
  return labels.eq(tensor(Int32Array.of(ignoreIndex))).not();
}

/** The class of each sample; of samples that do not count, any class. */
function classOf(labels: Tensor, kept: Tensor | undefined, classes: number): Tensor {
  const all = kept === undefined ? labels : kept.where(labels, tensor(Int32Array.of(0)));
  return isClass(knownLabels("crossEntropy", all, classes), classes);
}

/** A row of factors, one for each class; numbers are of the scores' type. */
function perClass(
  name: string,
  what: string,
  given: Tensor | readonly number[] | undefined,
  { dtype }: Tensor,
  classes: number,
) {
  if (given === undefined) return undefined;
  const row = given instanceof Tensor ? given : tensor(given, undefined, floatOf(dtype));
  if (row.size !== classes) {
    refuseShape(name, what, given, `[${classes}], one for each class`);
  }
  return row.reshape([1, classes]);
}

/** Options of `bceWithLogits`. */
export interface BceOptions extends LossOptions {
  /** A factor for targets that are 1, in each column, such as negatives / positives. Default 1. */
  readonly posWeight?: Tensor | readonly number[];
}

/**
 * Binary cross-entropy of the sigmoid of logits (`scores`) with targets from 0 to 1 of the same shape (f32), over all
 * elements: -(posWeight · t · ln σ(x) + (1 - t) · ln(1 - σ(x))). Does not overflow, however large the logits are.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log((await loss.bceWithLogits(tensor([0, 0]), tensor([0, 1])).item()).toFixed(4)); // 0.6931
 * ```
 */
export function bceWithLogits(scores: Tensor, target: Tensor, options: BceOptions = {}): Tensor {
  checkLoss("bceWithLogits", options, { posWeight: factors });
  checkSame("bceWithLogits", scores, target, "scores");
  const posWeight = perClass("bceWithLogits", "posWeight", options.posWeight, scores, scores.shape.at(-1) ?? 1);
  // -ln σ(x) = softplus(-x), and -ln(1 - σ(x)) = softplus(x).
  const one = target.mul(scores.neg().softplus());
  const zero = target.neg().add(1).mul(scores.softplus());
  return finish((posWeight === undefined ? one : one.mul(posWeight)).add(zero), scores.size, options);
}

/**
 * Mean (or sum) of (output - target)² over all elements.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.mse(tensor([1, 2]), tensor([1, 4])).item()); // 2
 * ```
 */
export function mse(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkLoss("mse", options);
  checkSame("mse", output, target);
  return finish(output.sub(target).square(), output.size, options);
}

/**
 * Mean (or sum) of |output - target| over all elements; gradient 0 where they are equal.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.l1(tensor([1, 2]), tensor([1, 4])).item()); // 1
 * ```
 */
export function l1(output: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkLoss("l1", options);
  checkSame("l1", output, target);
  return finish(output.sub(target).abs(), output.size, options);
}

/** Options of `huber`. */
export interface HuberOptions extends LossOptions {
  /** Distance at which the square turns into a line, above 0. Default 1. */
  readonly delta?: number;
}

/**
 * Mean (or sum) over all elements of d² / 2 where |d| <= delta, else delta · (|d| - delta / 2), with d = output - target.
 * Huber, Annals of Mathematical Statistics 35, 1964.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.huber(tensor([1, 2]), tensor([1, 5])).item()); // 1.25
 * ```
 */
export function huber(output: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  checkLoss("huber", options, { delta: positive });
  const { delta = 1 } = options;
  checkSame("huber", output, target);
  const d = output.sub(target);
  const held = d.maximum(-delta).minimum(delta);
  return finish(held.mul(d.sub(held.mul(0.5))), output.size, options);
}
