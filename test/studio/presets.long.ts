// What the examples of the studio's gallery claim, with several seeds.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device, setDevice, WasmDevice } from "../../packages/tidu/src/index.js";
import { newLayer } from "../../studio/src/engine/layers.js";
import { Observer } from "../../studio/src/engine/observer.js";
import type { EpochResult } from "../../studio/src/engine/protocol.js";
import { fromAddress, type Settings } from "../../studio/src/engine/settings.js";
import { PRESETS } from "../../studio/src/playground/presets.js";
import { begin, epochs } from "./training.js";

const before = device();
beforeAll(() => setDevice(new WasmDevice({ portable: true, threads: 1 })));
afterAll(() => setDevice(before));

const settingsOf = (name: string, seed = 1): Settings => {
  const preset = PRESETS.find((other) => other.name === name);
  if (preset === undefined) throw new Error(`there is no example ${name}`);
  return { ...fromAddress(preset.address), seed };
};
const train = async (settings: Settings, count: number): Promise<EpochResult[]> =>
  epochs((await begin(settings)).session, count);
const last = (results: readonly EpochResult[]): EpochResult => results[results.length - 1];
const least = (numbers: readonly number[]): number => Math.min(...numbers);
const accuracies = (results: readonly EpochResult[]): number[] => results.map(({ test: { accuracy = 0 } }) => accuracy);
const testLosses = (results: readonly EpochResult[]): number[] => results.map(({ test: { loss } }) => loss);

// A reader may change the seed, and trains for as long as it pleases.
describe.each([1, 2, 3, 4])("what the examples claim is so, with seed %i", { timeout: 120_000 }, (seed) => {
  test("one layer parts two clouds", async () => {
    expect(last(await train(settingsOf("line", seed), 50)).test.accuracy).toBeGreaterThan(0.95);
  });

  test("three units of ReLU can't do the spiral, 32 can, and two layers of tanh", async () => {
    const three = settingsOf("three", seed);
    const most = (results: readonly EpochResult[]) => Math.max(...accuracies(results));
    expect(most(await train(three, 1000))).toBeLessThan(0.75);
    const layers = three.layers.map((layer, i) => (i === 0 ? newLayer("linear", { units: 32 }) : layer));
    expect(most(await train({ ...three, layers }, 300))).toBeGreaterThan(0.97);
    const spiral = accuracies(await train(settingsOf("spiral", seed), 600)).slice(-100);
    expect(spiral.reduce((sum, accuracy) => sum + accuracy) / spiral.length).toBeGreaterThan(0.9);
  });

  test("given xy a single layer learns exclusive or", async () => {
    expect(last(await train(settingsOf("product", seed), 50)).test.accuracy).toBeGreaterThan(0.97);
  });

  test("gradients get smaller from layer to layer on the way back", async () => {
    const { session } = await begin(settingsOf("vanishing", seed));
    for (const more of [1, 200]) {
      await epochs(session, more);
      const looks = await new Observer(session).batch();
      const sizes = looks.flatMap(({ gradients }, i) => (i % 2 === 0 && gradients ? [gradients.size] : []));
      for (let i = 1; i < sizes.length; i++) expect(sizes[i - 1]).toBeLessThan(sizes[i]);
      expect(sizes[0]).toBeLessThan(sizes[sizes.length - 1] / 1000);
    }
  });

  test("a wide network overfits forty noisy points; with dropout the test loss rises later and stays lower", async () => {
    const [without, with_] = [
      await train(settingsOf("overfit", seed), 3000),
      await train(settingsOf("dropout", seed), 3000),
    ];
    const [plain, dropped] = [testLosses(without), testLosses(with_)];
    expect(without[499].loss).toBeLessThan(0.05);
    for (const epoch of [500, 1000, 3000]) {
      expect(plain[epoch - 1]).toBeGreaterThan(3 * least(plain));
      expect(dropped[epoch - 1], `epoch ${epoch}`).toBeLessThan(0.8 * plain[epoch - 1]);
    }
    expect(dropped.indexOf(least(dropped))).toBeGreaterThan(2 * plain.indexOf(least(plain)));
  });

  test("heights are learned", async () => {
    const results = await train(settingsOf("hills", seed), 300);
    expect(last(results).test.loss).toBeLessThan(0.1 * results[0].test.loss);
  });

  test.each([3, 300, 1000])(
    "too high a rate keeps the loss from falling; lowered after %i epochs, it falls",
    async (at) => {
      const { session } = await begin(settingsOf("diverge", seed));
      const before = (await epochs(session, at)).map(({ loss }) => loss);
      const rises = before.filter((loss, i) => loss > before[i - 1]).length;
      expect(rises / before.length).toBeGreaterThan(0.3);
      expect(least(before)).toBeGreaterThan(0.3);
      await session.change({ what: "lr", value: 0.1 });
      const after = (await epochs(session, 300)).map(({ loss }) => loss);
      expect(last(await epochs(session, 1)).loss).toBeLessThan(0.75 * least(before));
      expect(after.slice(-100).every((loss) => loss < 0.75 * least(before))).toBe(true);
    },
  );
});
