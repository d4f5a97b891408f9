// Normalization over groups of channels, over single channels, and by the root mean square.
import { check, checkOptions, oneOrMore, positive, refuse, refuseShape } from "../base/check.js";
import { moments } from "../tensor/moments.js";
import { checkTensor, ones, type Tensor } from "../tensor/tensor.js";
import { checkChannels } from "./check.js";
import { constant } from "./init.js";
import { Module } from "./module.js";
import { Norm, type NormOptions } from "./norm.js";
import { Parameter } from "./parameter.js";

/**
 * Group normalization (Wu and He, ECCV 2018): of each sample [n, channels, …], each group of channels gets mean 0 and variance 1. Weight and bias
 * [channels]. A group for each channel is instance normalization (Ulyanov et al., 2016).
 */
export class GroupNorm extends Norm {
  declare readonly keeps?: "all";

  constructor(
    readonly name: "groupNorm" | "instanceNorm",
    readonly groups: number,
    readonly inChannels: number,
    options: NormOptions = {},
  ) {
    check(name, "groups", groups, oneOrMore);
    check(name, "channels", inChannels, oneOrMore);
    super(name, [inChannels], options);
    if (inChannels % groups !== 0) refuse(name, "groups", groups, `a divisor of ${inChannels} channels`);
  }

  override toString(): string {
    return this.name === "groupNorm"
      ? `groupNorm(${this.groups}, ${this.inChannels})`
      : `instanceNorm(${this.inChannels})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    if (x.rank < 2) refuseShape(String(this), "input", x, "[samples, channels, …]");
    checkChannels(String(this), x, this.inChannels, (channels) => `${this.name}(…, ${channels})`);
    const { centred, variance } = moments(x.reshape([x.shape[0], this.groups, x.size / x.shape[0] / this.groups]), [2]);
    const wide = (y: Tensor): Tensor => y.reshape(x.shape);
    const unit = ones([]).div(variance.add(this.eps).sqrt());
    const normal = wide(centred.mul(unit));
    if (this.weight === undefined || this.bias === undefined) return normal;
    const shape = x.shape.map((size, axis) => (axis === 1 ? size : 1));
    return normal.mul(this.weight.reshape(shape)).add(this.bias.reshape(shape));
  }
}

/**
 * See `GroupNorm`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.groupNorm(2, 8).forward(zeros([2, 8, 5, 5])).shape); // [2, 8, 5, 5]
 * ```
 */
export const groupNorm = (groups: number, channels: number, options?: NormOptions): GroupNorm =>
  new GroupNorm("groupNorm", groups, channels, options);

/**
 * `GroupNorm` with one channel in each group. @param options.affine default false, as in PyTorch.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.instanceNorm(8).forward(zeros([2, 8, 5, 5])).shape); // [2, 8, 5, 5]
 * ```
 */
export const instanceNorm = (channels: number, options: NormOptions = {}): GroupNorm => {
  check("instanceNorm", "channels", channels, oneOrMore);
  checkOptions("instanceNorm", options, {
    eps: positive,
    affine: { ok: (v) => typeof v === "boolean", says: "true or false" },
  });
  return new GroupNorm("instanceNorm", channels, channels, { affine: false, ...options });
};

/** x / √(mean of x² + eps) · weight over the last axis (Zhang and Sennrich, NeurIPS 2019). Weight [features]. */
export class RmsNorm extends Module {
  declare readonly keeps?: "all";
  readonly weight: Parameter;
  readonly eps: number;

  constructor(
    readonly inFeatures: number,
    options: { readonly eps?: number } = {},
  ) {
    super();
    check("rmsNorm", "features", inFeatures, oneOrMore);
    checkOptions("rmsNorm", options, { eps: positive });
    this.eps = options.eps ?? 1e-6;
    this.weight = new Parameter([inFeatures], constant(1), false);
  }

  override toString(): string {
    return `rmsNorm(${this.inFeatures})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    if (x.shape.at(-1) !== this.inFeatures)
      refuseShape(String(this), "input", x, `of ${this.inFeatures} features (last axis)`);
    return x.div(x.square().mean(-1, true).add(this.eps).sqrt()).mul(this.weight);
  }
}

/**
 * See `RmsNorm`. @param options.eps default 1e-6.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.rmsNorm(8).forward(zeros([2, 8])).shape); // [2, 8]
 * ```
 */
export const rmsNorm = (features: number, options?: { readonly eps?: number }): RmsNorm =>
  new RmsNorm(features, options);
