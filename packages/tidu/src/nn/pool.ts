// Max pooling and average pooling of images.
import { anything, checkOptions, flag, refuse } from "../base/check.js";
import { formatShape } from "../base/shape.js";
import { ones, type Tensor } from "../tensor/tensor.js";
import { Activation } from "./activation.js";
import { checkAxes } from "./check.js";
import { Module } from "./module.js";
import { AXES, checkFits, formatPerAxis, type Pair, perAxis } from "./spatial.js";
import { type WindowOptions, windows } from "./windows.js";

/** Options of `maxPool2d`. */
export interface PoolOptions {
  /** Steps between windows; default the kernel size. */
  readonly stride?: Pair;
  /** Border on each side, at most half the kernel. Default 0. */
  readonly padding?: Pair;
}

/** Options of `avgPool2d`. */
export interface AvgPoolOptions extends PoolOptions {
  /** Whether the border counts as zeros in the average; otherwise only elements of the image count. Default true. */
  readonly countIncludePad?: boolean;
}

/**
 * One number for each window of each channel: [n, c, h, w] -> [n, c, h', w'],
 * h' = floor((h + 2 padding - kernel) / stride) + 1.
 */
export abstract class Pool extends Module {
  declare readonly keeps?: "channels";
  readonly kernel: readonly number[];
  readonly window: WindowOptions;

  constructor(
    readonly name: string,
    kernel: Pair,
    options: PoolOptions = {},
  ) {
    super();
    checkOptions(name, options, { stride: anything, padding: anything, countIncludePad: flag });
    this.kernel = perAxis(name, "kernel", kernel, 2, 1);
    const padding = perAxis(name, "padding", options.padding === undefined ? 0 : options.padding, 2, 0);
    if (padding.some((p, i) => p > this.kernel[i] / 2)) {
      refuse(name, "padding", padding, `at most half the kernel, ${formatShape(this.kernel)}`);
    }
    this.window = {
      stride: perAxis(name, "stride", options.stride === undefined ? kernel : options.stride, 2, 1),
      padding,
      dilation: [1, 1],
    };
  }

  override toString(): string {
    return `${this.name}(${formatPerAxis(this.kernel)})`;
  }

  /** @internal */
  protected get padded(): boolean {
    return this.window.padding.some((p) => p > 0);
  }

  /** Windows [n, c, h', w', kernel height, kernel width]; zeros beyond the border. */
  protected windows(x: Tensor): Tensor {
    return windows(x, this.kernel, this.window);
  }

  /** Reduces each window to one number; `inside` is 1 where an element lies inside the image, else 0. */
  protected abstract pool(seen: Tensor, inside: Tensor): Tensor;

  override forward(x: Tensor): Tensor {
    checkFits(String(this), x, this.kernel, this.window);
    return this.pool(this.windows(x), this.windows(ones([1, 1, ...x.shape.slice(2)])));
  }
}

/** The largest value of each window; padding is never chosen, and the gradient goes to the first of equal values. */
export class MaxPool2d extends Pool {
  protected override pool(seen: Tensor, inside: Tensor): Tensor {
    return (this.padded ? inside.gt(0).where(seen, Number.NEGATIVE_INFINITY) : seen).max([4, 5]);
  }
}

/** The mean of each window. */
export class AvgPool2d extends Pool {
  readonly countIncludePad: boolean;

  constructor(kernel: Pair, options: AvgPoolOptions = {}) {
    super("avgPool2d", kernel, options);
    this.countIncludePad = options.countIncludePad ?? true;
  }

  protected override pool(seen: Tensor, inside: Tensor): Tensor {
    if (this.countIncludePad || !this.padded) return seen.mean([4, 5]);
    return seen.sum([4, 5]).div(inside.sum([4, 5]));
  }
}

/**
 * See `MaxPool2d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.maxPool2d(2).forward(zeros([2, 8, 28, 28])).shape); // [2, 8, 14, 14]
 * ```
 */
export const maxPool2d = (kernel: Pair, options?: PoolOptions): MaxPool2d =>
  new MaxPool2d("maxPool2d", kernel, options);

/**
 * See `AvgPool2d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.avgPool2d(2).forward(zeros([2, 8, 28, 28])).shape); // [2, 8, 14, 14]
 * ```
 */
export const avgPool2d = (kernel: Pair, options?: AvgPoolOptions): AvgPool2d => new AvgPool2d(kernel, options);

/**
 * The mean of each channel over the whole image: [n, c, h, w] -> [n, c, 1, 1] (Lin, Chen and Yan, ICLR 2014).
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.globalAvgPool2d().forward(zeros([2, 8, 7, 7])).shape); // [2, 8, 1, 1]
 * ```
 */
export const globalAvgPool2d = (): Activation<"channels"> =>
  new Activation("globalAvgPool2d", (x) => {
    checkAxes("globalAvgPool2d()", x, AXES);
    return x.mean([2, 3], true);
  });
