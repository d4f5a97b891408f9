// Pooling over any number of axes, with dilation and with partial windows at the end; and pooling to a given output
// size.
import { check, checkOptions, either, flag, listOf, oneOrMore, refuse, refuseShape, whole } from "../base/check.js";
import { formatShape, type Shape } from "../base/shape.js";
import { checkTensor, concat, ones, type Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import { type PerAxis, perAxis } from "./spatial.js";
import { windows } from "./windows.js";

/** Options of `maxPool` and `avgPool`. */
export interface WindowPoolOptions {
  /** Steps between windows; default the kernel size. */
  readonly stride?: PerAxis;
  /** Border on each side, at most half the kernel. Default 0. */
  readonly padding?: PerAxis;
  /** Steps between the elements of a window. Default 1. */
  readonly dilation?: PerAxis;
  /** Whether a partial last window counts if it starts inside the image or the padding before it. Default false. */
  readonly ceilMode?: boolean;
  /** For means: whether the border counts as zeros. Default true. */
  readonly countIncludePad?: boolean;
}

const EACH = either(oneOrMore, listOf(oneOrMore));
const BORDER = either(whole(0), listOf(whole(0)));

/** The maximum or mean of windows over the last axes, one for each number of the kernel: [n, c, …] -> [n, c, …]. */
export class WindowPool extends Module {
  declare readonly keeps?: "channels";
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];

  constructor(
    readonly name: "maxPool" | "avgPool",
    kernel: readonly number[],
    readonly options: WindowPoolOptions = {},
  ) {
    super();
    check(name, "kernel", kernel, listOf(oneOrMore));
    checkOptions(name, options, {
      stride: EACH,
      padding: BORDER,
      dilation: EACH,
      ceilMode: flag,
      countIncludePad: flag,
    });
    const axes = kernel.length;
    this.kernel = kernel;
    this.stride = perAxis(name, "stride", options.stride ?? kernel, axes, 1);
    this.padding = perAxis(name, "padding", options.padding ?? 0, axes, 0);
    this.dilation = perAxis(name, "dilation", options.dilation ?? 1, axes, 1);
    if (this.padding.some((p, i) => p > kernel[i] / 2))
      refuse(name, "padding", this.padding, `at most half the kernel, ${formatShape(kernel)}`);
  }

  override toString(): string {
    return `${this.name}([${this.kernel.join(", ")}])`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    const axes = this.kernel.length;
    if (x.rank !== axes + 2) refuseShape(String(this), "input", x, `[samples, channels, and ${axes} axes]`);
    this.kernel.forEach((k, i) => void this.#checkLength(x, k, i));
    const extra = missingIn(this, x.shape.slice(2));
    const none = [
      [0, 0],
      [0, 0],
    ] as [number, number][];
    const border = this.padding.map((p, i): [number, number] => [p, p + extra[i]]);
    const see = (t: Tensor): Tensor =>
      windows(t, this.kernel, { stride: this.stride, padding: this.kernel.map(() => 0), dilation: this.dilation });
    const seen = see(x.pad([...none, ...border]));
    const last = this.kernel.map((_, i) => 2 + axes + i);
    const spatial = x.shape.slice(2);
    const inside = see(ones([1, 1, ...spatial]).pad([...none, ...border]));
    if (this.name === "maxPool") return inside.gt(0).where(seen, Number.NEGATIVE_INFINITY).max(last);
    const counted =
      this.options.countIncludePad === false
        ? inside
        : see(
            ones([1, 1, ...spatial.map((d, i) => d + 2 * this.padding[i])]).pad([
              ...none,
              ...extra.map((e): [number, number] => [0, e]),
            ]),
          );
    return seen.sum(last).div(counted.sum(last));
  }

  #checkLength(x: Tensor, kernel: number, i: number): void {
    const span = spanOf(this, kernel, i);
    if (x.shape[2 + i] + 2 * this.padding[i] < span && !this.options.ceilMode)
      refuseShape(
        String(this),
        "input",
        x,
        `at least ${span} long in axis ${2 + i}, padding included; use a smaller kernel or more padding`,
      );
  }
}

const spanOf = ({ dilation }: WindowPool, kernel: number, i: number): number => dilation[i] * (kernel - 1) + 1;

/** Windows along each axis of an image of these sizes, rounded up, and how many are kept: those that start inside it. */
function windowsOf(pool: WindowPool, spatial: Shape): { over: number; count: number; kept: number }[] {
  return pool.kernel.map((kernel, i) => {
    const [stride, padding] = [pool.stride[i], pool.padding[i]];
    const over = spatial[i] + 2 * padding - spanOf(pool, kernel, i);
    const count = Math.ceil(over / stride) + 1;
    // Or inside the padding before it.
    return { over, count, kept: (count - 1) * stride >= spatial[i] + padding ? count - 1 : count };
  });
}

/** How many elements are missing in the last window along each axis of an image, if it counts. */
export function missingIn(pool: WindowPool, spatial: Shape): number[] {
  if (!pool.options.ceilMode) return spatial.map(() => 0);
  return windowsOf(pool, spatial).map(({ over, kept }, i) => Math.max(0, (kept - 1) * pool.stride[i] - over));
}

/** Whether rounding up counts a window that starts after the image, and so is dropped. */
export const dropsWindows = (pool: WindowPool, spatial: Shape): boolean =>
  pool.options.ceilMode === true && windowsOf(pool, spatial).some(({ count, kept }) => kept < count);

/**
 * The largest element of each window, of 1, 2, 3 … axes: `maxPool([3, 3], { ceilMode: true })`; see `WindowPool`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.maxPool([2]).forward(zeros([2, 8, 10])).shape); // [2, 8, 5]
 * ```
 */
export const maxPool = (kernel: readonly number[], options?: WindowPoolOptions): WindowPool =>
  new WindowPool("maxPool", kernel, options);
/**
 * The mean of each window; see `WindowPool`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.avgPool([2, 2, 2]).forward(zeros([1, 4, 8, 8, 8])).shape); // [1, 4, 4, 4, 4]
 * ```
 */
export const avgPool = (kernel: readonly number[], options?: WindowPoolOptions): WindowPool =>
  new WindowPool("avgPool", kernel, options);

/**
 * Windows of about equal sizes, a given number (at most 4,096) along each of the last axes: window i from floor(i · in
 * / out) to ceil((i + 1) · in / out).
 */
export class AdaptivePool extends Module {
  declare readonly keeps?: "channels";

  constructor(
    readonly name: "adaptiveMaxPool" | "adaptiveAvgPool",
    readonly size: readonly number[],
  ) {
    super();
    check(name, "size", size, listOf(whole(1, 4096)));
  }

  override toString(): string {
    return `${this.name}([${this.size.join(", ")}])`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    if (x.rank !== this.size.length + 2)
      refuseShape(String(this), "input", x, `[samples, channels, and ${this.size.length} axes]`);
    // The last axis first, so that of equal elements the first in row-major order is the largest.
    return this.size.reduceRight((y, count, i) => this.#along(y, 2 + i, count), x);
  }

  #along(x: Tensor, axis: number, count: number): Tensor {
    const size = x.shape[axis];
    const take = (from: number, to: number, pieces: Tensor): Tensor =>
      this.name === "adaptiveMaxPool"
        ? pieces.slice(axis, from, to).max(axis, true)
        : pieces.slice(axis, from, to).mean(axis, true);
    if (size % count === 0) {
      const apart = x.reshape([...x.shape.slice(0, axis), count, size / count, ...x.shape.slice(axis + 1)]);
      return this.name === "adaptiveMaxPool" ? apart.max(axis + 1) : apart.mean(axis + 1);
    }
    const parts = Array.from({ length: count }, (_, i) =>
      take(Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count), x),
    );
    return concat(parts, axis);
  }
}

/**
 * See `AdaptivePool`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.adaptiveMaxPool([3, 3]).forward(zeros([2, 8, 13, 10])).shape); // [2, 8, 3, 3]
 * ```
 */
export const adaptiveMaxPool = (size: readonly number[]): AdaptivePool => new AdaptivePool("adaptiveMaxPool", size);
/**
 * See `AdaptivePool`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.adaptiveAvgPool([1]).forward(zeros([2, 8, 13])).shape); // [2, 8, 1]
 * ```
 */
export const adaptiveAvgPool = (size: readonly number[]): AdaptivePool => new AdaptivePool("adaptiveAvgPool", size);
