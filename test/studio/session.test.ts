import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device, setDevice, WasmDevice } from "../../packages/tidu/src/index.js";
import type { Change } from "../../studio/src/engine/changes.js";
import { type LayerSpec, newLayer } from "../../studio/src/engine/layers.js";
import { lookAtBatch } from "../../studio/src/engine/look.js";
import { Observer } from "../../studio/src/engine/observer.js";
import type { Asked } from "../../studio/src/engine/protocol.js";
import { FEATURES, type Settings, startFor } from "../../studio/src/engine/settings.js";
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
    ["points, with more inputs and fewer points", { ...startFor("spiral"), features: FEATURES, share: 30 }],
    ["numbers, with the mean square", startFor("slope")],
    ["numbers, with Huber's loss and a penalty", { ...startFor("hills"), loss: "huber", l2: 1e-3 } as Settings],
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
      expect((await session.restore(epoch)).result).toEqual(first[epoch - 1]);
      expect(session.position).toEqual({ epoch, step: 0 });
      expect(await epochs(session, 4 - epoch)).toEqual(first.slice(epoch));
    }
    // One that is not there yet: the last before it.
    await session.restore(99);
    expect(session.position).toEqual({ epoch: 4, step: 0 });
  });

  test("stops at a loss that is not finite, with the last saved weights", async () => {
    const { session } = await begin({ ...startFor("circle"), optimizer: "sgd", loss: "mse", lr: 10 });
    await expect(epochs(session, 50)).rejects.toMatchObject({ trouble: { code: "notFinite", lr: 10 } });
    for (const v of session.net.state().values()) expect((await v.data()).every(Number.isFinite)).toBe(true);
  });
});

describe("changes while it trains", () => {
  const changes: readonly Change[] = [
    { at: 3, what: "lr", value: 0.01 },
    { at: 25, what: "p", layer: 5, value: 0.5 },
    { at: 25, what: "l2", value: 0.01 },
    { at: 40, what: "weight", layer: 0, parameter: "weight", index: 2, value: 1.5 },
  ];

  test("are part of the run: made by hand or told beforehand, and gone back over, they give the same bits", async () => {
    const { session: told } = await begin(rich, 1, changes);
    const wanted = await epochs(told, 4);
    const { session: plain } = await begin(rich);
    expect(await epochs(plain, 4)).not.toEqual(wanted);

    const { session } = await begin(rich);
    const found = [];
    for (let step = 0; found.length < 4; step++) {
      for (const { at, ...change } of changes) if (at === step) await session.change(change as Asked);
      const { result } = await session.step();
      if (result !== undefined) found.push(result);
    }
    expect(session.changes).toEqual(changes);
    expect(found).toEqual(wanted);
    for (const epoch of [1, 3, 0]) {
      await session.restore(epoch);
      expect(await epochs(session, 4 - epoch)).toEqual(wanted.slice(epoch));
    }
  });

  test("after going back make void what was to come later", async () => {
    const { session } = await begin(rich, 1, changes);
    await epochs(session, 3);
    await session.restore(1);
    await session.change({ what: "lr", value: 0.02 });
    expect(session.changes).toEqual([changes[0], { at: 20, what: "lr", value: 0.02 }]);
    const now = session.now;
    expect([now.lr, now.l2, now.layers[5].values.p]).toEqual([0.02, rich.l2, 0.25]);
    await session.restore(3);
    expect(session.position.epoch).toBe(1);
  });

  test("to a weight are seen at once, and only there", async () => {
    const { session } = await begin({ ...startFor("circle"), optimizer: "sgd" });
    const weight = session.layers[0].namedParameters().get("weight");
    const before = (await weight?.data())?.slice() ?? [];
    await session.change({ what: "weight", layer: 0, parameter: "weight", index: 3, value: -2 });
    const after = (await weight?.data()) ?? [];
    expect([...after].map((v, i) => (v === before[i] ? 0 : i)).filter(Boolean)).toEqual([3]);
    expect(after[3]).toBe(-2);
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
      const { layers, boundary } = await observer.frame({ place: [0, 0], unit: { layer: 0, unit: 1 } });
      expect(layers).toHaveLength(7);
      expect(await observer.batch()).toHaveLength(7);
      expect(boundary?.values.every(Number.isFinite)).toBe(true);
      expect(await watched.step()).toEqual(await alone.step());
    }
  });
});
