import { ArgumentError } from "../base/errors.js";
import { ones, type Tensor, windows } from "../tensor/tensor.js";
import { checkFits, checkImages, checkPair, formatPair, type Pair } from "./conv.js";
import { Module } from "./module.js";

export interface PoolOptions {
  /** Steps between windows; default the kernel size. */
  readonly stride?: Pair;
  /** Border that never wins. Default 0; at most half the kernel. */
  readonly padding?: Pair;
}

/** The largest value of each window: [n, c, h, w] -> [n, c, h', w']. The gradient goes to the first of equal ones. */
export class MaxPool2d extends Module {
  readonly #kernel: [number, number];
  readonly #window: { stride: [number, number]; padding: [number, number]; dilation: [number, number] };

  constructor(kernel: Pair, options: PoolOptions = {}) {
    super();
    this.#kernel = checkPair("maxPool2d", "kernel", kernel, 1);
    const padding = checkPair("maxPool2d", "padding", options.padding ?? 0, 0);
    if (padding.some((p, i) => p > this.#kernel[i] / 2)) {
      throw new ArgumentError(`maxPool2d: padding ${padding} is more than half the kernel ${this.#kernel}`);
    }
    const stride = checkPair("maxPool2d", "stride", options.stride ?? kernel, 1);
    this.#window = { stride, padding, dilation: [1, 1] };
  }

  override toString(): string {
    return `maxPool2d(${formatPair(this.#kernel)})`;
  }

  override forward(x: Tensor): Tensor {
    checkImages(String(this), x);
    checkFits(String(this), x, this.#kernel, this.#window);
    const seen = windows(x, this.#kernel, this.#window);
    if (this.#window.padding.every((p) => p === 0)) return seen.max([4, 5]);
    // Beyond the border there are zeros; they must not win over negative values.
    const inside = windows(ones(x.shape), this.#kernel, this.#window).gt(0);
    return inside.where(seen, Number.NEGATIVE_INFINITY).max([4, 5]);
  }
}

export const maxPool2d = (kernel: Pair, options?: PoolOptions): MaxPool2d => new MaxPool2d(kernel, options);
