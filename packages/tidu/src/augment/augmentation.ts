// The base of all augmentations: steps that change a batch of images in turn.
import { check, instance, listOf } from "../base/check.js";
import { ArgumentError, ShapeError } from "../base/errors.js";
import { formatShape } from "../base/shape.js";
import { checkTensor, type Tensor } from "../tensor/tensor.js";
import { composeFrames, type Frame } from "./frame.js";
import { type Border, sample } from "./sample.js";

/** Images that were changed at random, and their targets. */
export interface Augmented {
  /** f32 [samples, channels, height, width]; u8 images keep their scale, 0 to 255. */
  readonly images: Tensor;
  /**
   * The targets of these images, from those of the original images, [samples, …]. They are the same unless samples were
   * mixed. Then values (f32) are mixed alike, and class numbers become shares, f32 [samples, classes] with sums of 1.
   *
   * @throws ArgumentError if class numbers are to be mixed and `classes` is not given.
   */
  targets(of: Tensor, classes?: number): Tensor;
}

/** A batch on its way through an augmentation. */
export interface Batch extends Augmented {
  /** Least and largest value of a pixel, where they are known. */
  readonly limits?: readonly [number, number];
}

/** A change of the pixels' places. Neighboring warps with the same border are combined. */
export interface Warp {
  /** Its text form. */
  readonly text: string;
  /** Undefined where the border never matters. */
  readonly border?: Border;
  /** Draws where each pixel of the result comes from in images [n, …, height, width]. */
  frame(n: number, height: number, width: number): Frame;
}

/** Any other change. */
export interface Change {
  readonly text: string;
  change(batch: Batch): Batch;
}

/**
 * Random changes of images that do not change their meaning, drawn anew for each image in each step. They are made of
 * tensor operations, so that inside a compiled step they are part of its program; their random numbers are those of the
 * generator in use.
 */
export class Augmentation {
  /** @internal */
  constructor(readonly parts: readonly (Warp | Change)[]) {}

  /**
   * Changes a batch of images.
   *
   * @param images u8 or f32 [samples, channels, height, width].
   * @throws ShapeError if they are not of that shape, or smaller than a window to crop.
   */
  apply(images: Tensor): Augmented {
    checkTensor("apply", "images", images);
    if (images.rank !== 4) {
      throw new ShapeError(
        `augment: the batch has shape ${formatShape(images.shape)}, expected [samples, channels, height, width]; reshape it, or give the data set's samples the shape [channels, height, width]`,
      );
    }
    const limits = images.dtype === "u8" ? ([0, 255] as const) : undefined;
    let batch: Batch = { images, limits, targets: (of) => of };
    for (const step of stepsOf(this.parts)) {
      batch = "change" in step ? step.change(batch) : { ...batch, images: warp(batch.images, step) };
    }
    return { images: batch.images.toFloat(), targets: batch.targets };
  }

  /** The text form, which `parseAugment` reads: "shift:2,rotate:15,flip". */
  toString(): string {
    return this.parts.map((part) => part.text).join();
  }

  /** The text form, so that it can be kept in a JSON file. */
  toJSON(): string {
    return String(this);
  }
}

/**
 * Several augmentations, one after the other. Neighboring shifts, rotations and the like with the same border are
 * combined, so the image is resampled once.
 *
 * @throws ArgumentError if there are none.
 *
 * @example
 * ```ts
 * import { zeros } from "tidu";
 * import { compose, rotate, shift } from "tidu/augment";
 *
 * console.log(compose(shift(2), rotate(15)).apply(zeros([4, 1, 28, 28])).images.shape); // [4, 1, 28, 28]
 * ```
 */
export function compose(...list: readonly Augmentation[]): Augmentation {
  check("compose", "list", list, listOf(instance(Augmentation, "an augmentation")));
  if (list.length === 0) throw new ArgumentError("compose: no augmentations; give at least one");
  return new Augmentation(list.flatMap(({ parts }) => parts));
}

/** Warps that are combined into one. */
interface Run {
  readonly warps: readonly Warp[];
  readonly border?: Border;
}

/** The parts, with each run of warps combined. */
function stepsOf(parts: readonly (Warp | Change)[]): (Run | Change)[] {
  const steps: (Run | Change)[] = [];
  for (const part of parts) {
    const last = steps.at(-1);
    if ("change" in part) steps.push(part);
    else if (last === undefined || "change" in last || (last.border ?? part.border) !== (part.border ?? last.border)) {
      steps.push({ warps: [part], border: part.border });
    } else steps[steps.length - 1] = { warps: [...last.warps, part], border: last.border ?? part.border };
  }
  return steps;
}

function warp(images: Tensor, { warps: [first, ...rest], border = "zeros" }: Run): Tensor {
  const [n, , height, width] = images.shape;
  const frame = rest.reduce(
    (sofar, { frame }) => composeFrames(sofar, frame(n, sofar.height, sofar.width)),
    first.frame(n, height, width),
  );
  return sample(images, frame, border);
}
