// Random augmentations and images for property tests.
import fc from "fast-check";
import type { Augmentation } from "../../../packages/tidu/src/augment/augmentation.js";
import * as augment from "../../../packages/tidu/src/augment/index.js";
import { threefry2x32 } from "../../../packages/tidu/src/base/threefry.js";
import { Generator, withGenerator } from "../../../packages/tidu/src/tensor/random.js";
import { type Tensor, tensor } from "../../../packages/tidu/src/tensor/tensor.js";
import type { Image, Step } from "./plain.js";

// biome-ignore lint/suspicious/noExplicitAny: each augmentation has a value and options of its own
type Make = (value: any, options: any) => Augmentation;

/** The augmentation that steps, as data, stand for. */
export const made = (steps: readonly Step[]): Augmentation =>
  augment.compose(
    ...steps.map(({ name, value, options }) => (augment as unknown as Record<string, Make>)[name](value, options)),
  );

const p = fc.option(fc.constantFrom(0, 0.3, 1), { nil: undefined });
const border = fc.option(fc.constantFrom("zeros", "nearest"), { nil: undefined });
const change = fc.record({ p });
const warp = fc.record({ p, border });
const crop = fc.record({ border, size: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }) });
const covered = fc.record({ p, fill: fc.option(fc.constantFrom(0, 7, 128), { nil: undefined }) });

const step = (name: string, value: fc.Arbitrary<number | string>, options: fc.Arbitrary<Step["options"]>) =>
  fc.record({ name: fc.constant(name), value, options });

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  step("shift", fc.nat(3), warp),
  step("rotate", fc.constantFrom(0, 15, 90, 180), warp),
  step("scale", fc.constantFrom(0, 0.1, 0.5), warp),
  step("shear", fc.constantFrom(0, 10, 45), warp),
  step("flip", fc.constantFrom("horizontal", "vertical"), change),
  step("crop", fc.nat(2), crop),
  step("brightness", fc.constantFrom(0, 0.3, 1), change),
  step("contrast", fc.constantFrom(0, 0.3, 1), change),
  step("cutout", fc.integer({ min: 1, max: 4 }), covered),
  step("mixup", fc.constantFrom(0.4, 1, 3), change),
);

/** Any augmentation of images of 5 by 5 pixels or more. After a crop they may be smaller than what another would take. */
export const anySteps: fc.Arbitrary<Step[]> = fc
  .array(anyStep, { minLength: 1, maxLength: 4 })
  .filter((steps) => steps.filter(({ name }) => name === "crop").length < 2);

/** What an augmentation makes of images when its random numbers come from a fresh generator. */
export const drawn = <T>(seed: number, body: () => T): T => withGenerator(new Generator(seed), body);

/** Random images [n, channels, height, width]: bytes, or numbers from -1 to 1. */
export function randomImages(shape: readonly number[], dtype: "u8" | "f32", seed: number): Tensor {
  const size = shape.reduce((all, d) => all * d, 1);
  const values = Array.from({ length: size }, (_, i) => threefry2x32(seed, 1, i, 0)[0] / 2 ** 32);
  const bytes = dtype === "u8";
  return tensor(bytes ? Uint8Array.from(values, (v) => 256 * v) : Float32Array.from(values, (v) => 2 * v - 1), shape);
}

/** Images as nested lists. */
export const nested = async (images: Tensor): Promise<Image[]> => (await images.array()) as unknown as Image[];
