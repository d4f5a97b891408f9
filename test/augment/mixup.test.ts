import { describe, expect, test } from "vitest";
import * as augment from "../../packages/tidu/src/augment/index.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { crossEntropy } from "../../packages/tidu/src/nn/loss.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { Generator, withGenerator } from "../../packages/tidu/src/tensor/random.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { drawn } from "./support/make.js";

const COUNT = 6;
/** Image i is 1 in its row i and 0 elsewhere, so that a mixed image tells what it was mixed from. */
const images = (): Tensor =>
  tensor(
    Float32Array.from({ length: COUNT * COUNT }, (_, k) => (k % (COUNT + 1) === 0 ? 1 : 0)),
    [COUNT, 1, COUNT, 1],
  );
const rows = (x: Tensor): Tensor => x.reshape([COUNT, COUNT]);

onEveryDevice(() => {
  describe("mixup", () => {
    test("mixes each image with one other, in shares that make up a whole", async () => {
      for (let seed = 0; seed < 8; seed++) {
        const mixed = drawn(seed, () => rows(augment.mixup(1).apply(images()).images));
        const shares = (await mixed.array()) as number[][];
        const distances = shares.map((row, i) => {
          expect(row.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 6);
          const others = row.flatMap((v, j) => (v > 0 && j !== i ? [j] : []));
          expect(others).toHaveLength(1);
          return (others[0] - i + COUNT) % COUNT;
        });
        expect(new Set(distances).size).toBe(1);
      }
    });

    test.each([
      ["u8", Uint8Array.from({ length: COUNT }, (_, i) => i)],
      ["i32", Int32Array.from({ length: COUNT }, (_, i) => i)],
    ] as const)("mixes class numbers (%s) as it mixes the images", async (_, labels) => {
      const [x, t] = drawn(2, () => {
        const { images: x, targets } = augment.mixup(0.5).apply(images());
        return [rows(x), targets(tensor(labels), COUNT)];
      });
      expect(t.dtype).toBe("f32");
      expect(await t.array()).toEqual(await x.array());
    });

    test("mixes values, also of several axes, as it mixes the images", async () => {
      const [x, y, z] = drawn(2, () => {
        const { images: x, targets } = augment.mixup(0.5).apply(images());
        return [rows(x), targets(rows(images())), targets(images())];
      });
      expect(await y.array()).toEqual(await x.array());
      expect(await rows(z).array()).toEqual(await x.array());
    });

    test("twice, and after other changes, targets stay shares", async () => {
      const t = drawn(4, () =>
        augment
          .parseAugment("shift:1,mixup:0.3,flip,mixup:1")
          .apply(images())
          .targets(tensor(Uint8Array.from({ length: COUNT }, (_, i) => i % 2)), 2),
      );
      expect(t.shape).toEqual([COUNT, 2]);
      for (const sum of await t.sum(1).data()) expect(sum).toBeCloseTo(1, 6);
    });

    test("leaves a batch of one as it is", async () => {
      const one = tensor([[[[3, 4]]]]);
      expect(await drawn(1, () => augment.mixup(1).apply(one).images).data()).toEqual(await one.data());
    });

    test("makes targets that cross-entropy takes: the shares of the samples' own losses", async () => {
      const labels = Uint8Array.from({ length: COUNT }, (_, i) => i);
      const scores = tensor(
        Float32Array.from({ length: COUNT * COUNT }, (_, i) => Math.sin(i)),
        [COUNT, COUNT],
      );
      const [cost, t] = drawn(6, () => {
        const t = augment.mixup(1).apply(images()).targets(tensor(labels), COUNT);
        return [crossEntropy(scores, t), t];
      });
      const [shares, logs] = (await Promise.all([t.array(), scores.logSoftmax(1).array()])) as number[][][];
      const losses = shares.map((row, i) => row.reduce((sum, share, k) => sum - share * logs[i][k], 0));
      expect(await cost.item()).toBeCloseTo(losses.reduce((sum, v) => sum + v, 0) / COUNT, 5);
    });
  });

  test("augmentations without mixing leave targets as they are", () => {
    const labels = tensor(Uint8Array.of(0, 1, 2, 0, 1, 2));
    expect(augment.parseAugment("rotate:5,flip,brightness:0.1,cutout:2").apply(images()).targets(labels)).toBe(labels);
  });

  describe("in a compiled step", () => {
    const everything = "shift:1,rotate:20:p=0.9,scale:0.1,flip,contrast:0.2,brightness:0.1,cutout:2,mixup:0.4";
    const steps = (generator: Generator) =>
      compile((x: Tensor) => withGenerator(generator, () => augment.parseAugment(everything).apply(x).images));

    test("each step draws anew, the same from the same seed, other numbers from another", async () => {
      const run = async (seed: number): Promise<string[]> => {
        const step = steps(new Generator(seed));
        const results: string[] = [];
        for (let i = 0; i < 3; i++) results.push(String(await (await step(images())).data()));
        return results;
      };
      const [first, again, other] = [await run(1), await run(1), await run(2)];
      expect(again).toEqual(first);
      expect(new Set([...first, ...other]).size).toBe(6);
    });

    test("goes on from a generator's state with the same bits", async () => {
      const generator = new Generator(3);
      const step = steps(generator);
      await step(images());
      await step(images());
      const state = (await generator.state.data()) as Int32Array;
      const next = await (await step(images())).data();

      const resumed = new Generator(99);
      resumed.state.assign(tensor(state));
      expect(await (await steps(resumed)(images())).data()).toEqual(next);
    });
  });
});

test("class numbers can be mixed only if it is known how many there are", () => {
  const { targets } = augment.mixup(0.2).apply(images());
  expect(() => targets(tensor(Uint8Array.from({ length: COUNT }, () => 1)))).toThrow(ArgumentError);
  expect(() => targets(tensor(Uint8Array.from({ length: COUNT }, () => 1)))).toThrow(
    "mixup: 6 class numbers cannot be mixed without the number of classes; pass it: targets(t, classes)",
  );
});
