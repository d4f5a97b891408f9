// Data sets of images: pixels stay bytes, networks see them standardized by channel.
import { dataset } from "tidu/data";
import type { ArrayPart } from "../array-part.js";
import type { LearnedOutputs } from "../assemble.js";
import { mapParts, type Parts } from "../parts.js";
import type { ImagePreprocess } from "../source.js";
import { measure, type Statistics, standardizer } from "../statistics.js";
import type { Frame } from "./decode.js";

/** Pixels go from 0 to this. */
const WHITE = 255;

/** What a network sees of a batch of pixels. */
export const pixelTransform = (statistics: Statistics) => standardizer(statistics, 3, WHITE);

/** How images become inputs: with statistics that are known, or those of the training images. */
export function learnPixels(
  train: ArrayPart,
  { height, width, channels, fit }: Frame,
  outputs: LearnedOutputs,
  known: Statistics | undefined,
): ImagePreprocess {
  const { mean, deviation } = known ?? scaled(measure(train.inputs, channels, height * width));
  const fitted = fit === undefined ? {} : { fit };
  return { kind: "image", height, width, channels, ...fitted, mean, deviation, ...outputs };
}

const scaled = ({ mean, deviation }: Statistics): Statistics => ({
  mean: mean.map((m) => m / WHITE),
  deviation: deviation.map((d) => d / WHITE),
});

/** The data sets; the parts' inputs are bytes. */
export function pixelDatasets(parts: Parts<ArrayPart>, preprocess: ImagePreprocess) {
  const { channels, height, width, classes, targets } = preprocess;
  const transform = pixelTransform(preprocess);
  return mapParts(parts, ({ inputs, targets: own }) =>
    dataset(inputs as Uint8Array, [channels, height, width], own.finish(targets), { classes, transform }),
  );
}

const WORDS = {
  stretch: "stretched",
  letterbox: "whole with black beside them",
  crop: "cropped in the middle",
} as const;

/** What was found out about images. */
export const pixelNote = ({ channels, height, width, fit }: Frame): string =>
  `${channels === 1 ? "gray" : "RGB"} images of ${height} × ${width} pixels (height × width)${fit === undefined ? "" : `, ${WORDS[fit]}`}, standardized by the training images' mean and standard deviation`;
