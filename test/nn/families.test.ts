// Whole networks of several families, built here with PyTorch's weights, learn as they do in PyTorch.
import { afterAll, describe, expect, it } from "vitest";
import { compile, loss, type nn, optim, setDevice, type Tensor, tensor } from "../../packages/tidu/src/index.js";
import { loadGolden, type ShortSummary } from "../goldens/load.js";
import { onOneThread } from "../support/one-thread.js";
import { CharLstm, CharTransformer, fill, MobileNetV2, noise, ResNet18, text, UNet } from "./support/families.js";

onOneThread();
afterAll(() => setDevice(undefined));

const { cases } = loadGolden("families");
const golden = (name: string) => cases.find((c) => c.name === name) as (typeof cases)[number];
const normOf = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));

async function expectNear(y: Tensor, { norm, step, some }: ShortSummary, within: number): Promise<void> {
  const values = await y.data();
  expect(Math.abs(normOf(values) / norm - 1)).toBeLessThan(within);
  const scale = norm / Math.sqrt(values.length);
  some.forEach(
    (want, i) => void expect(Math.abs(values[i * step] - want) / scale, `element ${i * step}`).toBeLessThan(within),
  );
}

/** Norms over few numbers magnify how a device rounds, with fused multiply-add or without: in PyTorch, too, f32 and f64 part. */
const slackOf = (name: string): number => (name === "MobileNetV2" ? 20 : 1);

describe("outputs and the first three updates are PyTorch's", () => {
  it.each<[string, () => nn.Module, size: number, samples: number, dense: boolean]>([
    ["U-Net", () => new UNet(), 16, 2, true],
    ["ResNet-18", () => new ResNet18(), 64, 4, false],
    ["MobileNetV2", () => new MobileNetV2(), 64, 4, false],
  ])("%s", { timeout: 60_000 }, async (name, make, size, samples, dense) => {
    const want = golden(name);
    const net = fill(make());
    const x = noise([samples, 3, size, size], 1000);
    const count = dense ? samples * size * size : samples;
    const t = tensor(Int32Array.from({ length: count }, (_, i) => (i * 7) % (dense ? 3 : 10)));
    const targets = dense ? t.reshape([samples, size, size]) : t;
    const slack = slackOf(name);
    await expectNear(await net.predict(x), want.before, 1e-3);
    const optimizer = optim.sgd({ lr: want.rate, momentum: 0.9 });
    const step = compile((x: Tensor, t: Tensor) => {
      const cost = loss.crossEntropy(
        net.during(true, () => net.forward(x)),
        t,
      );
      return optimizer.minimize(cost, net.parameters());
    });
    for (const value of want.losses)
      expect(Math.abs((await (await step(x, targets)).item()) / value - 1)).toBeLessThan(2e-4 * slack);
    await expectNear(await net.predict(x), want.after, 5e-3 * slack);
    expect([...net.namedParameters().keys()].sort()).toEqual(Object.keys(want.norms).sort());
    for (const [path, p] of net.namedParameters())
      expect(Math.abs(normOf(await p.data()) / want.norms[path] - 1), path).toBeLessThan(3e-3 * slack);
  });
});

describe("a text is learned as in PyTorch", () => {
  it.each<[string, (letters: number, length: number) => nn.Module]>([
    ["transformer", (letters, length) => new CharTransformer(letters, length)],
    ["LSTM", (letters) => new CharLstm(letters)],
  ])("%s", { timeout: 120_000 }, async (name, make) => {
    const { steps, length, rate, losses, last } = golden(name);
    const { codes, letters } = text();
    const net = fill(make(letters, length));
    const optimizer = optim.adam({ lr: rate });
    const step = compile((x: Tensor, t: Tensor) => {
      const scores = net.forward(x).reshape([-1, letters]);
      return optimizer.minimize(loss.crossEntropy(scores, t), net.parameters());
    });
    const costs: Promise<number>[] = [];
    for (let i = 0; i < steps; i++) {
      const starts = Array.from({ length: 16 }, (_, j) => ((i * 16 + j) * 37) % (codes.length - length - 1));
      const windows = (from: number) =>
        Int32Array.from(starts.flatMap((s) => [...codes.subarray(s + from, s + from + length)]));
      const cost = await step(tensor(windows(0), [16, length]), tensor(windows(1)));
      // Read without a wait: the next step need not stand still until a graphics card has answered.
      costs.push(cost.item());
    }
    const found = await Promise.all(costs);
    losses.forEach((want, i) => void expect(Math.abs(found[i] / want - 1), `step ${i}`).toBeLessThan(1e-3));
    const mean = found.slice(-10).reduce((a, b) => a + b) / 10;
    expect(Math.abs(mean / last - 1), `${mean}, in PyTorch ${last}`).toBeLessThan(0.03);
  });
});
