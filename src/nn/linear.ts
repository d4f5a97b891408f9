import { ArgumentError, ShapeError } from "../base/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { byFanIn, lecunUniform } from "./init.js";
import { Module } from "./module.js";
import { type Initializer, Parameter } from "./parameter.js";

export interface LinearOptions {
  /** Whether there is a bias. Default true. */
  readonly bias?: boolean;
  /** First values of the weight; default uniform in ±1/sqrt(in). */
  readonly init?: Initializer;
}

/** f(x) = x Wᵀ + b over the last axis: [..., in] -> [..., out]. Weight [out, in], bias [out]. */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    checkCount("linear", "inFeatures", inFeatures);
    checkCount("linear", "outFeatures", outFeatures);
    this.weight = new Parameter([outFeatures, inFeatures], options.init ?? lecunUniform);
    if (options.bias ?? true) this.bias = new Parameter([outFeatures], byFanIn(inFeatures), false);
  }

  override toString(): string {
    return `linear(${this.inFeatures}, ${this.outFeatures})`;
  }

  override forward(x: Tensor): Tensor {
    const features = x.shape.at(-1);
    if (features !== this.inFeatures) {
      throw new ShapeError(
        `${this}: input has ${features ?? "no"} features (shape [${x.shape}]), expected ${this.inFeatures}: change the layer to linear(${features}, ${this.outFeatures})`,
      );
    }
    const y = x.matmul(this.weight.transpose());
    return this.bias === undefined ? y : y.add(this.bias);
  }
}

/** A fully connected layer. */
export const linear = (inFeatures: number, outFeatures: number, options?: LinearOptions): Linear =>
  new Linear(inFeatures, outFeatures, options);

/** Throws unless a size is a whole number of at least `least`. */
export function checkCount(layer: string, name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw new ArgumentError(`${layer}: ${name} is ${value}; it must be a whole number of at least ${least}`);
  }
}
