import { describe, expect, test } from "vitest";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { Generator, withGenerator } from "../../packages/tidu/src/tensor/random.js";
import { ones, type Tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { onEveryDevice } from "./support/devices.js";

const SHAPE = [20, 10, 5, 4];

/** What a compiled step makes of ones, several times. */
async function drops(layer: nn.Dropout, times: number, shape = SHAPE): Promise<number[][]> {
  const generator = new Generator(11);
  const step = compile((x: Tensor) => withGenerator(generator, () => layer.forward(x)));
  const results: number[][] = [];
  for (let i = 0; i < times; i++) results.push(Array.from(await (await step(ones(shape))).data()));
  return results;
}

const mean = (x: readonly number[]): number => x.reduce((s, v) => s + v, 0) / x.length;

onEveryDevice(() => {
  describe.each([0.1, 0.5, 0.8])("p = %d", (p) => {
    test("inverted: what is kept is scaled so that the mean stays", async () => {
      const [x] = await drops(nn.dropout(p), 1);
      expect(new Set(x)).toEqual(new Set([0, Math.fround(1 / (1 - p))]));
      // 4000 draws: five deviations of the mean.
      expect(Math.abs(mean(x) - 1)).toBeLessThan(5 * Math.sqrt(p / (1 - p) / x.length));
    });

    test('scale: "test", the notes\' form: learning only drops, use multiplies by 1 - p, to the same mean', async () => {
      const layer = nn.dropout(p, { scale: "test" });
      const [x] = await drops(layer, 1);
      expect(new Set(x)).toEqual(new Set([0, 1]));
      const [use] = await drops(layer.eval(), 1);
      expect(new Set(use)).toEqual(new Set([Math.fround(1 - p)]));
      expect(Math.abs(mean(x) - use[0])).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / x.length));
    });
  });

  test("a new mask in every step, the same ones from the same seed", async () => {
    const [first, again] = [await drops(nn.dropout(0.5), 3), await drops(nn.dropout(0.5), 3)];
    expect(first).toEqual(again);
    expect(first[0]).not.toEqual(first[1]);
    expect(first[1]).not.toEqual(first[2]);
  });

  test("different layers have different masks", async () => {
    const [x] = await drops(nn.sequential(nn.dropout(0.5), nn.dropout(0.5)) as unknown as nn.Dropout, 1);
    expect(Math.abs(mean(x.map((v) => (v > 0 ? 1 : 0))) - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / x.length));
  });

  test("channels are kept or dropped as a whole", async () => {
    const [x] = await drops(nn.dropout(0.5, { drop: "channels" }), 1);
    const kept: number[] = [];
    for (let c = 0; c < 200; c++) {
      const channel = new Set(x.slice(c * 20, c * 20 + 20));
      expect(channel.size).toBe(1);
      kept.push([...channel][0]);
    }
    expect(Math.abs(mean(kept) - 1)).toBeLessThan(5 * Math.sqrt(1 / kept.length));
  });

  test("in use, and for p = 0, nothing changes", async () => {
    for (const layer of [nn.dropout(0.5).eval(), nn.dropout(0)]) {
      expect(new Set((await drops(layer, 1))[0])).toEqual(new Set([1]));
    }
  });

  test("seeds that differ beyond 32 bits give other numbers, and those of 32 bits give what they always gave", async () => {
    const first = async (seed: number) => (await new Generator(seed).uniform([8]).data()).join();
    const seeds = [1, 1 + 2 ** 32, 1 + 2 ** 33, 1 - 2 ** 32, -1, 2 ** 53 - 1, -(2 ** 53) + 1];
    expect(new Set(await Promise.all(seeds.map(first))).size).toBe(seeds.length);
    expect(await first(2 ** 32 - 5)).toBe(await first(-5));
  });
});
