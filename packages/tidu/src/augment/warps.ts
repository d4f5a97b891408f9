// Augmentations that move pixels.
import { whole, words } from "../base/check.js";
import { ShapeError } from "../base/errors.js";
import { ones } from "../tensor/tensor.js";
import { Augmentation } from "./augmentation.js";
import { checkWhole, checkWithin, checkWord } from "./check.js";
import { around, below, choose } from "./draw.js";
import { aboutMiddle, type Frame, type PerSample } from "./frame.js";
import { BORDERS, CHANGE, type ChangeOptions, checkOptions, spell, type WarpOptions } from "./options.js";
import type { Border } from "./sample.js";

/** Gives chosen samples a value and the others another. */
type Choose = ReturnType<typeof choose>;

const CROP = { size: whole(1), border: words(...BORDERS) };

function warp(
  name: string,
  values: readonly (number | string)[],
  options: WarpOptions,
  frame: (n: number, height: number, width: number, chosen: Choose) => Frame,
  usual: { readonly p: number; readonly border?: Border } = { p: 1, border: "zeros" },
): Augmentation {
  checkOptions(name, options, name === "flip" ? CHANGE : name === "crop" ? CROP : undefined);
  const { p = usual.p, border = usual.border } = options;
  const text = spell(name, values, options);
  return new Augmentation([{ text, border, frame: (n, height, width) => frame(n, height, width, choose(n, p)) }]);
}

/**
 * Shifts by a whole number of pixels along each axis, up to a limit; all distances are equally likely.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { shift } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(shift(2).apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function shift(pixels: number, options: WarpOptions = {}): Augmentation {
  checkWhole("shift", "pixels", pixels, 0);
  return warp("shift", [pixels], options, (n, height, width, chosen) => {
    const distance = () => chosen(below(n, 2 * pixels + 1).sub(pixels), 0);
    return { map: [1, 0, distance(), 0, 1, distance()], height, width, whole: true };
  });
}

const RADIANS = Math.PI / 180;

/**
 * Rotates about the center, by up to a number of degrees (0 to 180) in either direction.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { rotate } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(rotate(15).apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function rotate(degrees: number, options: WarpOptions = {}): Augmentation {
  checkWithin("rotate", "degrees", degrees, 0, 180);
  return warp("rotate", [degrees], options, (n, height, width, chosen) => {
    const angle = chosen(around(n, 0, degrees * RADIANS), 0);
    const [cos, sin] = [angle.cos(), angle.sin()];
    return { ...aboutMiddle(height, width, [cos, sin.neg(), sin, cos]), whole: false };
  });
}

/**
 * Scales about the center, by a factor from 1 - `by` to 1 + `by`; `by` is from 0 to 0.9.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { scale } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(scale(0.1).apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function scale(by: number, options: WarpOptions = {}): Augmentation {
  checkWithin("scale", "by", by, 0, 0.9);
  return warp("scale", [by], options, (n, height, width, chosen) => {
    const step = ones([n]).div(chosen(around(n, 1, by), 1));
    return { ...aboutMiddle(height, width, [step, 0, 0, step]), whole: false };
  });
}

/**
 * Slants vertical lines by up to a number of degrees (0 to 80) in either direction; rows stay rows.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { shear } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(shear(10).apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function shear(degrees: number, options: WarpOptions = {}): Augmentation {
  checkWithin("shear", "degrees", degrees, 0, 80);
  return warp("shear", [degrees], options, (n, height, width, chosen) => {
    const angle = chosen(around(n, 0, degrees * RADIANS), 0);
    return { ...aboutMiddle(height, width, [1, angle.sin().div(angle.cos()), 0, 1]), whole: false };
  });
}

export const DIRECTIONS = ["horizontal", "vertical"] as const;

/**
 * Exchanges left and right ("horizontal") or top and bottom ("vertical"), with probability `p`, by default 0.5.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { flip } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(flip().apply(images).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function flip(direction: (typeof DIRECTIONS)[number] = "horizontal", options: ChangeOptions = {}): Augmentation {
  checkWord("flip", "direction", direction, DIRECTIONS);
  const values = direction === "horizontal" ? [] : [direction];
  const frame = (_: number, height: number, width: number, chosen: Choose): Frame => {
    const mirror = (size: number): [PerSample, PerSample] => [chosen(-1, 1), chosen(size - 1, 0)];
    const [[a, c], [e, f]] = direction === "horizontal" ? [mirror(width), [1, 0]] : [[1, 0], mirror(height)];
    return { map: [a, 0, c, 0, e, f], height, width, whole: true };
  };
  return warp("flip", values, options, frame, { p: 0.5 });
}

/** Options of `crop`. */
export interface CropOptions extends Pick<WarpOptions, "border"> {
  /** Height and width of the window, in pixels; default those of the image. */
  readonly size?: number;
}

/**
 * Crops a window at a random place of the image, to which `padding` pixels are added at each side first; all places are
 * equally likely.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { crop } from "tidu/augment";
 *
 * const images = tensor(new Uint8Array(4 * 784), [4, 1, 28, 28]);
 * console.log(crop(0, { size: 24 }).apply(images).images.shape); // [4, 1, 24, 24]
 * ```
 */
export function crop(padding: number, options: CropOptions = {}): Augmentation {
  checkWhole("crop", "padding", padding, 0);
  return warp("crop", [padding], options, (n, height, width) => {
    const { size } = options;
    const start = (whole: number, window: number): PerSample => {
      const places = whole + 2 * padding - window + 1;
      if (places >= 1) return below(n, places).sub(padding);
      throw new ShapeError(
        `crop: a window of ${size} pixels does not fit into images of ${height} by ${width} with ${padding} more at each side; use a smaller size or more padding`,
      );
    };
    const [h, w] = [size ?? height, size ?? width];
    return { map: [1, 0, start(width, w), 0, 1, start(height, h)], height: h, width: w, whole: true };
  });
}
