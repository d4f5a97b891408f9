// Settings for one or two spatial axes.
import { refuse, refuseShape, whole } from "../base/check.js";
import { checkShape, formatShape } from "../base/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkAxes } from "./check.js";
import { type WindowOptions, windowCount } from "./windows.js";

/** One number for height and width, or one for each. */
export type Pair = number | readonly [height: number, width: number];
/** One number for all spatial axes, or one for each. */
export type PerAxis = number | readonly number[];

export const AXES = ["samples", "channels", "height", "width"];

/** Names of the axes of a batch with 1 (length), 2 (height and width) or 3 (depth, too) spatial axes. */
export const axisNames = (count: number): string[] =>
  count === 1 ? ["samples", "channels", "length"] : count === 2 ? AXES : AXES.toSpliced(2, 0, "depth");

/** Spells a setting out for each of `count` axes; throws ArgumentError unless all are whole numbers >= `least`. */
export function perAxis(layer: string, name: string, value: PerAxis, count: number, least: number): number[] {
  const list = Array.isArray(value) && value.length === count ? value : new Array<number>(count).fill(value as number);
  for (const v of list)
    if (!whole(least).ok(v))
      refuse(layer, name, value, `${whole(least).says}${count > 1 ? `, or ${count} of them` : ""}`);
  return [...list];
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
  const counts = kernel.map((k, i) => {
    const count = windowCount(x.shape[2 + i], k, stride[i], padding[i], dilation[i]);
    if (count < 1) {
      const span = dilation[i] * (k - 1) + 1;
      refuseShape(
        layer,
        "input",
        x,
        `at least ${span} long in axis ${2 + i}, padding included; use a smaller kernel or more padding`,
      );
    }
    return count;
  });
  checkShape(layer, [x.shape[0], ...counts], "the output's shape without channels");
}
