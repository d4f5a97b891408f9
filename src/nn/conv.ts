import { ArgumentError, ShapeError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import { contract } from "../graph/ops/index.js";
import { Tensor, windowCount, windows } from "../tensor/tensor.js";
import { byFanIn, lecunUniform } from "./init.js";
import { checkCount } from "./linear.js";
import { Module } from "./module.js";
import { type Initializer, Parameter } from "./parameter.js";

/** One number for height and width, or one for each. */
export type Pair = number | readonly [height: number, width: number];

export const pair = (p: Pair): [number, number] => (typeof p === "number" ? [p, p] : [p[0], p[1]]);

export interface Conv2dOptions {
  /** Steps between windows. Default 1. */
  readonly stride?: Pair;
  /** Zeros around the image. Default 0. */
  readonly padding?: Pair;
  /** Steps between the elements of the kernel. Default 1. */
  readonly dilation?: Pair;
  /** Groups of channels that do not see each other. Default 1. */
  readonly groups?: number;
  /** Whether there is a bias. Default true. */
  readonly bias?: boolean;
  /** First values of the weight; default uniform in ±1/sqrt(in channels / groups × kernel height × width). */
  readonly init?: Initializer;
}

/**
 * Correlation of images with learned kernels (what the field calls convolution):
 * `y[n, o, i, j] = b[o] + sum over c, k, l of x[n, c, i·s + k·d - p, j·s + l·d - p] · w[o, c, k, l]`.
 * Input [n, in, h, w], output [n, out, h', w'] with h' = floor((h + 2p - d(k - 1) - 1) / s) + 1.
 * Weight [out, in / groups, k, l], bias [out].
 */
export class Conv2d extends Module {
  readonly weight: Parameter;
  readonly bias?: Parameter;
  readonly #kernel: [number, number];
  readonly #window: { stride: [number, number]; padding: [number, number]; dilation: [number, number] };
  readonly #groups: number;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    kernel: Pair,
    readonly options: Conv2dOptions = {},
  ) {
    super();
    const groups = options.groups ?? 1;
    for (const [name, value] of Object.entries({ inChannels, outChannels, groups })) checkCount("conv2d", name, value);
    this.#kernel = checkPair("conv2d", "kernel", kernel, 1);
    this.#window = {
      stride: checkPair("conv2d", "stride", options.stride ?? 1, 1),
      padding: checkPair("conv2d", "padding", options.padding ?? 0, 0),
      dilation: checkPair("conv2d", "dilation", options.dilation ?? 1, 1),
    };
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ArgumentError(
        `conv2d: groups is ${groups}, which does not divide ${inChannels} input and ${outChannels} output channels`,
      );
    }
    this.#groups = groups;
    const shape = [outChannels, inChannels / groups, ...this.#kernel];
    this.weight = new Parameter(shape, options.init ?? lecunUniform);
    const fan = (inChannels / groups) * this.#kernel[0] * this.#kernel[1];
    if (options.bias ?? true) this.bias = new Parameter([outChannels], byFanIn(fan), false);
  }

  override toString(): string {
    return `conv2d(${this.inChannels}, ${this.outChannels}, ${formatPair(this.#kernel)})`;
  }

  override forward(x: Tensor): Tensor {
    checkImages(String(this), x);
    if (x.shape[1] !== this.inChannels) {
      throw new ShapeError(
        `${this}: input has ${x.shape[1]} channels (shape ${formatShape(x.shape)}), expected ${this.inChannels}: change the layer to conv2d(${x.shape[1]}, ${this.outChannels}, ${formatPair(this.#kernel)})`,
      );
    }
    checkFits(String(this), x, this.#kernel, this.#window);
    const g = this.#groups;
    const seen = windows(x, this.#kernel, this.#window);
    const y = g === 1 ? correlate(seen, this.weight) : this.#grouped(seen, g);
    return this.bias === undefined ? y : y.add(this.bias.reshape([1, this.outChannels, 1, 1]));
  }

  #grouped(seen: Tensor, groups: number): Tensor {
    const [n, , h, w, kh, kw] = seen.shape;
    const own = this.inChannels / groups;
    const x = seen.reshape([n, groups, own, h, w, kh, kw]);
    const weight = this.weight.reshape([groups, this.outChannels / groups, own, kh, kw]);
    const out = contract(x.node, weight.node, {
      a: ["n", "g", "c", "h", "w", "k", "l"],
      b: ["g", "o", "c", "k", "l"],
      out: ["n", "g", "o", "h", "w"],
    });
    return new Tensor(out).reshape([n, this.outChannels, h, w]);
  }
}

/** Windows [n, c, h, w, k, l] by kernels [o, c, k, l]. */
const correlate = (seen: Tensor, weight: Tensor): Tensor =>
  new Tensor(
    contract(seen.node, weight.node, {
      a: ["n", "c", "h", "w", "k", "l"],
      b: ["o", "c", "k", "l"],
      out: ["n", "o", "h", "w"],
    }),
  );

/** A convolutional layer. */
export const conv2d = (inChannels: number, outChannels: number, kernel: Pair, options?: Conv2dOptions): Conv2d =>
  new Conv2d(inChannels, outChannels, kernel, options);

export function checkPair(layer: string, name: string, value: Pair, least: number): [number, number] {
  const both = pair(value);
  for (const v of both) checkCount(layer, name, v, least);
  return both;
}

export const formatPair = ([h, w]: readonly number[]): string => (h === w ? String(h) : `[${h}, ${w}]`);

export function checkImages(layer: string, x: Tensor): void {
  if (x.rank !== 4) {
    throw new ShapeError(
      `${layer}: input has shape ${formatShape(x.shape)}, expected [samples, channels, height, width]: reshape it`,
    );
  }
}

/** Throws where not even one window fits into the padded image. */
export function checkFits(
  layer: string,
  x: Tensor,
  kernel: readonly number[],
  { stride, padding, dilation }: { stride: readonly number[]; padding: readonly number[]; dilation: readonly number[] },
): void {
  kernel.forEach((k, i) => {
    const size = x.shape[2 + i];
    if (windowCount(size, k, stride[i], padding[i], dilation[i]) < 1) {
      throw new ShapeError(
        `${layer}: the kernel spans ${dilation[i] * (k - 1) + 1} pixels, the padded image ${size + 2 * padding[i]} (input ${formatShape(x.shape)}): use a smaller kernel or more padding`,
      );
    }
  });
}
