// Normalization over batches and over layers.
import { check, checkOptions, type Fields, flag, oneOrMore, positive, refuseShape, within } from "../base/check.js";
import { checkShape, formatShape } from "../base/shape.js";
import { moments } from "../tensor/moments.js";
import { checkTensor, ones, Tensor, zeros } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import { checkAxes, checkChannels } from "./check.js";
import { constant } from "./init.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { axisNames } from "./spatial.js";

/** Options of normalizations, such as `layerNorm` and `groupNorm`. */
export interface NormOptions {
  /** Added to the variance before the root. Default 1e-5. */
  readonly eps?: number;
  /**
   * Whether the result is multiplied by a learned weight (initially 1) and a learned bias (initially 0) is added.
   * Default true.
   */
  readonly affine?: boolean;
}

/** Options of `batchNorm1d`, `batchNorm2d` and `batchNorm3d`. */
export interface BatchNormOptions extends NormOptions {
  /** Share of the newest batch in the running mean and variance, 0 to 1. Default 0.1. */
  readonly momentum?: number;
}

/**
 * A normalization's learned scale and shift. The scale does not count as a weight: regularizing it would change
 * nothing.
 */
export abstract class Norm extends Module {
  readonly weight?: Parameter;
  readonly bias?: Parameter;
  readonly eps: number;

  constructor(name: string, shape: readonly number[], options: NormOptions, more?: Fields) {
    super();
    checkOptions(name, options, { eps: positive, affine: flag, ...more });
    const { eps = 1e-5, affine = true } = options;
    this.eps = eps;
    if (!affine) return;
    this.weight = new Parameter(shape, constant(1), false);
    this.bias = new Parameter(shape, constant(0), false);
  }

  /** centered / sqrt(variance + eps) · weight + bias, the last two reshaped so that they broadcast. */
  protected normalize(centred: Tensor, variance: Tensor, shape: readonly number[]): Tensor {
    const unit = ones([]).div(variance.add(this.eps).sqrt());
    if (this.weight === undefined || this.bias === undefined) return centred.mul(unit);
    return centred.mul(unit.mul(this.weight.reshape(shape))).add(this.bias.reshape(shape));
  }
}

/** The statistics of a batch; in training on shards they may be those of all shards. */
export interface BatchStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Divided by one less than the number of values. */
  readonly unbiased: Tensor;
  readonly centred: Tensor;
}

export const batchStatistics = {
  of(x: Tensor, axes: readonly number[], name: string): BatchStatistics {
    const count = x.size / x.shape[1];
    if (count < 2)
      refuseShape(name, "input", x, "more than one value for each channel; use larger batches, or dropLast");
    const all = moments(x, axes);
    return { ...all, unbiased: all.variance.mul(count / (count - 1)) };
  },
};

/**
 * Batch normalization (Ioffe and Szegedy, ICML 2015). During training, each channel (axis 1) of the batch gets mean 0 and
 * variance 1. At inference, the running mean and variance of the training batches are used instead of the batch's own.
 * Normalizes by the biased variance and stores the unbiased one, as PyTorch does.
 */
export class BatchNorm<C extends number = number> extends Norm {
  declare readonly keeps?: "channels";
  readonly running_mean: Variable;
  readonly running_var: Variable;
  /** Number of training batches so far: a float, kept only for PyTorch's files. */
  readonly num_batches_tracked: Variable;
  readonly momentum: number;

  constructor(
    readonly name: string,
    /** Channels of the input and of the output. */
    readonly inChannels: C,
    readonly ranks: readonly number[],
    options: BatchNormOptions = {},
  ) {
    check(name, "channels", inChannels, oneOrMore);
    super(name, [inChannels], options, { momentum: within(0, 1) });
    this.momentum = options.momentum ?? 0.1;
    this.running_mean = new Variable(zeros([inChannels]));
    this.running_var = new Variable(ones([inChannels]));
    this.num_batches_tracked = new Variable(zeros([]));
  }

  override toString(): string {
    return `${this.name}(${this.inChannels})`;
  }

  override forward(x: Tensor): Tensor {
    if (!(x instanceof Tensor && this.ranks.includes(x.rank))) checkAxes(String(this), x, axisNames(this.ranks[0] - 2));
    checkChannels(String(this), x, this.inChannels, (channels) => `${this.name}(${channels})`);
    const shape = x.shape.map((size, axis) => (axis === 1 ? size : 1));
    const { centred, variance } =
      this.training && this.trainable
        ? this.#ofBatch(x)
        : { centred: x.sub(this.running_mean.reshape(shape)), variance: this.running_var.reshape(shape) };
    return this.normalize(centred, variance, shape);
  }

  #ofBatch(x: Tensor): { centred: Tensor; variance: Tensor } {
    const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
    const { mean, variance, unbiased, centred } = batchStatistics.of(x, axes, String(this));
    this.#follow(this.running_mean, mean);
    this.#follow(this.running_var, unbiased);
    this.num_batches_tracked.assign(this.num_batches_tracked.add(1));
    return { centred, variance };
  }

  #follow(running: Variable, newest: Tensor): void {
    const value = newest.detach().reshape(running.shape).mul(this.momentum);
    running.assign(
      running
        .mul(1 - this.momentum)
        .add(value)
        .to(running.dtype),
    );
  }
}

/**
 * `BatchNorm` of [samples, channels] or [samples, channels, length].
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.batchNorm1d(8).forward(zeros([4, 8])).shape); // [4, 8]
 * ```
 */
export const batchNorm1d = <const C extends number>(channels: C, options?: BatchNormOptions): BatchNorm<C> =>
  new BatchNorm("batchNorm1d", channels, [3, 2], options);

/**
 * `BatchNorm` of images [samples, channels, height, width].
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.batchNorm2d(8).forward(zeros([4, 8, 5, 5])).shape); // [4, 8, 5, 5]
 * ```
 */
export const batchNorm2d = <const C extends number>(channels: C, options?: BatchNormOptions): BatchNorm<C> =>
  new BatchNorm("batchNorm2d", channels, [4], options);

/**
 * `BatchNorm` of volumes [samples, channels, depth, height, width].
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.batchNorm3d(8).forward(zeros([4, 8, 3, 5, 5])).shape); // [4, 8, 3, 5, 5]
 * ```
 */
export const batchNorm3d = <const C extends number>(channels: C, options?: BatchNormOptions): BatchNorm<C> =>
  new BatchNorm("batchNorm3d", channels, [5], options);

/**
 * Layer normalization (Ba, Kiros and Hinton, 2016): the last axes of each sample get mean 0 and variance 1, during
 * training and at inference alike. Weight and bias have the shape of those axes.
 */
export class LayerNorm extends Norm {
  declare readonly keeps?: "all";
  readonly shape: readonly number[];

  constructor(shape: number | readonly number[], options: NormOptions = {}) {
    const sizes = Array.isArray(shape) ? checkShape("layerNorm", shape) : [shape as number];
    check("layerNorm", "shape", sizes[0], oneOrMore);
    super("layerNorm", sizes, options);
    this.shape = sizes;
  }

  override toString(): string {
    return `layerNorm(${this.shape.length === 1 ? this.shape[0] : formatShape(this.shape)})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    const lead = x.rank - this.shape.length;
    if (lead < 0 || this.shape.some((size, i) => size !== x.shape[lead + i])) {
      refuseShape(String(this), "input", x, `of last axes ${formatShape(this.shape)}; or change the layer's shape`);
    }
    const { variance, centred } = moments(
      x,
      this.shape.map((_, i) => lead + i),
    );
    return this.normalize(centred, variance, this.shape);
  }
}

/**
 * See `LayerNorm`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.layerNorm(8).forward(zeros([4, 8])).shape); // [4, 8]
 * ```
 */
export const layerNorm = (shape: number | readonly number[], options?: NormOptions): LayerNorm =>
  new LayerNorm(shape, options);
