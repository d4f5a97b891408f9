// Penalties on parameters, added to the cost.
import { callback, check, checkOptions, flag, having, instance, listOf, notNegative, refuse } from "../base/check.js";
import { Tensor } from "../tensor/tensor.js";
import type { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/**
 * A penalty on the parameters that is added to the cost: λ g(w), so that J′ = J + λ g(w). Undefined where it applies to
 * none of the parameters. It never applies to frozen ones.
 */
export type Regularizer = (parameters: readonly Parameter[]) => Tensor | undefined;

/** Options of all penalties. */
export interface RegularizeOptions {
  /** Whether it applies to biases (and the scales of normalizations), too. Default false: weights only. */
  readonly all?: boolean;
}

/**
 * λ times the sum of your own function over all parameters: `penalty((w) => w.pow(4).sum(), 1e-3)`.
 *
 * @param g one number from a parameter.
 * @param lambda λ, a finite number of at least 0; default 1.
 *
 * @example
 * ```ts
 * import { nn, regularize } from "tidu";
 *
 * const largest = regularize.penalty((w) => w.abs().max(), 0.1)
 * console.log(largest(nn.linear(2, 1).parameters())?.shape); // []
 * ```
 */
export const penalty = (g: (w: Tensor) => Tensor, lambda = 1, options: RegularizeOptions = {}): Regularizer =>
  penalize("penalty", "lambda", g, lambda, options);

function penalize(
  where: string,
  name: string,
  g: (w: Tensor) => Tensor,
  lambda: number,
  options: RegularizeOptions = {},
): Regularizer {
  check(where, "g", g, callback);
  check(where, name, lambda, notNegative);
  checkOptions(where, options, { all: flag });
  return (parameters) => {
    checkParameters(where, parameters);
    const terms = parameters.filter((p) => p.trainable && (options.all || p.isWeight)).map((p) => g(p));
    for (const term of terms)
      if (!(term instanceof Tensor && term.size === 1)) refuse(where, "what g returns", term, "a tensor of one number");
    return total(terms)?.mul(lambda);
  };
}

const checkParameters = (where: string, parameters: readonly Parameter[]): void =>
  check(where, "parameters", parameters, listOf(instance(Parameter, "a parameter"), "a list of parameters"));

/**
 * λ times the sum of squares; gradient 2 λ w.
 *
 * @example
 * ```ts
 * import { nn, regularize } from "tidu";
 *
 * console.log(regularize.l2(1e-4)(nn.linear(2, 1).parameters())?.shape); // []
 * ```
 */
export const l2 = (lambda: number, options?: RegularizeOptions): Regularizer =>
  penalize("l2", "lambda", (w) => w.square().sum(), lambda, options);

/**
 * λ times the sum of absolute values; gradient λ sign(w), 0 at 0.
 *
 * @example
 * ```ts
 * import { nn, regularize } from "tidu";
 *
 * console.log(regularize.l1(1e-4)(nn.linear(2, 1).parameters())?.shape); // []
 * ```
 */
export const l1 = (lambda: number, options?: RegularizeOptions): Regularizer =>
  penalize("l1", "lambda", (w) => w.abs().sum(), lambda, options);

/**
 * `l1` and `l2` together. Zou and Hastie, Journal of the Royal Statistical Society B 67, 2005.
 *
 * @example
 * ```ts
 * import { nn, regularize } from "tidu";
 *
 * console.log(regularize.elasticNet(1e-4, 1e-4)(nn.linear(2, 1).parameters())?.shape); // []
 * ```
 */
export const elasticNet = (lambda1: number, lambda2: number, options?: RegularizeOptions): Regularizer =>
  added(
    "elasticNet",
    penalize("elasticNet", "lambda1", (w) => w.abs().sum(), lambda1, options),
    penalize("elasticNet", "lambda2", (w) => w.square().sum(), lambda2, options),
  );

/**
 * A regularizer for the parameters of one layer (or network) only, with its own λ: `sum(only(net.layers[0], l2(1e-4)),
 * only(net.layers[2], l2(1e-3)))`.
 *
 * @example
 * ```ts
 * import { nn, regularize } from "tidu";
 *
 * const last = nn.linear(4, 1)
 * const net = nn.sequential(nn.linear(2, 4), nn.relu(), last)
 * console.log(regularize.only(last, regularize.l2(1e-2))(net.parameters())?.shape); // []
 * ```
 */
export function only(layer: Module, regularizer: Regularizer): Regularizer {
  check("only", "layer", layer, having("a layer", "forward", "parameters"));
  check("only", "regularizer", regularizer, callback);
  return (parameters) => {
    checkParameters("only", parameters);
    const own = new Set(layer.parameters());
    return regularizer(parameters.filter((p) => own.has(p)));
  };
}

/**
 * The sum of several regularizers.
 *
 * @example
 * ```ts
 * import { nn, regularize } from "tidu";
 *
 * const both = regularize.sum(regularize.l1(1e-4), regularize.l2(1e-3))
 * console.log(both(nn.linear(2, 1).parameters())?.shape); // []
 * ```
 */
export function sum(...regularizers: readonly Regularizer[]): Regularizer {
  check("sum", "regularizers", regularizers, listOf(callback));
  return added("sum", ...regularizers);
}

const added =
  (where: string, ...regularizers: readonly Regularizer[]): Regularizer =>
  (parameters) => {
    checkParameters(where, parameters);
    return total(regularizers.flatMap((r) => r(parameters) ?? []));
  };

const total = (terms: readonly Tensor[]): Tensor | undefined =>
  terms.length === 0 ? undefined : terms.reduce((sum, t) => sum.add(t));
