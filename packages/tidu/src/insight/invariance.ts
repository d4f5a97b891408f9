// Measures how much a layer's output changes when images are shifted.
import { anything, check, listOf, refuse } from "../base/check.js";
import type { TypedArray } from "../base/dtype.js";
import { checkAxes } from "../nn/check.js";
import { checkNet, type Module } from "../nn/module.js";
import { AXES } from "../nn/spatial.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";
import { findLayer, outputOf } from "./layers.js";

/** How far images move, in pixels: down (up if negative) and right (left if negative). */
export type Shift = readonly [down: number, right: number];

/** How much the output of a layer changed for one shift. */
export interface ShiftChange {
  readonly shift: Shift;
  /** Relative change of the layer's output: 0 where the shift does not matter. */
  readonly change: number;
}

/**
 * How much a layer's output f changes when the images x are shifted by S:
 *
 *     change(S) = ‖f(S x) - f(x)‖ / ‖f(x)‖
 *
 * with Euclidean norms over all images and elements. 0 is invariance (and the value for an output that is 0 throughout
 * and stays so); after max pooling it is smaller than before, which is the approximate translation invariance that
 * pooling is used for (Goodfellow, Bengio and Courville, "Deep learning", 2016, section 9.3). f is computed at
 * inference, without dropout.
 *
 * @param layer the layer, or its name, such as "3".
 * @param images [samples, channels, height, width]; pixels that move out are lost, zeros come in.
 * @param shifts each by less than height and width.
 * @returns one entry for each shift, in the order given.
 * @throws ArgumentError for a layer that the network does not have or use, or a shift that is not two whole numbers
 *   below the size; ShapeError for inputs that are not images.
 *
 * @example
 * ```ts
 * import { nn, ones } from "tidu";
 * import { invariance } from "tidu/insight";
 *
 * const net = nn.sequential(nn.conv2d(1, 4, 3), nn.maxPool2d(2));
 * const [none] = await invariance(net, "1", ones([2, 1, 8, 8]), [[0, 0]]);
 * console.log(none.change); // 0
 * ```
 */
export async function invariance(
  net: Module,
  layer: string | Module,
  images: Tensor,
  shifts: readonly Shift[],
): Promise<ShiftChange[]> {
  checkNet("invariance", net);
  check("invariance", "shifts", shifts, listOf(listOf(anything)));
  const output = outputOf("invariance", net, findLayer("invariance", net, layer)[1]);
  checkTensor("invariance", "images", images);
  checkAxes("invariance", images, AXES);
  shifts.forEach((shift, i) => void checkShift(`shifts[${i}]`, shift, images));
  const still = await (await output(images)).data();
  const changes: ShiftChange[] = [];
  for (const shift of shifts) {
    const moved = await (await output(shifted(images, shift))).data();
    changes.push({ shift, change: relativeChange(still, moved) });
  }
  return changes;
}

function checkShift(name: string, shift: Shift, { shape }: Tensor): void {
  const fits = (by: number, size: number) => Number.isInteger(by) && Math.abs(by) < size;
  if (shift.length === 2 && fits(shift[0], shape[2]) && fits(shift[1], shape[3])) return;
  refuse("invariance", name, shift, `two whole numbers, below ±${shape[2]} (down) and ±${shape[3]} (right)`);
}

const shifted = (images: Tensor, [down, right]: Shift): Tensor => moved(moved(images, 2, down), 3, right);

function moved(x: Tensor, axis: number, by: number): Tensor {
  const kept = by < 0 ? x.slice(axis, -by) : x.slice(axis, 0, x.shape[axis] - by);
  return kept.pad(x.shape.map((_, i): [number, number] => (i === axis ? [Math.max(by, 0), Math.max(-by, 0)] : [0, 0])));
}

function relativeChange(before: TypedArray, after: TypedArray): number {
  let [change, size] = [0, 0];
  for (let i = 0; i < before.length; i++) {
    change += (after[i] - before[i]) ** 2;
    size += before[i] ** 2;
  }
  return change === 0 ? 0 : Math.sqrt(change / size);
}
