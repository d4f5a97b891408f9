import { describe, expect, test } from "vitest";
import type { Augmentation } from "../../packages/tidu/src/augment/augmentation.js";
import * as augment from "../../packages/tidu/src/augment/index.js";
import { topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { drawn, nested, randomImages } from "./support/make.js";
import type { Image } from "./support/plain.js";

const SHAPE = [40, 2, 6, 7];
const always = { p: 1 };

const changed = (augmentation: Augmentation, images: Tensor): Tensor =>
  drawn(3, () => augmentation.apply(images).images);

/** The image with its pixels moved, and beyond its border zeros or the nearest pixel. */
const moved = (image: Image, down: number, right: number, border: "zeros" | "nearest"): Image =>
  image.map((channel) =>
    channel.map((row, y) =>
      row.map((_, x) => {
        const inside = (at: number, size: number) => Math.min(Math.max(at, 0), size - 1);
        const [from, to] = [inside(y - down, channel.length), inside(x - right, row.length)];
        const seen = border === "nearest" || (from === y - down && to === x - right);
        return seen ? channel[from][to] : 0;
      }),
    ),
  );

onEveryDevice(() => {
  describe.each(["u8", "f32"] as const)("of %s images", (dtype) => {
    const images = () => randomImages(SHAPE, dtype, 5);

    test.each([
      "rotate:0",
      "shift:0",
      "scale:0",
      "shear:0",
      "crop:0",
      "rotate:0:border=nearest,scale:0:border=nearest,flip:p=0",
      "flip:p=1,flip:p=1",
      "flip:vertical:p=1,rotate:0,flip:vertical:p=1",
      "brightness:0,cutout:3:p=0,mixup:1:p=0",
      "shift:3:p=0,rotate:90:p=0,scale:0.5:p=0,shear:30:p=0,brightness:1:p=0",
    ])("%s changes nothing, to the last bit", async (text) => {
      const x = images();
      expect(await changed(augment.parseAugment(text), x).data()).toEqual(await x.toFloat().data());
    });

    test("a flip is the image from right to left, or from bottom to top", async () => {
      const x = images();
      for (const [direction, axis] of [
        ["horizontal", 3],
        ["vertical", 2],
      ] as const) {
        const got = changed(augment.flip(direction, always), x);
        expect(await got.data()).toEqual(await x.toFloat().flip(axis).data());
      }
    });

    test.each(["zeros", "nearest"] as const)(
      "shifts move whole pixels, all ways; beyond the border: %s",
      async (border) => {
        const x = images();
        const [before, after] = [await nested(x), await nested(changed(augment.shift(1, { border }), x))];
        const ways = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => [down, right] as const));
        const seen = after.map((image, i) => {
          const alike = ways.filter(([down, right]) => same(moved(before[i], down, right, border), image));
          expect(alike).toHaveLength(1);
          return String(alike);
        });
        expect(new Set(seen).size).toBe(ways.length);
      },
    );

    test("a crop is a window of the image with its padding", async () => {
      const x = images();
      const padded = await nested(
        x.toFloat().pad([
          [0, 0],
          [0, 0],
          [1, 1],
          [1, 1],
        ]),
      );
      const crops = await nested(changed(augment.crop(1, { size: 4 }), x));
      const places = new Set<number>();
      crops.forEach((crop, i) => {
        const at = Array.from({ length: 5 * 6 }, (_, k) => k).filter((k) => {
          const [top, left] = [Math.floor(k / 6), k % 6];
          return same(
            padded[i].map((c) => c.slice(top, top + 4).map((row) => row.slice(left, left + 4))),
            crop,
          );
        });
        expect(at).toHaveLength(1);
        places.add(at[0]);
      });
      expect(places.size).toBeGreaterThan(15);
    });
  });
});

onEveryDevice(() => {
  test("gradients by the images are those of what was done to them, which is linear", async () => {
    const augmentation = augment.parseAugment("rotate:40,shift:1:border=nearest,brightness:0.5,contrast:0.5,mixup:1");
    const [x, weights] = [8, 9].map((seed) => randomImages([2, 1, 3, 3], "f32", seed));
    const cost = (images: Tensor): Tensor => drawn(4, () => augmentation.apply(images).images.mul(weights).sum());
    const [slopes] = grad(cost(x), [x]);
    const single = (i: number) =>
      tensor(
        Float32Array.from({ length: 18 }, (_, k) => (k === i ? 1 : 0)),
        [2, 1, 3, 3],
      );
    const wanted = await Promise.all(Array.from({ length: 18 }, (_, i) => cost(single(i)).item()));
    expectNumbers("slopes", await slopes.data(), wanted, 1e-5);
  });
});

const same = (a: Image, b: Image): boolean => String(a) === String(b);

describe("what is composed", () => {
  const gathers = (text: string): number => {
    const { images } = augment.parseAugment(text).apply(randomImages([2, 1, 5, 5], "u8", 1));
    return topologicalOrder([images.node]).filter((node) => node.kind === "gather").length;
  };

  test.each([
    ["rotate:15", 4],
    ["rotate:15,shift:2,scale:0.1,shear:5,crop:1,flip", 4],
    ["flip,rotate:15:border=nearest,flip:vertical,scale:0.1:border=nearest,flip", 4],
    ["flip,crop:1,flip:vertical,shift:2", 1],
    ["rotate:15,rotate:15:border=nearest", 8],
    ["rotate:15,brightness:0.1,rotate:15", 8],
    ["brightness:0.1,contrast:0.1,cutout:3", 0],
  ])("%s reads %i pixels of an image for one of its own", (text, count) => {
    expect(gathers(text)).toBe(count);
  });
});
