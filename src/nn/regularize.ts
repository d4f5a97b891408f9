import { ArgumentError } from "../base/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Parameter } from "./parameter.js";

/** What is added to the cost on account of the parameters: λ g(w). */
export type Regularizer = (parameters: readonly Parameter[]) => Tensor | undefined;

const overWeights =
  (lambda: number, g: (w: Tensor) => Tensor): Regularizer =>
  (parameters) => {
    const terms = parameters.filter((p) => p.isWeight).map((p) => g(p).mul(lambda));
    return terms.length === 0 ? undefined : terms.reduce((sum, t) => sum.add(t));
  };

function checkLambda(name: string, lambda: number): void {
  if (!(lambda >= 0) || !Number.isFinite(lambda)) {
    throw new ArgumentError(`${name}: lambda is ${lambda}; it must be a number of at least 0`);
  }
}

/** λ times the sum of squares of all weights (biases are left alone). */
export function l2(lambda: number): Regularizer {
  checkLambda("l2", lambda);
  return overWeights(lambda, (w) => w.square().sum());
}

/** λ times the sum of absolute values of all weights (biases are left alone). */
export function l1(lambda: number): Regularizer {
  checkLambda("l1", lambda);
  return overWeights(lambda, (w) => w.abs().sum());
}
