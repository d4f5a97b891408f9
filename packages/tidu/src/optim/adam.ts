// Adam and AdamW.
import { flag, isPlain, listOf, notNegative, share } from "../base/check.js";
import { ones, type Tensor } from "../tensor/tensor.js";
import type { Variable } from "../tensor/variable.js";
import { type CommonOptions, decayed, Optimizer, type OptimizerOptions, replaced, type Step } from "./optimizer.js";

export interface AdamOptions extends CommonOptions {
  /** Shares of the running means of g and of g² that are kept, each at least 0 and below 1. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root, at least 0. Default 1e-8. */
  readonly eps?: number;
  /** Divide by the largest mean square so far (Reddi, Kale and Kumar, ICLR 2018). Default false. */
  readonly amsgrad?: boolean;
}

/**
 * m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², w ← w - lr · m̂ / (√v̂ + eps), where m̂ and v̂ are m and v corrected
 * for their start at 0: divided by what they would be if every gradient had been 1 (Kingma and Ba, ICLR 2015).
 *
 * Weight decay adds weightDecay · w to g; for `adamw` it shrinks w by lr · weightDecay instead, untouched by the division
 * (Loshchilov and Hutter, ICLR 2019).
 */
export class Adam extends Optimizer<AdamOptions> {
  readonly #decoupled: boolean;

  constructor(name: "adam" | "adamw", options: OptimizerOptions<AdamOptions>) {
    super(name, options, { betas, eps: notNegative, amsgrad: flag });
    this.#decoupled = name === "adamw";
  }

  protected override next(step: Step<AdamOptions>): Tensor {
    const { variable, rate, options } = step;
    const { betas: [keepMean, keepSquare] = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    const gradient = this.#decoupled ? step.gradient : decayed(step);
    const mean = this.average(variable, "mean", gradient, keepMean);
    const square = this.#largest(variable, this.average(variable, "square", gradient.square(), keepSquare), options);
    const meanOfOnes = this.average(variable, "meanOfOnes", ones([]), keepMean);
    const squareOfOnes = this.average(variable, "squareOfOnes", ones([]), keepSquare);
    const scale = ones([]).div(squareOfOnes.sqrt());
    const change = mean.mul(rate.div(meanOfOnes)).div(square.sqrt().mul(scale).add(eps));
    const start = this.#decoupled && weightDecay > 0 ? variable.sub(variable.mul(rate.mul(weightDecay))) : variable;
    return start.sub(change);
  }

  #largest(variable: Variable, square: Tensor, { amsgrad = false }: AdamOptions): Tensor {
    if (!amsgrad) return square;
    const largest = this.memory(variable, "largestSquare");
    return replaced(largest, largest.maximum(square));
  }
}

const betas = listOf(share, "a pair of numbers of at least 0 and below 1", 2);

/**
 * Adam; see `Adam`. Weight decay defaults to 0.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.adam({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const adam = (options: OptimizerOptions<AdamOptions>): Adam => new Adam("adam", options);

/**
 * Adam with decoupled weight decay; see `Adam`. Weight decay defaults to 0.01.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.adamw({ lr: 0.1, weightDecay: 0.01 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const adamw = (options: OptimizerOptions<AdamOptions>): Adam =>
  new Adam(
    "adamw",
    options?.weightDecay === undefined && isPlain(options) ? { ...options, weightDecay: 0.01 } : options,
  );
