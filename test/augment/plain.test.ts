import fc from "fast-check";
import { expect, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { device } from "../../packages/tidu/src/tensor/realizer.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { anySteps, drawn, made, nested, randomImages } from "./support/make.js";
import { Draws, plain } from "./support/plain.js";

const CLASSES = 3;

const batches = fc.record({
  steps: anySteps,
  samples: fc.integer({ min: 1, max: 5 }),
  channels: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 5, max: 9 }),
  width: fc.integer({ min: 5, max: 9 }),
  dtype: fc.constantFrom("u8" as const, "f32" as const),
  seed: fc.nat(1000),
});

onEveryDevice(() => {
  test("what augmentations make of a batch is what they do pixel by pixel", async () => {
    const property = fc.asyncProperty(batches, async ({ steps, samples, channels, height, width, dtype, seed }) => {
      const images = randomImages([samples, channels, height, width], dtype, seed);
      const labels = Int32Array.from({ length: samples }, (_, i) => (i + seed) % CLASSES);
      const { x, t } = drawn(seed, () => {
        const { images: x, targets } = made(steps).apply(images);
        return { x, t: targets(tensor(labels), CLASSES) };
      });
      const batch = (await nested(images)).map((image, i) => ({
        image,
        target: Array.from({ length: CLASSES }, (_, k) => (k === labels[i] ? 1 : 0)),
      }));
      const want = plain(steps, batch, new Draws(seed), dtype === "u8");
      expect(x.shape).toEqual([samples, channels, want[0].image[0].length, want[0].image[0][0].length]);
      expect(x.dtype).toBe("f32");
      // Where a pixel comes from is known to about 10^-5 pixels in float32; neighbors may differ by all there is.
      const limit = device() instanceof ReferenceDevice ? 1e-6 : 2e-4;
      expectNumbers(
        "images",
        await x.data(),
        want.flatMap(({ image }) => image.flat(2)),
        limit,
      );
      const mixed = steps.some(({ name }) => name === "mixup");
      const targets = mixed ? want.flatMap(({ target }) => target) : labels;
      expectNumbers("targets", await t.data(), targets, limit);
    });
    await fc.assert(property, { numRuns: 60, seed: 1 });
  });
});
