// Losses that are used less often. All take `reduction`: "mean" (the default), "sum" or "none".
import {
  check,
  checkOptions,
  type Fields,
  flag,
  notNegative,
  positive,
  refuseShape,
  whole,
  within,
  words,
} from "../base/check.js";
import { oneHot } from "../tensor/functions/make.js";
import { takeAlongAxis } from "../tensor/functions/pick.js";
import { logsumexp, norm } from "../tensor/functions/reduce.js";
import { arange, checkTensor, concat, full, needWhole, type Tensor } from "../tensor/tensor.js";
import { checkLabels, checkSame, knownLabels, knownLengths } from "./classes.js";

export * from "./loss.js";

/** How a loss combines the losses of all elements. */
export interface ReductionOptions {
  /** Average, sum, or keep one number for each sample or element. Default "mean". */
  readonly reduction?: "mean" | "sum" | "none";
}

const checkLoss = (name: string, options: ReductionOptions, more?: Fields): void =>
  checkOptions(name, options, { reduction: words("mean", "sum", "none"), ...more });

const finish = (each: Tensor, { reduction = "mean" }: ReductionOptions): Tensor =>
  reduction === "none" ? each : reduction === "sum" ? each.sum() : each.mean();

/**
 * Negative log-likelihood: minus the log probability of the target's class, from log probabilities [n, classes] and class
 * numbers [n].
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.nll(tensor([[-0.5, -1]]), tensor(Int32Array.of(0))).item()); // 0.5
 * ```
 */
export function nll(scores: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  checkLoss("nll", options);
  checkLabels("nll", scores, target, "target");
  return finish(
    takeAlongAxis(scores, knownLabels("nll", target, scores.shape[1]).reshape([target.size, 1]), 1)
      .reshape([target.size])
      .neg(),
    options,
  );
}

/** Options of `kl`. */
export interface KlOptions extends ReductionOptions {
  /** Whether the target is given as logarithms, too. Default false. */
  readonly logTarget?: boolean;
}

/**
 * Kullback-Leibler divergence of the target from exp(logs), target · (ln target - logs) for each element; "mean" is over the samples (axis 0), as
 * PyTorch's "batchmean".
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * const p = tensor([[0.5, 0.5]])
 * console.log(await loss.kl(p.log(), p).item()); // 0
 * ```
 */
export function kl(logs: Tensor, target: Tensor, options: KlOptions = {}): Tensor {
  checkLoss("kl", options, { logTarget: flag });
  checkSame("kl", logs, target, "logs");
  const { logTarget = false, reduction = "mean" } = options;
  const positive = target.gt(0);
  const each = logTarget
    ? target.exp().mul(target.sub(logs))
    : positive.where(target.mul(positive.where(target, 1).log().sub(logs)), 0);
  return reduction === "none" ? each : reduction === "sum" ? each.sum() : each.sum().div(logs.shape[0] ?? 1);
}

/** The cosine of the angle between the rows of two tensors, [..., features] -> [...]; 0 for a row of zeros, as in PyTorch. */
function cosine(a: Tensor, b: Tensor): Tensor {
  const length = (x: Tensor): Tensor => x.square().sum(-1).add(1e-12).sqrt();
  return a
    .mul(b)
    .sum(-1)
    .div(length(a).mul(length(b)));
}

/** Options of losses with a margin; see each for its default. */
export interface MarginOptions extends ReductionOptions {
  readonly margin?: number;
}

/**
 * 1 - cos for pairs that belong together (target 1), max(0, cos - margin) for others (-1): [n, features] twice, target [n]. @param options.margin default 0.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.cosineEmbedding(tensor([[1, 0]]), tensor([[0, 1]]), tensor([1])).item()); // 1
 * ```
 */
export function cosineEmbedding(a: Tensor, b: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  checkLoss("cosineEmbedding", options, { margin: within(-1, 1) });
  checkSame("cosineEmbedding", a, b, "a", "b");
  checkTensor("cosineEmbedding", "target", target);
  const cos = cosine(a, b);
  checkSame("cosineEmbedding", cos, target, "a without its last axis");
  return finish(target.gt(0).where(cos.neg().add(1), cos.sub(options.margin ?? 0).relu()), options);
}

/** Distances of rows, kept above 0 as in PyTorch. */
const distance = (a: Tensor, b: Tensor): Tensor => norm(a.sub(b).add(1e-6), -1);

/**
 * max(0, |anchor - positive| - |anchor - negative| + margin), [n, features] each (Schroff et al., CVPR 2015). @param options.margin default 1.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.triplet(tensor([[0]]), tensor([[1]]), tensor([[4]])).item()); // 0
 * ```
 */
export function triplet(anchor: Tensor, positive: Tensor, negative: Tensor, options: MarginOptions = {}): Tensor {
  checkLoss("triplet", options, { margin: notNegative });
  checkSame("triplet", anchor, positive, "anchor", "positive");
  checkSame("triplet", anchor, negative, "anchor", "negative");
  return finish(
    distance(anchor, positive)
      .sub(distance(anchor, negative))
      .add(options.margin ?? 1)
      .relu(),
    options,
  );
}

/**
 * t · d² + (1 - t) · max(0, margin - d)², half of it, with d = |a - b| and target 1 for pairs that belong together (Hadsell et al., CVPR 2006). @param options.margin default 1.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log((await loss.contrastive(tensor([[0]]), tensor([[2]]), tensor([1])).item()) > 0); // true
 * ```
 */
export function contrastive(a: Tensor, b: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  checkLoss("contrastive", options, { margin: notNegative });
  checkSame("contrastive", a, b, "a", "b");
  const d = distance(a, b);
  checkSame("contrastive", d, target, "a without its last axis");
  const apart = d
    .neg()
    .add(options.margin ?? 1)
    .relu()
    .square();
  return finish(target.mul(d.square()).add(target.neg().add(1).mul(apart)).mul(0.5), options);
}

/** Options of `focal`. */
export interface FocalOptions extends ReductionOptions {
  /** How strongly samples that are already classified well are down-weighted. Default 2. */
  readonly gamma?: number;
  /** Weight of the positive targets in the cost; below 0: no weights. Default 0.25. */
  readonly alpha?: number;
}

/**
 * Binary cross-entropy of the sigmoid of logits (`scores`) times (1 - p of the target)^gamma (Lin et al., ICCV 2017); targets
 * 0 or 1, f32, of the logits' shape.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log((await loss.focal(tensor([0, 0]), tensor([1, 0])).item()).toFixed(4)); // 0.0866
 * ```
 */
export function focal(scores: Tensor, target: Tensor, options: FocalOptions = {}): Tensor {
  checkLoss("focal", options, {
    gamma: notNegative,
    alpha: { ok: (v) => typeof v === "number" && v <= 1, says: "a number up to 1" },
  });
  checkSame("focal", scores, target, "scores");
  const { gamma = 2, alpha = 0.25 } = options;
  const other = target.neg().add(1);
  const cross = target.mul(scores.neg().softplus()).add(other.mul(scores.softplus()));
  // -ln(1 - p of the target). Of a power of 1 - p, gradients would be NaN where that is 0.
  const sure = target.mul(scores.softplus()).add(other.mul(scores.neg().softplus()));
  const each = cross.mul(sure.mul(-gamma).exp());
  return finish(alpha < 0 ? each : each.mul(target.mul(alpha).add(other.mul(1 - alpha))), options);
}

/**
 * 1 - 2 · overlap / (sizes of both) for each sample, over all its other axes; probabilities and targets of one shape (Milletari et al., 3DV 2016).
 *
 * @param options.smooth added to numerator and denominator. Default 1.
 *
 * @example
 * ```ts
 * import { loss, ones, zeros } from "tidu";
 *
 * console.log((await loss.dice(zeros([1, 1, 2, 2]), ones([1, 1, 2, 2])).item()) > 0); // true
 * ```
 */
export function dice(
  probabilities: Tensor,
  target: Tensor,
  options: ReductionOptions & { readonly smooth?: number } = {},
): Tensor {
  checkLoss("dice", options, { smooth: notNegative });
  checkSame("dice", probabilities, target, "probabilities");
  const { smooth = 1 } = options;
  if (target.rank < 2) refuseShape("dice", "probabilities", probabilities, "[samples, …]");
  const sum = (x: Tensor): Tensor => x.flatten(1).sum(1);
  const share = sum(probabilities.mul(target))
    .mul(2)
    .add(smooth)
    .div(sum(probabilities).add(sum(target)).add(smooth));
  return finish(share.neg().add(1), options);
}

/**
 * max(0, margin - target · output), targets 1 or -1 (Cortes and Vapnik, 1995). @param options.margin default 1.
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.hinge(tensor([0.5]), tensor([1])).item()); // 0.5
 * ```
 */
export function hinge(output: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  checkLoss("hinge", options, { margin: notNegative });
  checkSame("hinge", output, target);
  return finish(
    output
      .mul(target)
      .neg()
      .add(options.margin ?? 1)
      .relu(),
    options,
  );
}

/**
 * exp(output) - target · output, for counts whose logarithm of the mean is the output; without `log`, output - target · ln(output + eps).
 *
 * @example
 * ```ts
 * import { loss, tensor } from "tidu";
 *
 * console.log(await loss.poisson(tensor([0]), tensor([2])).item()); // 1
 * ```
 */
export function poisson(
  output: Tensor,
  target: Tensor,
  options: ReductionOptions & { readonly log?: boolean; readonly eps?: number } = {},
): Tensor {
  checkLoss("poisson", options, { log: flag, eps: positive });
  checkSame("poisson", output, target);
  const { log = true, eps = 1e-8 } = options;
  return finish(log ? output.exp().sub(target.mul(output)) : output.sub(target.mul(output.add(eps).log())), options);
}

/** Options of `ctc`. */
export interface CtcOptions extends ReductionOptions {
  /** The class of the blank, which does not count as a symbol. Default 0. */
  readonly blank?: number;
  /** [n] i32: steps of each sample that count. Default all. */
  readonly inputLengths?: Tensor;
  /** [n] i32: symbols of each target that count. Default all. */
  readonly targetLengths?: Tensor;
}

/**
 * Connectionist temporal classification (Graves et al., ICML 2006): -ln of the total probability of all paths through
 * the steps that spell the target; logarithms of probabilities [n, steps, classes], targets [n, symbols] (i32). "mean"
 * divides each by its number of symbols, as PyTorch does. A target that no path spells, because there are too few
 * steps, costs Infinity, and its gradient is 0. The program contains every step, unrolled.
 *
 * @example
 * ```ts
 * import { loss, tensor, zeros } from "tidu";
 *
 * const logs = zeros([1, 4, 3]).logSoftmax()
 * console.log((await loss.ctc(logs, tensor(Int32Array.of(1, 2), [1, 2])).item()) > 0); // true
 * ```
 */
export function ctc(logs: Tensor, target: Tensor, options: CtcOptions = {}): Tensor {
  checkLoss("ctc", options, { blank: whole(0), inputLengths: WHOLES, targetLengths: WHOLES });
  checkTensor("ctc", "logs", logs);
  checkTensor("ctc", "target", target);
  if (logs.rank !== 3) refuseShape("ctc", "logs", logs, "[samples, steps, classes]");
  needWhole("ctc", "target", target);
  const [n, steps, classes] = logs.shape;
  if (target.rank !== 2 || target.shape[0] !== n) refuseShape("ctc", "target", target, `[${n}, symbols]`);
  const { blank = 0, reduction = "mean" } = options;
  check("ctc", "blank", blank, whole(0, classes - 1));
  const symbols = target.shape[1];
  const inputLengths = options.inputLengths && knownLengths("ctc: input length", options.inputLengths, steps);
  const targetLengths = options.targetLengths && knownLengths("ctc: target length", options.targetLengths, symbols);
  // Symbols that do not count may be anything.
  const counted = targetLengths && arange(symbols).lt(targetLengths.unsqueeze(1)).where(target, blank);
  const labels = knownLabels("ctc", counted ?? target, classes);
  const states = 2 * symbols + 1;
  // Instead of -Infinity, by which sums and their gradients would be NaN.
  const NONE = -1e30;
  // The target with blanks between: state 2i + 1 is symbol i.
  const blanks = full([n, symbols, 1], blank).toInt();
  const path = concat(
    [concat([blanks, labels.toInt().unsqueeze(2)], 2).reshape([n, 2 * symbols]), full([n, 1], blank).toInt()],
    1,
  );
  const emitted = logs.maximum(NONE).matmul(oneHot(path, classes).transpose());
  // A symbol may follow the one before without a blank where they differ.
  const skips = concat(
    [
      full([n, 2], 0).to("bool"),
      path
        .slice(1, 2)
        .eq(path.slice(1, 0, states - 2))
        .not()
        .to("bool"),
    ],
    1,
  );
  const isSymbol = path.eq(full([1], blank).toInt()).not();
  const back = (x: Tensor, by: number): Tensor => concat([full([n, by], NONE), x.slice(1, 0, states - by)], 1);
  const first = concat([full([1, Math.min(2, states)], 0), full([1, Math.max(1, states - 2)], NONE)], 1).slice(
    1,
    0,
    states,
  );
  let alpha = emitted.slice(1, 0, 1).squeeze(1).add(first);
  // Without steps there is only the path of no symbols.
  if (inputLengths !== undefined)
    alpha = inputLengths
      .gt(0)
      .unsqueeze(1)
      .where(
        alpha,
        oneHot(full([n], 0).toInt(), states)
          .sub(1)
          .mul(-NONE),
      );
  for (let t = 1; t < steps; t++) {
    const jump = skips.where(isSymbol.where(back(alpha, 2), NONE), NONE);
    const ways = [alpha, back(alpha, 1), jump].map((x) => x.unsqueeze(0));
    const next = logsumexp(concat(ways, 0), 0).add(emitted.slice(1, t, t + 1).squeeze(1));
    alpha = inputLengths === undefined ? next : inputLengths.gt(t).unsqueeze(1).where(next, alpha);
  }
  const lengths = targetLengths ?? full([n], symbols).toInt();
  const end = lengths.mul(2).unsqueeze(1);
  // A target without symbols has no last one to end in.
  const last = end.gt(0).where(takeAlongAxis(alpha, end.sub(1).maximum(0), 1), NONE);
  const total = logsumexp(concat([takeAlongAxis(alpha, end, 1), last], 1), 1);
  const each = total.gt(NONE / 10).where(total.neg(), Number.POSITIVE_INFINITY);
  if (reduction === "mean") return each.div(lengths.maximum(1)).mean();
  return reduction === "sum" ? each.sum() : each;
}

const WHOLES = {
  ok: (v: unknown) => typeof v === "object" && v !== null && "dtype" in v,
  says: "a tensor [n] of whole numbers",
};
