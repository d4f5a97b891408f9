import { checkRange } from "../base/check.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Module } from "./module.js";
import type { Parameter } from "./parameter.js";

/**
 * What is added to the cost on account of the parameters: λ g(w), so that J′ = J + λ g(w). Undefined where none of the
 * parameters is meant. Frozen ones never are.
 */
export type Regularizer = (parameters: readonly Parameter[]) => Tensor | undefined;

export interface RegularizeOptions {
  /** Whether biases (and the scales of normalisations) are meant too. Default false: weights only. */
  readonly all?: boolean;
}

/**
 * λ times one's own function of each parameter, added up: `penalty((w) => w.pow(4).sum(), 1e-3)`.
 *
 * @param g one number from a parameter.
 * @param lambda λ, a finite number of at least 0; default 1.
 */
export function penalty(g: (w: Tensor) => Tensor, lambda = 1, { all = false }: RegularizeOptions = {}): Regularizer {
  checkRange("regularize", "lambda", lambda, 0);
  return (parameters) => {
    const terms = parameters.filter((p) => p.trainable && (all || p.isWeight)).map((p) => g(p));
    return total(terms)?.mul(lambda);
  };
}

/** λ times the sum of squares; gradient 2 λ w. */
export const l2 = (lambda: number, options?: RegularizeOptions): Regularizer =>
  penalty((w) => w.square().sum(), lambda, options);

/** λ times the sum of absolute values; gradient λ sign(w), 0 at 0. */
export const l1 = (lambda: number, options?: RegularizeOptions): Regularizer =>
  penalty((w) => w.abs().sum(), lambda, options);

/** `l1` and `l2` together. Zou and Hastie, Journal of the Royal Statistical Society B 67, 2005. */
export const elasticNet = (lambda1: number, lambda2: number, options?: RegularizeOptions): Regularizer =>
  sum(l1(lambda1, options), l2(lambda2, options));

/**
 * A regulariser for the parameters of one layer (or network) only, for a λ of its own:
 * `sum(only(net.layers[0], l2(1e-4)), only(net.layers[2], l2(1e-3)))`.
 */
export const only =
  (layer: Module, regularizer: Regularizer): Regularizer =>
  (parameters) => {
    const own = new Set(layer.parameters());
    return regularizer(parameters.filter((p) => own.has(p)));
  };

/** Several regularisers added up. */
export const sum =
  (...regularizers: readonly Regularizer[]): Regularizer =>
  (parameters) =>
    total(regularizers.flatMap((r) => r(parameters) ?? []));

const total = (terms: readonly Tensor[]): Tensor | undefined =>
  terms.length === 0 ? undefined : terms.reduce((sum, t) => sum.add(t));
