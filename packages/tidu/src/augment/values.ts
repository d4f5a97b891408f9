// Augmentations that change the values of pixels.
import { finite } from "../base/check.js";
import { arange, type Tensor } from "../tensor/tensor.js";
import { Augmentation, type Batch } from "./augmentation.js";
import { checkWhole, checkWithin } from "./check.js";
import { around, below, choose } from "./draw.js";
import { CHANGE, type ChangeOptions, checkOptions, spell } from "./options.js";

/** An augmentation that changes pixels' values. */
function change(
  name: string,
  value: number,
  options: ChangeOptions,
  body: (images: Tensor, chosen: ReturnType<typeof choose>, limit: (images: Tensor) => Tensor) => Tensor,
): Augmentation {
  checkOptions(name, options, name === "cutout" ? { ...CHANGE, fill: finite } : CHANGE);
  const { p = 1 } = options;
  const apply = (batch: Batch): Batch => {
    const { images, limits } = batch;
    const limit = (x: Tensor): Tensor => (limits === undefined ? x : x.maximum(limits[0]).minimum(limits[1]));
    return { ...batch, images: body(images.toFloat(), choose(images.shape[0], p), limit) };
  };
  return new Augmentation([{ text: spell(name, [value], options), change: apply }]);
}

/** One number for each image, spread over its pixels. */
const perImage = (x: Tensor): Tensor => x.reshape([x.size, 1, 1, 1]);

/**
 * Multiplies an image's pixels by a factor from 1 - `by` to 1 + `by`; `by` is from 0 to 1. Pixels of u8 images are
 * limited to 0 … 255.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { brightness } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(brightness(0.2).apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function brightness(by: number, options: ChangeOptions = {}): Augmentation {
  checkWithin("brightness", "by", by, 0, 1);
  return change("brightness", by, options, (images, chosen, limit) => {
    const factor = chosen(around(images.shape[0], 1, by), 1);
    return limit(images.mul(perImage(factor)));
  });
}

/**
 * Multiplies the distance of an image's pixels from their mean (over all channels) by a factor from 1 - `by` to 1 +
 * `by`; `by` is from 0 to 1. Pixels of u8 images are limited to 0 … 255.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { contrast } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(contrast(0.2).apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function contrast(by: number, options: ChangeOptions = {}): Augmentation {
  checkWithin("contrast", "by", by, 0, 1);
  return change("contrast", by, options, (images, chosen, limit) => {
    const factor = chosen(around(images.shape[0], 1, by), 1);
    const mean = images.mean([1, 2, 3], true);
    return limit(images.sub(mean).mul(perImage(factor)).add(mean));
  });
}

/** Options of `cutout`. */
export interface CutoutOptions extends ChangeOptions {
  /** The value of the square's pixels, in the units of the stored images. Default 0. */
  readonly fill?: number;
}

/**
 * Covers a square of `size` pixels. Its center may be any pixel of the image, so part of it may lie outside.
 * DeVries and Taylor, "Improved regularization of convolutional neural networks with Cutout", 2017, section 3.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { cutout } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(cutout(8).apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function cutout(size: number, options: CutoutOptions = {}): Augmentation {
  checkWhole("cutout", "size", size, 1);
  return change("cutout", size, options, (images, chosen) => {
    const { fill = 0 } = options;
    const [n, , height, width] = images.shape;
    // From the square's first pixel to its middle, which is between two pixels where size is even.
    const reach = (size - 1) / 2;
    const away = (length: number): Tensor => {
      const middle = below(n, length).add(reach - Math.floor(size / 2));
      return arange(length)
        .sub(chosen(middle, -size).reshape([n, 1]))
        .abs();
    };
    const distance = away(height)
      .reshape([n, 1, height, 1])
      .maximum(away(width).reshape([n, 1, 1, width]));
    return distance.le(reach).where(fill, images);
  });
}
