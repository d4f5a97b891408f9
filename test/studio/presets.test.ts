import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device, setDevice, WasmDevice } from "../../packages/tidu/src/index.js";
import { Observer } from "../../studio/src/engine/observer.js";
import type { EpochResult } from "../../studio/src/engine/protocol.js";
import { fromAddress } from "../../studio/src/engine/settings.js";
import { PRESETS } from "../../studio/src/playground/presets.js";
import { begin, epochs } from "./training.js";

const before = device();
beforeAll(() => setDevice(new WasmDevice({ portable: true, threads: 1 })));
afterAll(() => setDevice(before));

const settingsOf = (name: string) => {
  const preset = PRESETS.find((other) => other.name === name);
  if (preset === undefined) throw new Error(`there is no example ${name}`);
  return fromAddress(preset.address);
};
const train = async (name: string, count: number): Promise<EpochResult[]> =>
  epochs((await begin(settingsOf(name))).session, count);
const last = (results: readonly EpochResult[]): EpochResult => results[results.length - 1];

describe("what the examples claim is so", () => {
  test("one layer parts two clouds", async () => {
    expect(last(await train("line", 50)).test.accuracy).toBeGreaterThan(0.97);
  });

  test("three units of ReLU can't do the spiral; two layers of tanh can", { timeout: 120_000 }, async () => {
    expect(Math.max(...(await train("three", 300)).map(({ accuracy = 0 }) => accuracy))).toBeLessThan(0.85);
    expect(last(await train("spiral", 300)).test.accuracy).toBeGreaterThan(0.95);
  });

  test("given xy a single layer learns exclusive or", async () => {
    expect(last(await train("product", 50)).test.accuracy).toBeGreaterThan(0.97);
  });

  test("gradients get smaller from layer to layer on the way back", async () => {
    const { session } = await begin(settingsOf("vanishing"));
    await epochs(session, 1);
    const { layers } = await new Observer(session).frame({ place: [0, 0] });
    const sizes = layers.flatMap(({ gradients }, i) => (i % 2 === 0 && gradients ? [gradients.size] : []));
    for (let i = 1; i < sizes.length; i++) expect(sizes[i - 1]).toBeLessThan(sizes[i]);
    expect(sizes[0]).toBeLessThan(sizes[sizes.length - 1] / 1000);
  });

  test("a wide network overfits forty noisy points, and dropout helps", { timeout: 120_000 }, async () => {
    const [without, with_] = [await train("overfit", 300), await train("dropout", 300)];
    expect(last(without).loss).toBeLessThan(0.1);
    expect(last(without).test.loss).toBeGreaterThan(2 * Math.min(...without.map(({ test: { loss } }) => loss)));
    expect(last(with_).test.loss).toBeLessThan(0.7 * last(without).test.loss);
  });

  test("heights are learned", { timeout: 120_000 }, async () => {
    const results = await train("hills", 300);
    expect(last(results).test.loss).toBeLessThan(0.1 * results[0].test.loss);
  });

  test("too high a rate keeps the loss from falling", async () => {
    const results = await train("diverge", 30);
    expect(Math.min(...results.map(({ loss }) => loss))).toBeGreaterThan(0.3);
  });
});
