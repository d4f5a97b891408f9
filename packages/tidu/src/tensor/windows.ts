import { affineMap } from "../base/affine.js";
import type { Shape } from "../base/shape.js";
import * as ops from "../graph/ops/index.js";
import { Tensor } from "./tensor.js";

/** How a window moves: one number for each axis that it moves along. */
export interface WindowOptions {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** Sliding windows over the last `kernel.length` axes: [..., out…, kernel…], zeros where a window leaves the input. */
export function windows(x: Tensor, kernel: readonly number[], options: WindowOptions): Tensor {
  return new Tensor(ops.view(x.node, windowMap(x.shape, kernel, options)));
}

/**
 * The transpose of `windows`: every element of `shape` gets the sum of the window elements that show it.
 * `seen` has the shape that `windows` gives a tensor of `shape`.
 */
export function overlapAdd(seen: Tensor, shape: Shape, kernel: readonly number[], options: WindowOptions): Tensor {
  return new Tensor(ops.unview(seen.node, windowMap(shape, kernel, options)));
}

function windowMap(source: Shape, kernel: readonly number[], { stride, padding, dilation }: WindowOptions) {
  const lead = source.length - kernel.length;
  const out = kernel.map((k, i) => windowCount(source[lead + i], k, stride[i], padding[i], dilation[i]));
  const domain = [...source.slice(0, lead), ...out, ...kernel];
  return affineMap(domain, source, (s) => {
    if (s < lead) return { terms: [[s, 1]] };
    const i = s - lead;
    return {
      offset: -padding[i],
      terms: [
        [s, stride[i]],
        [s + kernel.length, dilation[i]],
      ],
    };
  });
}

/** How many positions a window has: floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. */
export const windowCount = (size: number, kernel: number, stride: number, padding: number, dilation: number): number =>
  Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
