// Products in f16, where the card has them: each shape of tile by itself gives the exact result where f16 holds every sum,
// and one within f16's rounding elsewhere.
import { describe, expect, test } from "vitest";
import { DeviceError } from "../../../packages/tidu/src/base/errors.js";
import { perThread, TILES } from "../../../packages/tidu/src/codegen/wgsl/card.js";
import { device as current, nn, setDevice, tensor } from "../../../packages/tidu/src/index.js";
import { checkClose, expected, runOn } from "../../support/compare.js";
import { PRODUCTS, productOf, usesHalves } from "../../support/half-products.js";
import { open } from "./open.js";

/** SwiftShader has no f16. */
const has = "Deno" in globalThis;

/** A tile of each number of rows that a thread may have. */
const tiles = [...new Map(TILES.map((t) => [perThread(t).down, t])).values()];

describe.skipIf(!has).each(tiles.map((t) => [`${t.rows}×${t.columns}`, t] as const))("a tile of %s", (_, tile) => {
  test("multiplies small whole numbers exactly", async () => {
    const device = await open({ tiles: [tile], f16: true });
    for (const one of PRODUCTS) {
      const work = productOf(one, (i) => ((i * 37) % 7) - 3);
      expect(usesHalves(device, work)).toBe(true);
      const [[got], [right]] = [await runOn(device, work), expected(work)];
      // Zeros of either sign are the same.
      expect(Array.from(got, (x) => x + 0)).toEqual(Array.from(right.value.data, (x) => x + 0));
    }
    device.close();
  });
});

test.skipIf(!has)("other products round as f16 does, sixteen terms at a time", async () => {
  const device = await open({ f16: true }, "card");
  const inner = 1000;
  const work = productOf({ rows: 8, columns: 64, inner, types: ["f32", "f16"] }, (i) => Math.sin(i));
  const [got] = await runOn(device, work);
  const [right] = expected(work);
  const errors = Array.from(got, (x, i) => Math.abs(x - right.value.data[i]));
  // Products of numbers in −1…1: two operands, the product and at most sixteen sums of at most 16 are rounded.
  const bound = inner * 2 ** -11 * (3 + 16);
  expect(Math.max(...errors)).toBeLessThan(bound);
  expect(Math.max(...errors)).toBeGreaterThan(inner * 2 ** -24);
  device.close();
});

test.skipIf(!has)("f32 alone stays in f32, and so does a device that was not asked", async () => {
  const [asked, usual] = [await open({ f16: true }, "card"), await open({}, "card")];
  const [single, half] = (["f32", "f16"] as const).map((type) =>
    productOf({ rows: 36, columns: 132, inner: 20, types: ["f32", type] }, Math.sin),
  );
  expect(usesHalves(asked, single)).toBe(false);
  expect(usesHalves(usual, half)).toBe(false);
  const { updates } = single;
  checkClose(await runOn(asked, single), expected(single), [updates[0].storage]);
  for (const device of [asked, usual]) device.close();
});

test.skipIf(!has)("a network whose weights are f16 predicts nearly the same", async () => {
  const net = nn.sequential(
    nn.conv2d(1, 8, 3, { padding: 1 }),
    nn.relu(),
    nn.conv2d(8, 16, 3, { padding: 1, stride: 2 }),
    nn.batchNorm2d(16),
    nn.relu(),
    nn.flatten(),
    nn.linear(16 * 49, 10),
  );
  const x = tensor(
    Float32Array.from({ length: 4 * 196 }, (_, i) => Math.sin(i)),
    [4, 1, 14, 14],
  );
  const before = current();
  const right = await (await net.predict(x)).data();
  const device = await open({ f16: true }, "card");
  setDevice(device);
  const got = await (await net.to("f16").predict(x)).data();
  setDevice(before);
  device.close();
  const largest = Math.max(...Array.from(right, Math.abs));
  const error = Math.max(...Array.from(got, (g, i) => Math.abs(g - right[i])));
  expect(error / largest).toBeLessThan(0.01);
  expect(error).toBeGreaterThan(0);
});

test.skipIf(has)("a card without f16 is named, with what to do", async () => {
  const wanted = open({ f16: true }, "card");
  await expect(wanted).rejects.toThrow(DeviceError);
  await expect(wanted).rejects.toThrow(/lacks shader-f16; create the device without \{ f16: true \}/);
});
