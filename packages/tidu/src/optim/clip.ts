// Limits for gradients.
import { check, listOf, positive, refuse } from "../base/check.js";
import { floatOf } from "../base/dtype.js";
import { aTensor, full, type Tensor } from "../tensor/tensor.js";

const LIST = "a list of tensors, at least one";

function checkGradients(where: string, gradients: readonly Tensor[]): void {
  check(where, "gradients", gradients, listOf(aTensor, LIST));
  if (gradients.length === 0) refuse(where, "gradients", gradients, LIST);
}

/** Keeps the division below from 0 / 0. */
const TINY = 1e-6;

/**
 * The norm of all gradients together: (sum of |g|^order)^(1 / order), or the largest |g| for an order of Infinity.
 * Default order 2.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "tidu";
 *
 * console.log(await optim.gradientNorm([tensor([3]), tensor([4])]).item()); // 5
 * ```
 */
export function gradientNorm(gradients: readonly Tensor[], order = 2): Tensor {
  return normOf("gradientNorm", gradients, order);
}

function normOf(where: string, gradients: readonly Tensor[], order: number): Tensor {
  checkGradients(where, gradients);
  if (order !== Number.POSITIVE_INFINITY) check(where, "order", order, positive);
  if (order === Number.POSITIVE_INFINITY) return gradients.map((g) => g.abs().max()).reduce((a, b) => a.maximum(b));
  const total = gradients.map((g) => powers(g, order).sum()).reduce((a, b) => a.add(b));
  return order === 1 ? total : order === 2 ? total.sqrt() : total.pow(1 / order);
}

const powers = (g: Tensor, order: number): Tensor =>
  order === 1 ? g.abs() : order === 2 ? g.square() : g.abs().pow(order);

/**
 * Gradients scaled by one factor, min(1, limit / (norm + 1e-6)), so that their common norm is at most the limit
 * (Pascanu, Mikolov and Bengio, ICML 2013).
 *
 * @example
 * ```ts
 * import { optim, tensor } from "tidu";
 *
 * const clipped = optim.clipByNorm([tensor([6, 8])], 5)
 * console.log((await optim.gradientNorm(clipped).item()).toFixed(4)); // 5.0000
 * ```
 */
export function clipByNorm(gradients: readonly Tensor[], limit: number, order = 2): Tensor[] {
  check("clipByNorm", "limit", limit, positive);
  const factor = full([], limit)
    .div(normOf("clipByNorm", gradients, order).add(TINY))
    .minimum(1);
  return gradients.map((g) => g.mul(factor.to(floatOf(g.dtype))));
}

/**
 * Gradients with each element limited to ±limit.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "tidu";
 *
 * const [g] = optim.clipByValue([tensor([-3, 0.5])], 1)
 * console.log(await g.array()); // [-1, 0.5]
 * ```
 */
export function clipByValue(gradients: readonly Tensor[], limit: number): Tensor[] {
  check("clipByValue", "limit", limit, positive);
  checkGradients("clipByValue", gradients);
  return gradients.map((g) => g.maximum(-limit).minimum(limit));
}
