// RMSprop.
import { flag, notNegative, share } from "../base/check.js";
import type { Tensor } from "../tensor/tensor.js";
import { type CommonOptions, decayed, Optimizer, type OptimizerOptions, replaced, type Step } from "./optimizer.js";

export interface RmspropOptions extends CommonOptions {
  /** Share of the running mean of squares that is kept, at least 0 and below 1. Default 0.99. */
  readonly alpha?: number;
  /** Added to the root, at least 0. Default 1e-8. */
  readonly eps?: number;
  /** Share of the last direction that is kept, at least 0 and below 1. Default 0. */
  readonly momentum?: number;
  /** Divide by the root of the variance instead of the mean square. Default false. */
  readonly centered?: boolean;
}

/**
 * Gradients divided by the root of their running mean square: s ← α · s + (1 - α) · g², w ← w - lr · g / (√s + eps)
 * (Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012; centered: Graves, 2013).
 * Weight decay adds weightDecay · w to g.
 */
export class Rmsprop extends Optimizer<RmspropOptions> {
  constructor(options: OptimizerOptions<RmspropOptions>) {
    super("rmsprop", options, { alpha: share, eps: notNegative, momentum: share, centered: flag });
  }

  protected override next(step: Step<RmspropOptions>): Tensor {
    const { variable, rate, options } = step;
    const { alpha = 0.99, eps = 1e-8, momentum = 0, centered = false } = options;
    const gradient = decayed(step);
    const square = this.average(variable, "square", gradient.square(), alpha);
    // A variance near 0 may be negative after rounding.
    const spread = centered ? square.sub(this.average(variable, "mean", gradient, alpha).square()).relu() : square;
    let direction = gradient.div(spread.sqrt().add(eps));
    if (momentum > 0) {
      const velocity = this.memory(variable, "momentum");
      direction = replaced(velocity, velocity.mul(momentum).add(direction));
    }
    return variable.sub(direction.mul(rate));
  }
}

/**
 * See `Rmsprop`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.rmsprop({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const rmsprop = (options: OptimizerOptions<RmspropOptions>): Rmsprop => new Rmsprop(options);
