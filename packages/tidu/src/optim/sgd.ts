// Stochastic gradient descent.
import { flag, share, within } from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import { ones, type Tensor } from "../tensor/tensor.js";
import type { Variable } from "../tensor/variable.js";
import { type CommonOptions, decayed, Optimizer, type OptimizerOptions, replaced, type Step } from "./optimizer.js";

export interface SgdOptions extends CommonOptions {
  /** Share of the last direction that is kept, at least 0 and below 1. Default 0. */
  readonly momentum?: number;
  /** Share of the gradient that does not enter the direction after the first step, 0 to 1. Default 0. */
  readonly dampening?: number;
  /**
   * Nesterov's momentum: step along the gradient plus momentum times the new direction. Needs momentum. Default false.
   */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent. Direction v ← momentum · v + (1 - dampening) · g, step w ← w - lr · v (Polyak, 1964); with
 * `nesterov` w ← w - lr · (g + momentum · v) (Sutskever et al., ICML 2013). Weight decay adds weightDecay · w to g.
 */
export class Sgd extends Optimizer<SgdOptions> {
  constructor(options: OptimizerOptions<SgdOptions>) {
    super("sgd", options, { momentum: share, dampening: within(0, 1), nesterov: flag }, checkNesterov);
  }

  protected override next(step: Step<SgdOptions>): Tensor {
    const { variable, rate, options } = step;
    const { momentum = 0, nesterov = false } = options;
    const gradient = decayed(step);
    if (momentum === 0) return variable.sub(gradient.mul(rate));
    const velocity = this.memory(variable, "momentum");
    const direction = replaced(velocity, velocity.mul(momentum).add(this.#share(variable, gradient, options)));
    return variable.sub((nesterov ? gradient.add(direction.mul(momentum)) : direction).mul(rate));
  }

  /** The gradient's part in the direction: all of it in the first step, 1 - dampening of it later. */
  #share(variable: Variable, gradient: Tensor, { dampening = 0 }: SgdOptions): Tensor {
    if (dampening === 0) return gradient;
    const started = this.memory(variable, "started", []);
    const share = started.mul(-dampening).add(1);
    started.assign(ones([]).to(started.dtype));
    return gradient.mul(share);
  }
}

function checkNesterov({ momentum = 0, dampening = 0, nesterov = false }: SgdOptions): void {
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new ArgumentError(
      `sgd: nesterov with momentum ${momentum} and dampening ${dampening}; it needs momentum above 0 and no dampening`,
    );
  }
}

/**
 * See `Sgd`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.sgd({ lr: 0.1, momentum: 0.9 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const sgd = (options: OptimizerOptions<SgdOptions>): Sgd => new Sgd(options);
