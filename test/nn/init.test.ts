import { describe, expect, test } from "vitest";
import * as nn from "../../packages/tidu/src/nn/index.js";
import * as init from "../../packages/tidu/src/nn/init.js";
import { Generator } from "../../packages/tidu/src/tensor/random.js";
import { ones } from "../../packages/tidu/src/tensor/tensor.js";
import { onReference } from "./support/devices.js";

onReference();

const draw = async (initializer: nn.Initializer, shape: number[]): Promise<number[]> =>
  Array.from(await initializer(shape, new Generator(7)).data());

const mean = (x: readonly number[]): number => x.reduce((s, v) => s + v, 0) / x.length;
const deviation = (x: readonly number[]): number => Math.sqrt(mean(x.map((v) => (v - mean(x)) ** 2)));

const SHAPE = [40, 25, 3, 2];
const [FAN_IN, FAN_OUT] = [150, 240];

describe("first values have the mean and the deviation that they are named for", () => {
  test.each<[string, nn.Initializer, number, number, bounded: boolean]>([
    ["uniform", init.uniform(1, 3), 2, 1 / Math.sqrt(3), true],
    ["normal", init.normal(0.5, 2), 0.5, 2, false],
    ["lecunUniform", init.lecunUniform, 0, 1 / Math.sqrt(3 * FAN_IN), true],
    ["xavierUniform", init.xavierUniform(2), 0, 2 * Math.sqrt(2 / (FAN_IN + FAN_OUT)), true],
    ["xavierNormal", init.xavierNormal(), 0, Math.sqrt(2 / (FAN_IN + FAN_OUT)), false],
    ["kaimingUniform", init.kaimingUniform(), 0, Math.sqrt(2 / FAN_IN), true],
    ["kaimingNormal", init.kaimingNormal({ slope: 0.1 }), 0, Math.sqrt(2 / (1.01 * FAN_IN)), false],
    ["kaimingNormal out", init.kaimingNormal({ fan: "out" }), 0, Math.sqrt(2 / FAN_OUT), false],
  ])("%s", async (_, initializer, center, spread, bounded) => {
    const x = await draw(initializer, SHAPE);
    // 6000 numbers: five deviations of the estimates.
    expect(Math.abs(mean(x) - center)).toBeLessThan((5 * spread) / Math.sqrt(x.length));
    expect(Math.abs(deviation(x) / spread - 1)).toBeLessThan(5 / Math.sqrt(2 * x.length));
    const farthest = Math.max(...x.map((v) => Math.abs(v - center)));
    if (bounded) expect(farthest).toBeLessThanOrEqual(spread * Math.sqrt(3) * (1 + 1e-6));
    else expect(farthest).toBeGreaterThan(2.5 * spread);
  });

  test("constant and zeros", async () => {
    expect(await draw(init.constant(3), [2])).toEqual([3, 3]);
    expect(await draw(init.zeros, [2])).toEqual([0, 0]);
  });
});

test.each([[[12, 12]], [[5, 12]], [[12, 5]], [[6, 2, 3, 2]], [[1, 4]], [[1, 1]]])(
  "orthogonal %j: rows, or columns if there are fewer, are orthonormal",
  async (shape) => {
    const data = await draw(init.orthogonal(2), shape);
    const [rows, columns] = [shape[0], data.length / shape[0]];
    const line = (i: number, k: number) => (rows <= columns ? data[i * columns + k] : data[k * columns + i]);
    const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < length; k++) dot += line(i, k) * line(j, k);
        expect(Math.abs(dot - (i === j ? 4 : 0))).toBeLessThan(1e-5);
      }
    }
  },
);

describe("a layer's parameters", () => {
  test("each take an initializer of their own", async () => {
    const layer = nn.conv2d(2, 3, 3, { init: init.constant(2), biasInit: init.constant(-1) });
    expect(new Set(await layer.weight.data())).toEqual(new Set([2]));
    expect(new Set(await layer.bias?.data())).toEqual(new Set([-1]));
    const dense = nn.maxout(2, 3, 2, { init: init.constant(2), biasInit: init.constant(-1) });
    expect(new Set(await dense.weight.data())).toEqual(new Set([2]));
    expect(new Set(await dense.bias?.data())).toEqual(new Set([-1]));
  });

  test("are drawn again by a seed, except those assigned since", async () => {
    const make = () => nn.sequential(nn.linear(3, 4, { init: init.kaimingNormal() }), nn.linear(4, 2));
    const [a, b] = [make().initialize(5), make().initialize(5)];
    expect(await a.layers[0].weight.data()).toEqual(await b.layers[0].weight.data());
    b.initialize(6);
    expect(await a.layers[1].weight.data()).not.toEqual(await b.layers[1].weight.data());
  });

  test.each<[string, () => nn.Module]>([
    ["linear", () => nn.linear(3, 4)],
    ["maxout", () => nn.maxout(3, 4, 2)],
    ["conv2d", () => nn.conv2d(2, 3, 3)],
    ["convTranspose2d", () => nn.convTranspose2d(2, 3, 3)],
    ["embedding", () => nn.embedding(5, 3)],
    ["embeddingBag", () => nn.embeddingBag(5, 3)],
    ["batchNorm1d", () => nn.batchNorm1d(3)],
    ["layerNorm", () => nn.layerNorm(3)],
    ["groupNorm", () => nn.groupNorm(1, 3)],
    ["rmsNorm", () => nn.rmsNorm(3)],
    ["prelu", () => nn.prelu()],
    ["lstm", () => nn.lstm(3, 4, { layers: 2, bidirectional: true })],
    ["multiHeadAttention", () => nn.multiHeadAttention(4, 2)],
    ["transformerBlock", () => nn.transformerBlock(4, 2)],
    ["learnedPositions", () => nn.learnedPositions(3, 4)],
    ["weightNorm", () => nn.weightNorm(nn.linear(3, 4))],
    ["weightNorm in a network", () => nn.sequential(nn.weightNorm(nn.conv2d(2, 3, 3)), nn.relu())],
    ["spectralNorm", () => nn.spectralNorm(nn.linear(3, 4))],
  ])("follow from the seed alone: %s", async (_, make) => {
    const values = async (net: nn.Module) =>
      Promise.all([...net.state()].map(async ([name, v]) => [name, Array.from(await v.data())]));
    const first = await values(make().initialize(5));
    expect(await values(make().initialize(5))).toEqual(first);
    const again = make();
    await again.initialize(9).state().values().next().value?.data();
    expect(await values(again.initialize(5))).toEqual(first);
  });

  test("of weightNorm make the weight that the layer has or draws", async () => {
    const layer = nn.linear(3, 4, { init: init.kaimingNormal() });
    const given = await layer.weight.data();
    const close = (values: ArrayLike<number>) => Array.from(values, (x) => expect.closeTo(x, 5));
    expect(Array.from(await nn.weightNorm(layer).weight.data())).toEqual(close(given));
    await layer.initialize(3);
    const { weight_v } = layer as unknown as { weight_v: nn.Parameter };
    expect(Array.from(await layer.weight.data())).toEqual(close(await weight_v.data()));
  });

  test("of spectralNorm are trained by forward passes, not by looking at the weight", async () => {
    const layer = nn.spectralNorm(nn.linear(3, 4));
    const first = await layer.weight.data();
    expect(await layer.weight.data()).toEqual(first);
    await layer.forward(ones([1, 3])).data();
    expect(await layer.weight.data()).not.toEqual(first);
  });
});
