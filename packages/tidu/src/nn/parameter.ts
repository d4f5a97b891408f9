import { formatShape, type Shape } from "../base/shape.js";
import { defaultGenerator, type Generator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";

/** Makes the first value of a parameter. */
export type Initializer = (shape: Shape, generator: Generator) => Tensor;

let newest: WeakRef<object> | undefined;

/** Notes a module under construction: the parameters made next are its own, as far as errors tell of them. */
export const noteModule = (module: object): void => {
  newest = new WeakRef(module);
};

/** A variable that training changes. */
export class Parameter extends Variable {
  /** Whether the value is still the one that the initializer drew. */
  #untouched = true;
  readonly #module = newest;

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

  /** What it is called in errors, such as "weight of linear(4, 3)". */
  describe(): string {
    const module = this.#module?.deref();
    const field = module && Object.entries(module).find(([, value]) => value === this)?.[0];
    return field === undefined ? `a parameter ${formatShape(this.shape)}` : `${field} of ${module}`;
  }

  /** Draws the first value again, unless another has been assigned since. */
  initialize(generator: Generator): void {
    if (this.#untouched) this.restart(this.initializer(this.shape, generator));
  }
}
