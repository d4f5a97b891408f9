// Activation functions as layers.
import { callback, check, finite, integer, listOf, positive, text, whole } from "../base/check.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Keeps } from "./neighbours.js";

/**
 * A layer without parameters that is one function of a tensor.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * const mish = new nn.Activation("mish", (x) => x.mul(x.softplus().tanh()));
 * console.log(`${mish}`, await mish.forward(tensor([0])).array()); // mish() [0]
 * ```
 */
export class Activation<K extends Keeps = "nothing"> extends Module {
  declare readonly keeps?: K;
  readonly #apply: (x: Tensor) => Tensor;
  /** The numbers that it was made with, such as a slope. */
  readonly settings: readonly number[];

  constructor(
    readonly name: string,
    apply: (x: Tensor) => Tensor,
    ...settings: readonly number[]
  ) {
    super();
    check("Activation", "name", name, text);
    check("Activation", "apply", apply, callback);
    check("Activation", "settings", settings, listOf(finite));
    this.#apply = apply;
    this.settings = settings;
  }

  override toString(): string {
    return `${this.name}(${this.settings.join(", ")})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    const y = this.#apply(x);
    checkTensor(String(this), "what apply returns", y);
    return y;
  }
}

/** A function of each element: any shape stays as it is. */
type Elementwise = Activation<"all">;

/**
 * max(0, x); gradient 0 at 0. Nair and Hinton, ICML 2010.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.relu().forward(tensor([-1, 2])).array()); // [0, 2]
 * ```
 */
export const relu = (): Elementwise => new Activation("relu", (x) => x.relu());

/**
 * x where x > 0, else slope · x; gradient `slope` at 0. Maas, Hannun and Ng, ICML 2013.
 * @param slope a finite number; default 0.1, as in the notes (PyTorch's default is 0.01).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.leakyRelu(0.25).forward(tensor([-1, 2])).array()); // [-0.25, 2]
 * ```
 */
export function leakyRelu(slope = 0.1): Elementwise {
  check("leakyRelu", "slope", slope, finite);
  return new Activation("leakyRelu", (x) => x.gt(0).where(x, x.mul(slope)), slope);
}

/**
 * x where x > 0, else alpha · (e^x - 1); gradient `alpha` at 0. Clevert, Unterthiner and Hochreiter, ICLR 2016.
 * @param alpha above 0; default 1 (the notes' figure has 0.4).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.elu().forward(tensor([-100, 2])).array()); // [-1, 2]
 * ```
 */
export function elu(alpha = 1): Elementwise {
  check("elu", "alpha", alpha, positive);
  // The exponential only gets numbers up to 0: for large ones it would overflow, and infinity times the gradient 0 is
  // NaN.
  return new Activation("elu", (x) => x.relu().add(x.gt(0).where(0, x).expm1().mul(alpha)), alpha);
}

/**
 * 1 / (1 + e^-x), between 0 and 1; gradient 1/4 at 0.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.sigmoid().forward(tensor([0])).array()); // [0.5]
 * ```
 */
export const sigmoid = (): Elementwise => new Activation("sigmoid", (x) => x.sigmoid());

/**
 * (e^x - e^-x) / (e^x + e^-x), between -1 and 1; gradient 1 at 0.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.tanh().forward(tensor([-100, 0, 100])).array()); // [-1, 0, 1]
 * ```
 */
export const tanh = (): Elementwise => new Activation("tanh", (x) => x.tanh());

/**
 * ln(1 + e^x), a smooth relu; gradient 1/2 at 0. Dugas et al., NIPS 2000.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.softplus().forward(tensor([100])).array()); // [100]
 * ```
 */
export const softplus = (): Elementwise => new Activation("softplus", (x) => x.softplus());

/**
 * x · Φ(x) with the normal distribution's Φ(x) = (1 + erf(x / √2)) / 2, exact (no tanh approximation);
 * gradient 1/2 at 0. Hendrycks and Gimpel, 2016.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.gelu().forward(tensor([0, 100])).array()); // [0, 100]
 * ```
 */
export const gelu = (): Elementwise => new Activation("gelu", (x) => x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)));

/**
 * x · sigmoid(x); gradient 1/2 at 0. Elfwing, Uchibe and Doya, Neural Networks 107, 2018.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.silu().forward(tensor([0, 100])).array()); // [0, 100]
 * ```
 */
export const silu = (): Elementwise => new Activation("silu", (x) => x.mul(x.sigmoid()));

/**
 * e^x divided by the sum of e^x along `axis` (default the last): positive numbers that add up to 1.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.softmax().forward(tensor([[1, 1]])).array()); // [[0.5, 0.5]]
 * ```
 */
export function softmax(axis = -1): Elementwise {
  check("softmax", "axis", axis, integer);
  return new Activation("softmax", (x) => x.softmax(axis), axis);
}

/**
 * The logarithm of `softmax`, without its overflow.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(nn.logSoftmax().forward(tensor([[1, 2, 3]])).shape); // [1, 3]
 * ```
 */
export function logSoftmax(axis = -1): Elementwise {
  check("logSoftmax", "axis", axis, integer);
  return new Activation("logSoftmax", (x) => x.logSoftmax(axis), axis);
}

/**
 * Merges all axes from `start` on (default 1: all but the samples') into one.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.flatten().forward(zeros([2, 3, 4, 4])).shape); // [2, 48]
 * ```
 */
export function flatten(start = 1): Activation {
  check("flatten", "start", start, whole(0));
  return new Activation("flatten", (x) => x.flatten(start), ...(start === 1 ? [] : [start]));
}
