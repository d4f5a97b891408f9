import type { Shape } from "../base/shape.js";
import { defaultGenerator, type Generator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";

/** Makes the first value of a parameter. */
export type Initializer = (shape: Shape, generator: Generator) => Tensor;

/** A variable that training changes. */
export class Parameter extends Variable {
  /** Whether the value is still the one that the initializer drew. */
  #untouched = true;

  constructor(
    shape: Shape,
    readonly initializer: Initializer,
    /** Weights are regularised, biases and the like are not, unless asked. */
    readonly isWeight = true,
  ) {
    super(initializer(shape, defaultGenerator()));
  }

  override assign(value: Tensor): void {
    this.#untouched = false;
    super.assign(value);
  }

  /** Draws the first value again, unless another has been assigned since. */
  initialize(generator: Generator): void {
    if (this.#untouched) super.assign(this.initializer(this.shape, generator));
  }
}
