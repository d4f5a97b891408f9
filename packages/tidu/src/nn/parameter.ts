// Parameters and their initial values.
import { callback, check, type Fields, flag, refuseShape } from "../base/check.js";
import { checkShape, formatShape, type Shape, sameShape } from "../base/shape.js";
import { aGenerator, defaultGenerator, type Generator } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";

/** Makes the initial value of a parameter. */
export type Initializer = (shape: Shape, generator: Generator) => Tensor;

let newest: WeakRef<object> | undefined;

/** Records the module under construction, to which errors attribute the parameters made next. */
export const noteModule = (module: object): void => {
  newest = new WeakRef(module);
};
/** Options of layers with a weight and a bias. */
export const WEIGHTS: Fields = { bias: flag, init: callback, biasInit: callback };

/** The result of an initializer, which must have the parameter's shape and type. */
function drawn(given: Shape, initializer: Initializer, generator: Generator): Tensor {
  const shape = checkShape("Parameter", given);
  check("Parameter", "initializer", initializer, callback);
  const value = initializer(shape, generator);
  if (value instanceof Tensor && value.dtype === "f32" && sameShape(value.shape, shape)) return value;
  return refuseShape("Parameter", "what initializer returns", value, `a tensor f32 ${formatShape(shape)}`);
}

/**
 * A variable that training changes.
 *
 * @example
 * ```ts
 * import { init, nn, type Tensor } from "tidu";
 *
 * class Scale extends nn.Module {
 *   readonly factor = new nn.Parameter([3], init.constant(1));
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 * console.log([...new Scale().state().keys()]); // ['factor']
 * ```
 */
export class Parameter extends Variable {
  /** Whether the value is still the one that the initializer drew. */
  #untouched = true;
  readonly #module = newest;

  constructor(
    shape: Shape,
    readonly initializer: Initializer,
    /** Weights are regularized; biases and the like are not unless requested. */
    readonly isWeight = true,
  ) {
    super(drawn(shape, initializer, defaultGenerator()));
    check("Parameter", "isWeight", isWeight, flag);
  }

  override assign(value: Tensor): void {
    this.#untouched = false;
    super.assign(value);
  }

  /** Its description in errors, such as "weight of linear(4, 3)". */
  describe(): string {
    const module = this.#module?.deref();
    const field = module && Object.entries(module).find(([, value]) => value === this)?.[0];
    return field === undefined ? `a parameter ${formatShape(this.shape)}` : `${field} of ${module}`;
  }

  /** Draws the initial value again, unless another value has been assigned since. */
  initialize(generator: Generator): void {
    check("initialize", "generator", generator, aGenerator);
    if (this.#untouched) this.restart(drawn(this.shape, this.initializer, generator).to(this.dtype));
  }
}
