// Convolutional layers.
import { anything, check, checkOptions, type Fields, oneOrMore, refuse } from "../base/check.js";
import { isFloat } from "../base/dtype.js";
import { checkShape } from "../base/shape.js";
import { contract } from "../graph/ops/index.js";
import { Tensor } from "../tensor/tensor.js";
import { checkChannels } from "./check.js";
import { byFanIn, lecunUniform } from "./init.js";
import { Module } from "./module.js";
import { type Initializer, Parameter, WEIGHTS } from "./parameter.js";
import { checkFits, formatPerAxis, type Pair, type PerAxis, perAxis } from "./spatial.js";
import { type WindowOptions, windows } from "./windows.js";

/** `P` is a number, or for images also a pair of numbers. */
export interface ConvOptions<P extends PerAxis = PerAxis> {
  /** Steps between windows. Default 1. */
  readonly stride?: P;
  /** Zeros on either side of each axis. Default 0. */
  readonly padding?: P;
  /** Steps between the elements of the kernel. Default 1. */
  readonly dilation?: P;
  /** Number of groups of channels, each convolved separately. Default 1. */
  readonly groups?: number;
  /** Whether there is a bias. Default true. */
  readonly bias?: boolean;
  /** Initial values of the weight; default uniform in ±1/sqrt(in channels / groups × kernel size). */
  readonly init?: Initializer;
  /** Initial values of the bias; the same default. */
  readonly biasInit?: Initializer;
}

/** The options of all layers with kernels; those of the axes are checked by `perAxis`. */
export const KERNEL: Fields = {
  stride: anything,
  padding: anything,
  dilation: anything,
  groups: oneOrMore,
  ...WEIGHTS,
};

/** The base of convolutions and transposed convolutions: channels in groups, a kernel, a bias. */
export abstract class KernelLayer<I extends number = number, O extends number = number> extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;
  readonly kernel: readonly number[];
  readonly window: WindowOptions;
  readonly groups: number;

  constructor(
    protected readonly name: string,
    /** Number of spatial axes. */
    axes: 1 | 2 | 3,
    /** Channels of the input. */
    readonly inChannels: I,
    /** Channels of the output. */
    readonly outChannels: O,
    kernel: PerAxis,
    given: ConvOptions = {},
    /** Sizes of the weight's first two axes, from input and output channels and groups. */
    lead: (groups: number) => readonly [number, number],
    options: Fields = KERNEL,
  ) {
    super();
    checkOptions(name, given, options);
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = given;
    for (const [what, value] of Object.entries({ inChannels, outChannels, groups }))
      check(name, what, value, oneOrMore);
    this.kernel = perAxis(name, "kernel", kernel, axes, 1);
    this.window = {
      stride: perAxis(name, "stride", stride, axes, 1),
      padding: perAxis(name, "padding", padding, axes, 0),
      dilation: perAxis(name, "dilation", dilation, axes, 1),
    };
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      refuse(name, "groups", groups, `a divisor of ${inChannels} input and ${outChannels} output channels`);
    }
    this.groups = groups;
    const shape = checkShape(name, [...lead(groups), ...this.kernel], "the weight's shape");
    this.weight = new Parameter(shape, given.init ?? lecunUniform);
    const bias = given.biasInit ?? byFanIn(shape.slice(1).reduce((n, d) => n * d));
    if (given.bias ?? true) this.bias = new Parameter([outChannels], bias, false);
  }

  /** The layer's name with other numbers of channels. */
  protected named(inChannels: number, outChannels: number): string {
    return `${this.name}(${inChannels}, ${outChannels}, ${formatPerAxis(this.kernel)})`;
  }

  override toString(): string {
    return this.named(this.inChannels, this.outChannels);
  }

  /** The input as floats, once its channels are checked. @internal */
  protected taken(x: Tensor): Tensor {
    checkChannels(String(this), x, this.inChannels, (channels) => this.named(channels, this.outChannels));
    return isFloat(x.dtype) ? x : x.toFloat();
  }

  /** Channels as [groups, channels of a group], or [channels] where there are no groups. */
  protected split(channels: number): number[] {
    return this.groups === 1 ? [channels] : [this.groups, channels / this.groups];
  }

  /** Names of the axes of a contraction: the groups (if any), the positions, and those of the kernel. */
  protected labels(): { g: string[]; s: string[]; k: string[] } {
    const axes = this.kernel.map((_, i) => i);
    return { g: this.groups === 1 ? [] : ["g"], s: axes.map((i) => `s${i}`), k: axes.map((i) => `k${i}`) };
  }

  /** @internal */
  protected withBias(y: Tensor): Tensor {
    return this.bias === undefined ? y : y.add(this.bias.reshape([1, this.outChannels, ...this.kernel.map(() => 1)]));
  }
}

/**
 * Cross-correlation with learned kernels, which deep learning calls convolution (`signal.convolve2d` flips the kernel):
 * `y[n, o, i, j] = b[o] + sum over c, k, l of x[n, c, i·s + k·d - p, j·s + l·d - p] · w[o, c, k, l]`.
 * Input [n, in, h, w], output [n, out, h', w'] with h' = floor((h + 2p - d(k - 1) - 1) / s) + 1.
 * Weight [out, in / groups, k, l], bias [out]. In one dimension the second spatial axis is missing everywhere.
 */
export class Conv<I extends number = number, O extends number = number> extends KernelLayer<I, O> {
  constructor(axes: 1 | 2 | 3, inChannels: I, outChannels: O, kernel: PerAxis, options?: ConvOptions) {
    super(`conv${axes}d`, axes, inChannels, outChannels, kernel, options, (groups) => [
      outChannels,
      inChannels / groups,
    ]);
  }

  override forward(x: Tensor): Tensor {
    checkFits(String(this), x, this.kernel, this.window);
    const { g, s, k } = this.labels();
    const seen = windows(this.taken(x), this.kernel, this.window);
    const [n, , ...sizes] = seen.shape;
    const input = seen.reshape([n, ...this.split(this.inChannels), ...sizes]);
    const weight = this.weight.reshape([...this.split(this.outChannels), ...this.weight.shape.slice(1)]);
    const y = contract(input.node, weight.node, {
      a: ["n", ...g, "c", ...s, ...k],
      b: [...g, "o", "c", ...k],
      out: ["n", ...g, "o", ...s],
    });
    return this.withBias(new Tensor(y).reshape([n, this.outChannels, ...sizes.slice(0, k.length)]));
  }
}

/**
 * A convolutional layer over sequences [n, in, length]; see `Conv`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.conv1d(1, 4, 3).forward(zeros([2, 1, 10])).shape); // [2, 4, 8]
 * ```
 */
export const conv1d = <const I extends number, const O extends number>(
  inChannels: I,
  outChannels: O,
  kernel: number,
  options?: ConvOptions<number>,
): Conv<I, O> => new Conv(1, inChannels, outChannels, kernel, options);

/**
 * A convolutional layer over images [n, in, height, width]; see `Conv`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.conv2d(3, 8, 5, { stride: 2, padding: 2 }).forward(zeros([2, 3, 28, 28])).shape); // [2, 8, 14, 14]
 * ```
 */
export const conv2d = <const I extends number, const O extends number>(
  inChannels: I,
  outChannels: O,
  kernel: Pair,
  options?: ConvOptions<Pair>,
): Conv<I, O> => new Conv(2, inChannels, outChannels, kernel, options);

/**
 * A convolutional layer over volumes [n, in, depth, height, width]; see `Conv`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.conv3d(1, 4, 3).forward(zeros([1, 1, 8, 8, 8])).shape); // [1, 4, 6, 6, 6]
 * ```
 */
export const conv3d = <const I extends number, const O extends number>(
  inChannels: I,
  outChannels: O,
  kernel: PerAxis,
  options?: ConvOptions,
): Conv<I, O> => new Conv(3, inChannels, outChannels, kernel, options);
