// Reductions that are made of the methods of tensors.
import { check, checkOptions, either, flag, notNegative, positive, refuse } from "../../base/check.js";
import { normalizeAxes, normalizeAxis } from "../../base/shape.js";
import { intMinOp, minOp, reduce } from "../../graph/ops/index.js";
import { prodOp } from "../../graph/ops/prod.js";
import { moments } from "../moments.js";
import { type Axes, checkTensor, placeOf, Tensor } from "../tensor.js";
import { floats } from "../types.js";

/** Options of `variance` and `std`. */
export interface VarianceOptions {
  /** The sum of squares is divided by the number of elements minus this. Default 1 (NumPy's is 0). */
  readonly correction?: number;
  /** Leaves the axes with size 1. Default false. */
  readonly keep?: boolean;
}

/**
 * Mean square of the distances from the mean, over one axis, several, or (left out) all; f32.
 *
 * @example
 * ```ts
 * import { tensor, variance } from "tidu";
 *
 * console.log(await variance(tensor([1, 2, 3])).item()); // 1
 * ```
 */
export function variance(x: Tensor, axes?: Axes, options: VarianceOptions = {}): Tensor {
  return varianceOf("variance", x, axes, options);
}

/**
 * The root of the variance; its gradient where all elements are equal is 0.
 *
 * @example
 * ```ts
 * import { std, tensor } from "tidu";
 *
 * console.log(await std(tensor([1, 2, 3])).item()); // 1
 * ```
 */
export function std(x: Tensor, axes?: Axes, options: VarianceOptions = {}): Tensor {
  return rootOf(varianceOf("std", x, axes, options));
}

/** The root of what is not negative, whose gradient at 0 is 0. */
function rootOf(x: Tensor): Tensor {
  const none = x.eq(0);
  return none.where(0, none.where(1, x).sqrt());
}

function varianceOf(where: string, x: Tensor, axes: Axes | undefined, options: VarianceOptions): Tensor {
  checkTensor(where, "x", x);
  checkOptions(where, options, { correction: notNegative, keep: flag });
  const { correction = 1, keep = false } = options;
  const list = normalizeAxes(where, axes, x.rank);
  const count = list.reduce((n, a) => n * x.shape[a], 1);
  if (correction >= count) refuse(where, "options.correction", correction, `below ${count}, the number of elements`);
  return moments(x.toFloat(), list)
    .centred.square()
    .sum(list, keep)
    .div(count - correction);
}

/** Options of `norm`. */
export interface VectorNormOptions {
  /** (sum of |x|^order)^(1 / order), the largest |x| for Infinity. Default 2. */
  readonly order?: number;
  /** Leaves the axes with size 1. Default false. */
  readonly keep?: boolean;
}

/**
 * The length of vectors along one axis, several, or (left out) all; the gradient at length 0 is 0.
 *
 * @example
 * ```ts
 * import { norm, tensor } from "tidu";
 *
 * console.log(await norm(tensor([3, 4])).item()); // 5
 * ```
 */
export function norm(x: Tensor, axes?: Axes, options: VectorNormOptions = {}): Tensor {
  checkTensor("norm", "x", x);
  checkOptions("norm", options, { order: either(positive, INFINITE), keep: flag });
  const { order = 2, keep = false } = options;
  const list = normalizeAxes("norm", axes, x.rank);
  // Without |x|, whose second derivative at 0 would be lost.
  if (order === 2) return rootOf(x.toFloat().square().sum(list, keep));
  const sizes = x.toFloat().abs();
  if (order === Number.POSITIVE_INFINITY) return sizes.max(list, keep);
  if (order === 1) return sizes.sum(list, keep);
  const total = sizes.pow(order).sum(list, keep);
  const none = total.eq(0);
  const safe = none.where(1, total);
  return none.where(0, safe.pow(1 / order));
}

const INFINITE = { ok: (v: unknown) => v === Number.POSITIVE_INFINITY, says: "Infinity" };

/**
 * Product, f32, over one axis, several, or (left out) all. Gradients of every order are right at zeros, too.
 *
 * @example
 * ```ts
 * import { prod, tensor } from "tidu";
 *
 * console.log(await prod(tensor([2, 3, 4])).item()); // 24
 * ```
 */
export function prod(x: Tensor, axes?: Axes, keep = false): Tensor {
  checkTensor("prod", "x", x);
  check("prod", "keep", keep, flag);
  const list = normalizeAxes("prod", axes, x.rank).sort((a, b) => a - b);
  const y = new Tensor(reduce(prodOp, floats(x.node), list));
  return keep ? y.reshape(x.shape.map((d, i) => (list.includes(i) ? 1 : d))) : y;
}

/**
 * Position of the first smallest element along `axis`, i32; of the first NaN, if there is one.
 *
 * @example
 * ```ts
 * import { argmin, tensor } from "tidu";
 *
 * console.log(await argmin(tensor([3, 1, 2])).item()); // 1
 * ```
 */
export function argmin(x: Tensor, axis = -1): Tensor {
  checkTensor("argmin", "x", x);
  return placeOf(x, minOp, intMinOp, normalizeAxis("argmin", axis, x.rank));
}

/**
 * ln of the sum of e^x, without its overflow.
 *
 * @example
 * ```ts
 * import { logsumexp, tensor } from "tidu";
 *
 * console.log((await logsumexp(tensor([0, 0])).item()).toFixed(4)); // 0.6931
 * ```
 */
export function logsumexp(x: Tensor, axes?: Axes, keep = false): Tensor {
  checkTensor("logsumexp", "x", x);
  check("logsumexp", "keep", keep, flag);
  const list = normalizeAxes("logsumexp", axes, x.rank);
  const top = x.toFloat().max(list, true).detach();
  const finite = top.sub(top).eq(0).where(top, 0);
  const sum = x.sub(finite).exp().sum(list, true).log().add(finite);
  return keep ? sum : sum.reshape(x.shape.filter((_, i) => !list.includes(i)));
}

/**
 * Whether some element is true (not 0), bool.
 *
 * @example
 * ```ts
 * import { any, tensor } from "tidu";
 *
 * console.log(await any(tensor([false, true])).item()); // 1
 * ```
 */
export function any(x: Tensor, axes?: Axes, keep = false): Tensor {
  checkTensor("any", "x", x);
  check("any", "keep", keep, flag);
  return x
    .to("bool")
    .toInt()
    .max(normalizeAxes("any", axes, x.rank), keep)
    .to("bool");
}

/**
 * Whether all elements are true (not 0), bool.
 *
 * @example
 * ```ts
 * import { all, tensor } from "tidu";
 *
 * console.log(await all(tensor([false, true])).item()); // 0
 * ```
 */
export function all(x: Tensor, axes?: Axes, keep = false): Tensor {
  checkTensor("all", "x", x);
  check("all", "keep", keep, flag);
  return x
    .to("bool")
    .toInt()
    .min(normalizeAxes("all", axes, x.rank), keep)
    .to("bool");
}
