import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device, setDevice, WasmDevice } from "../../packages/tidu/src/index.js";
import { type LayerSpec, newLayer } from "../../studio/src/engine/layers.js";
import { lookAtBatch } from "../../studio/src/engine/look.js";
import { Observer } from "../../studio/src/engine/observer.js";
import { type Settings, startFor } from "../../studio/src/engine/settings.js";
import { begin, epochs, printed } from "./training.js";

const before = device();
beforeAll(() => setDevice(new WasmDevice({ portable: true, threads: 1 })));
afterAll(() => setDevice(before));

const layers: readonly LayerSpec[] = [
  newLayer("linear", { units: 8 }),
  newLayer("batchNorm1d"),
  newLayer("relu"),
  newLayer("dropout", { drop: "units" }),
  newLayer("maxout", { units: 4 }),
  newLayer("dropout", { p: 0.25 }),
  newLayer("linear", { units: 2 }),
];
const rich: Settings = {
  ...startFor("spiral"),
  layers,
  loss: "huber",
  optimizer: "adamw",
  l1: 1e-4,
  l2: 1e-3,
  seed: 5,
};

describe("a session", () => {
  test.each([
    ["points, with dropout, penalties and one-hot targets", rich],
    ["points, plain", startFor("circle")],
  ])("does what its exported program does, bit for bit: %s", async (_, settings) => {
    const { session, code } = await begin(settings);
    const own = await epochs(session, 2);
    expect(await printed(code)).toEqual(own.map(({ confusion, ...told }) => told));
  });

  test("goes back to any saved epoch, the first included, and on from there with the same bits", async () => {
    const { session } = await begin(rich);
    const first = await epochs(session, 4);
    await session.step();
    for (const epoch of [2, 0, 3]) {
      expect(session.restore(epoch)?.result).toEqual(first[epoch - 1]);
      expect(session.position).toEqual({ epoch, step: 0 });
      expect(await epochs(session, 4 - epoch)).toEqual(first.slice(epoch));
    }
    expect(session.restore(99)).toBeUndefined();
  });

  test("stops at a loss that is not finite, with the last saved weights", async () => {
    const { session } = await begin({ ...startFor("circle"), optimizer: "sgd", loss: "mse", lr: 10 });
    await expect(epochs(session, 50)).rejects.toThrow(/the loss is .*: use a lower learning rate \(now 10\)/);
    for (const v of session.net.state().values()) expect((await v.data()).every(Number.isFinite)).toBe(true);
  });
});

describe("what is seen of a session", () => {
  test("are the masks of the very last update: weights of dropped units have not changed", async () => {
    const { session } = await begin({
      ...startFor("circle"),
      optimizer: "sgd",
      layers: [
        newLayer("linear"),
        newLayer("tanh"),
        newLayer("dropout", { drop: "units" }),
        newLayer("linear", { units: 2 }),
      ],
    });
    const { settings, data, layers, generator } = session;
    const look = lookAtBatch({ settings, data, layers, generator, samples: () => session.lastSamples });
    const weight = session.net.namedParameters().get("3.weight");
    if (weight === undefined) throw new Error("no weight");
    const seen = new Set<string>();
    for (let step = 0; step < 5; step++) {
      const was = (await weight.data()).slice();
      await session.step();
      const now = await weight.data();
      const changed = Array.from({ length: 8 }, (_, unit) => (now[unit] === was[unit] ? 0 : 1));
      const { mask } = (await look())[2];
      expect(Array.from(mask?.values.slice(0, 8) ?? [], (v) => (v === 0 ? 0 : 1))).toEqual(changed);
      expect(changed.reduce<number>((sum, n) => sum + n, 0)).toBe(4);
      seen.add(changed.join());
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  test("looking changes nothing in the training", async () => {
    const [{ session: alone }, { session: watched }] = [await begin(rich), await begin(rich)];
    const observer = new Observer(watched);
    for (let step = 0; step < 6; step++) {
      const { layers, boundary } = await observer.frame(undefined);
      expect(layers).toHaveLength(7);
      expect(boundary?.values.every((v) => v >= 0 && v <= 1)).toBe(true);
      expect(await watched.step()).toEqual(await alone.step());
    }
  });
});
