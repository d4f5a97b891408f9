import { checkCount } from "../base/check.js";
import { ArgumentError, ShapeError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type WindowOptions, windowCount } from "../tensor/windows.js";
import { checkAxes } from "./check.js";

/** One number for height and width, or one for each. */
export type Pair = number | readonly [height: number, width: number];
/** One number for all spatial axes, or one for each. */
export type PerAxis = number | readonly number[];

export const AXES = ["samples", "channels", "height", "width"];

/** Names of the axes of a batch with 1 (length) or 2 (height and width) spatial axes. */
export const axisNames = (count: number): string[] => (count === 1 ? ["samples", "channels", "length"] : AXES);

/** Spells a setting out for each of `count` axes; throws ArgumentError unless all are whole numbers >= `least`. */
export function perAxis(layer: string, name: string, value: PerAxis, count: number, least: number): number[] {
  const list = typeof value === "number" ? new Array<number>(count).fill(value) : [...value];
  if (list.length !== count) {
    throw new ArgumentError(`${layer}: ${name} is [${list}]; it must be one number, or ${count}, one for each axis`);
  }
  for (const v of list) checkCount(layer, name, v, least);
  return list;
}

/** As in "5" or "[3, 1]". */
export const formatPerAxis = (value: readonly number[]): string =>
  value.every((v) => v === value[0]) ? String(value[0]) : formatShape(value);

/** Throws ShapeError unless x is [samples, channels, …spatial] and at least one window fits into each padded axis. */
export function checkFits(
  layer: string,
  x: Tensor,
  kernel: readonly number[],
  { stride, padding, dilation }: WindowOptions,
): void {
  checkAxes(layer, x, axisNames(kernel.length));
  kernel.forEach((k, i) => {
    const size = x.shape[2 + i];
    if (windowCount(size, k, stride[i], padding[i], dilation[i]) < 1) {
      throw new ShapeError(
        `${layer}: the kernel spans ${dilation[i] * (k - 1) + 1} elements, the padded input ${size + 2 * padding[i]} (input ${formatShape(x.shape)}): use a smaller kernel or more padding`,
      );
    }
  });
}
