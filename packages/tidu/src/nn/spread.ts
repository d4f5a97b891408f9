// Mean and variance of many predictions, without keeping them.
import { floatOf, type TypedArray } from "../base/dtype.js";
import { type Tensor, tensor } from "../tensor/tensor.js";

/** Mean and spread of several predictions, element by element; both have a prediction's shape. */
export interface Spread {
  readonly mean: Tensor;
  /** Standard deviation: the root of the mean squared distance from the mean. */
  readonly spread: Tensor;
}

/**
 * Weighted mean and variance of arrays of one length, in float64, without keeping them: with W the weights so far,
 * mean += w / W · (y - mean). West, "Updating mean and variance estimates", Communications of the ACM 22, 1979.
 */
export class Moments {
  #weight = 0;
  #mean = new Float64Array();
  /** Weighted squared distances from the mean, added up. */
  #squares = new Float64Array();

  add(values: TypedArray, weight = 1): void {
    if (this.#weight === 0) {
      this.#mean = new Float64Array(values.length);
      this.#squares = new Float64Array(values.length);
    }
    this.#weight += weight;
    for (let i = 0; i < values.length; i++) {
      const off = values[i] - this.#mean[i];
      this.#mean[i] += (weight / this.#weight) * off;
      this.#squares[i] += weight * off * (values[i] - this.#mean[i]);
    }
  }

  /** Both in the shape and type of one of the predictions. */
  spread({ shape, dtype }: Tensor): Spread {
    const of = (data: Float64Array) => tensor(data, shape, floatOf(dtype));
    return { mean: of(this.#mean), spread: of(this.#squares.map((s) => Math.sqrt(s / this.#weight))) };
  }
}
