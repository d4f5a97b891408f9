// The fully connected layer.
import { check, checkOptions, oneOrMore } from "../base/check.js";
import { checkShape } from "../base/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkFeatures } from "./check.js";
import { byFanIn, lecunUniform } from "./init.js";
import { Module } from "./module.js";
import { type Initializer, Parameter, WEIGHTS } from "./parameter.js";

/** Options of `linear`. */
export interface LinearOptions {
  /** Whether there is a bias. Default true. */
  readonly bias?: boolean;
  /** Initial values of the weight; default uniform in ±1/sqrt(in). */
  readonly init?: Initializer;
  /** Initial values of the bias; the same default. */
  readonly biasInit?: Initializer;
}

/** The base of fully connected layers: linear functions x Wᵀ + b of the last axis, one or several for each output. */
export abstract class Affine<I extends number = number, O extends number = number> extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;

  constructor(
    protected readonly name: string,
    /** Size of the input's last axis. */
    readonly inFeatures: I,
    /** Size of the output's last axis. */
    readonly outFeatures: O,
    functions: number,
    options: LinearOptions = {},
  ) {
    super();
    check(name, "inFeatures", inFeatures, oneOrMore);
    check(name, "outFeatures", outFeatures, oneOrMore);
    checkOptions(name, options, WEIGHTS);
    const rows = outFeatures * functions;
    checkShape(name, [rows, inFeatures], "the weight's shape");
    this.weight = new Parameter([rows, inFeatures], options.init ?? lecunUniform);
    if (options.bias ?? true) this.bias = new Parameter([rows], options.biasInit ?? byFanIn(inFeatures), false);
  }

  /** The layer's text with another number of input features. */
  protected named(inFeatures: number): string {
    return `${this.name}(${inFeatures}, ${this.outFeatures})`;
  }

  override toString(): string {
    return this.named(this.inFeatures);
  }

  /** x Wᵀ + b: [..., in] -> [..., rows of W]. */
  protected affine(x: Tensor): Tensor {
    checkFeatures(String(this), x, this.inFeatures, (features) => this.named(features));
    const y = x.matmul(this.weight.transpose());
    return this.bias === undefined ? y : y.add(this.bias);
  }
}

/** f(x) = x Wᵀ + b over the last axis: [..., in] -> [..., out]. Weight [out, in], bias [out]. */
export class Linear<I extends number = number, O extends number = number> extends Affine<I, O> {
  constructor(inFeatures: I, outFeatures: O, options?: LinearOptions) {
    super("linear", inFeatures, outFeatures, 1, options);
  }

  override forward(x: Tensor): Tensor {
    return this.affine(x);
  }
}

/**
 * A fully connected layer; see `Linear`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.linear(784, 10).forward(zeros([2, 784])).shape); // [2, 10]
 * ```
 */
export const linear = <const I extends number, const O extends number>(
  inFeatures: I,
  outFeatures: O,
  options?: LinearOptions,
): Linear<I, O> => new Linear(inFeatures, outFeatures, options);
