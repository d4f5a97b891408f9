// Sliding windows over tensors, on which convolution and pooling are built, and by which the compiler's filters come.
import { affineMap } from "../base/affine.js";
import { check, listOf, needed, oneOrMore, options as optionsOf, refuse, refuseShape, whole } from "../base/check.js";
import { checkShape, formatShape, type Shape, sameShape } from "../base/shape.js";
import { bringFilters } from "../compile/filtering.js";
import * as ops from "../graph/ops/index.js";
import { checkTensor, Tensor } from "../tensor/tensor.js";
import { floats } from "../tensor/types.js";

/** How a window moves: one number for each axis that it moves along. */
export interface WindowOptions {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/**
 * Sliding windows over the last `kernel.length` axes: [..., out…, kernel…], zeros where a window leaves the input.
 *
 * @example
 * ```ts
 * import { windows, zeros } from "tidu";
 *
 * console.log(windows(zeros([1, 1, 6]), [3], { stride: [1], padding: [0], dilation: [1] }).shape); // [1, 1, 4, 3]
 * ```
 */
export function windows(x: Tensor, kernel: readonly number[], options: WindowOptions): Tensor {
  checkTensor("windows", "x", x);
  return new Tensor(ops.view(x.node, windowMap("windows", x.shape, kernel, options)));
}

/**
 * The transpose of `windows`: every element of `shape` gets the sum of the window elements that cover it. `seen` has
 * the shape that `windows` gives a tensor of `shape`.
 *
 * @example
 * ```ts
 * import { ones, overlapAdd, windows } from "tidu";
 *
 * const options = { stride: [2], padding: [0], dilation: [1] }
 * const seen = windows(ones([1, 1, 6]), [2], options);
 * console.log(await overlapAdd(seen, [1, 1, 6], [2], options).array()); // [[[1, 1, 1, 1, 1, 1]]]
 * ```
 */
export function overlapAdd(seen: Tensor, shape: Shape, kernel: readonly number[], options: WindowOptions): Tensor {
  checkTensor("overlapAdd", "seen", seen);
  const map = windowMap("overlapAdd", checkShape("overlapAdd", shape), kernel, options);
  if (!sameShape(map.domain, seen.shape))
    refuseShape("overlapAdd", "seen", seen, `${formatShape(map.domain)}, the windows of ${formatShape(shape)}`);
  return new Tensor(ops.unview(floats(seen.node), map));
}

const MOVES = optionsOf({
  stride: needed(listOf(oneOrMore)),
  padding: needed(listOf(whole(0))),
  dilation: needed(listOf(oneOrMore)),
});

function windowMap(where: string, source: Shape, kernel: readonly number[], options: WindowOptions) {
  check(where, "kernel", kernel, listOf(oneOrMore));
  check(where, "options", options, MOVES);
  bringFilters();
  const { stride, padding, dilation } = options;
  for (const [name, list] of Object.entries({ kernel, stride, padding, dilation })) {
    if (list.length !== kernel.length || list.length > source.length)
      refuse(where, name, list, `a number for each of at most ${source.length} axes`);
  }
  const lead = source.length - kernel.length;
  const out = kernel.map((k, i) => windowCount(source[lead + i], k, stride[i], padding[i], dilation[i]));
  if (out.some((n) => n < 1))
    refuseShape(where, "kernel", kernel, `within the padded input ${formatShape(source)}; use more padding`);
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

/**
 * How many positions a window has: floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.
 *
 * @example
 * ```ts
 * import { windowCount } from "tidu";
 *
 * console.log(windowCount(28, 5, 1, 2, 1)); // 28
 * ```
 */
export function windowCount(size: number, kernel: number, stride: number, padding: number, dilation: number): number {
  for (const [name, value] of Object.entries({ size, kernel, stride, dilation }))
    check("windowCount", name, value, oneOrMore);
  check("windowCount", "padding", padding, whole(0));
  return Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}
