import { ArgumentError } from "../base/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Variable } from "../tensor/variable.js";
import { Optimizer } from "./optimizer.js";

export interface SgdOptions {
  /** Learning rate, at least 0. */
  readonly lr: number;
  /** Share of the last step's direction that is kept, 0 to 1 (exclusive). Default 0. */
  readonly momentum?: number;
}

/** Gradient descent: v ← momentum · v + g, w ← w - lr · v (Polyak, 1964). */
export class Sgd extends Optimizer {
  readonly #momentum: number;

  constructor({ lr, momentum = 0 }: SgdOptions) {
    super(lr);
    if (!(momentum >= 0 && momentum < 1)) {
      throw new ArgumentError(`sgd: momentum is ${momentum}; it must be at least 0 and below 1`);
    }
    this.#momentum = momentum;
  }

  protected override next(variable: Variable, gradient: Tensor): Tensor {
    let direction = gradient;
    if (this.#momentum > 0) {
      const velocity = this.memory(variable, "momentum");
      direction = velocity.mul(this.#momentum).add(gradient);
      velocity.assign(direction);
    }
    return variable.sub(direction.mul(this.rate));
  }
}

export const sgd = (options: SgdOptions): Sgd => new Sgd(options);
