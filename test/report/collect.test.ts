import { decode } from "fast-png";
import { NativeDevice } from "tidu/native";
import { describe, expect, it } from "vitest";
import { collectReport } from "../../packages/cli/src/report/collect/collect.js";
import type { Picture } from "../../packages/cli/src/report/data.js";
import { DataError } from "../../packages/tidu/src/base/errors.js";
import { dataset } from "../../packages/tidu/src/data/index.js";
import { device, loss, nn, optim, setDevice, tensor } from "../../packages/tidu/src/index.js";
import { HERE } from "../native/support.js";
import { identity, images, numbers, scores, withWeights } from "./support/data.js";

const quick = { profileMilliseconds: 0 };
const classify = { loss: loss.crossEntropy, ...quick };
const regress = { loss: loss.mse, ...quick };

const pixelsOf = ({ source }: Picture): number[] => {
  const [head, body] = source.split(",");
  expect(head).toBe("data:image/png;base64");
  return [...decode(Buffer.from(body, "base64")).data];
};

describe("columns", () => {
  // The class is the sign of the first column; the second, of two numbers, says nothing.
  const rows = Float32Array.from({ length: 3 * 200 }, (_, i) => (i % 3 === 0 ? Math.sin(i) : Math.cos(i * i)));
  const labels = Int32Array.from({ length: 200 }, (_, i) => Number(rows[3 * i] > 0));
  const net = () =>
    withWeights(nn.linear(3, 2, { bias: false }), [
      tensor([
        [-1, 0, 0],
        [1, 0, 0],
      ]),
    ]);
  const features = [
    { name: "noise?", width: 1 },
    { name: "rest", width: 2 },
  ];

  it("are as important as the score is without them", async () => {
    const { importance } = await collectReport(net(), dataset(rows, [3], labels), { ...classify, features });
    expect(importance).toMatchObject({ score: "accuracy", whole: 1, samples: 200 });
    const [first, second] = importance?.features ?? [];
    expect(second).toEqual({ name: "rest", mean: 0, deviation: 0 });
    // Of two classes alike in number half of the shuffled samples are right by chance.
    expect(first.name).toBe("noise?");
    expect(Math.abs(first.mean - 0.5)).toBeLessThan(0.1);
    const value = Float32Array.from(labels, (label) => 2 * label);
    const values = withWeights(nn.linear(3, 1, { bias: false }), [tensor([[0, 0, 0]])]);
    const none = await collectReport(values, dataset(rows, [3], value, {}), { ...regress, features });
    expect(none.importance).toMatchObject({
      score: "R²",
      whole: expect.closeTo(-1, 0),
      features: [{ mean: 0 }, { mean: 0 }],
    });
  });

  it("must be those of the samples", async () => {
    const wrong = collectReport(net(), dataset(rows, [3], labels), { ...classify, features: features.slice(1) });
    await expect(wrong).rejects.toThrow(/collectReport: features have 2 numbers together; samples have shape \[3\]/);
  });
});

describe("classes", () => {
  it("are counted by truth and prediction", async () => {
    const { samples, accuracy, loss: cost, classes, values } = await collectReport(identity(3), scores(), classify);
    expect(samples).toBe(5);
    expect(accuracy).toBeCloseTo(3 / 5, 12);
    const chances = [0.8, 0.1, 0.98, 0.01, 0.5];
    expect(cost).toBeCloseTo(-chances.reduce((sum, p) => sum + Math.log(p), 0) / 5, 5);
    expect(classes?.confusion).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 1],
    ]);
    expect(values).toBeUndefined();
  });

  it("have precision, recall, F1 and support", async () => {
    const { classes } = await collectReport(identity(3), scores(), classify);
    const rows = classes?.qualities.map((q) => [q.name, q.precision, q.recall, q.f1, q.support]);
    expect(rows).toEqual([
      ["ant", 0.5, 0.5, 0.5, 2],
      ["bee", 0.5, 1, expect.closeTo(2 / 3, 6), 1],
      ["cow", 1, 0.5, expect.closeTo(2 / 3, 6), 2],
    ]);
  });

  it("are counted over many batches, the last one smaller", async () => {
    const { classes, accuracy } = await collectReport(identity(3), scores(121), classify);
    expect(classes?.confusion).toEqual([
      [121, 121, 0],
      [0, 121, 0],
      [121, 0, 121],
    ]);
    expect(accuracy).toBeCloseTo(3 / 5, 12);
  });

  it("have the mistakes in which the truth was least probable first", async () => {
    const { classes } = await collectReport(identity(3), scores(), classify);
    expect(classes?.wrong).toBe(2);
    const seen = classes?.mistakes.map((m) => [
      m.sample,
      m.truth,
      m.predicted,
      ...m.probabilities.map((p) => `${p.name} ${p.probability.toFixed(3)}`),
    ]);
    expect(seen).toEqual([
      [3, "cow", "ant", "ant 0.970", "bee 0.020", "cow 0.010"],
      [1, "ant", "bee", "bee 0.800", "ant 0.100", "cow 0.100"],
    ]);
    const few = await collectReport(identity(3), scores(), { ...classify, mistakes: 1 });
    expect(few.classes?.mistakes.map((m) => m.sample)).toEqual([3]);
    expect(few.classes?.wrong).toBe(2);
  });

  it("show the true one of many even if it is the least probable", async () => {
    const five = dataset(Float32Array.of(5, 4, 3, 2, 1), [5], Uint8Array.of(4));
    const { classes } = await collectReport(identity(5), five, classify);
    expect(classes?.mistakes[0].probabilities.map((p) => p.name)).toEqual(["0", "1", "2", "4"]);
  });

  it("must be outputs of the network", async () => {
    const odd = dataset(new Float32Array(6), [3], Uint8Array.of(0, 7));
    await expect(collectReport(identity(3), odd, classify)).rejects.toThrow(DataError);
  });

  it("of a network that gives no numbers are still JSON", async () => {
    const broken = withWeights(identity(3), [tensor(new Float32Array(9).fill(Number.NaN), [3, 3])]);
    const found = await collectReport(broken, scores(), classify);
    expect(found.classes?.confusion.flat().reduce((sum, n) => sum + n)).toBe(5);
    expect(() => JSON.stringify(found)).not.toThrow();
  });
});

describe("pictures", () => {
  const net = () => nn.sequential(nn.flatten(), withWeights(nn.linear(4, 2), [tensor(weights), tensor([0, 0])]));
  const weights = [
    [1, 1, 1, 1],
    [0, -0.5, 0, 0],
  ];

  it("of mistakes are the samples as they are stored", async () => {
    const { classes } = await collectReport(net(), images([0, 10, 20, 255, 1, 2, 3, 4], [1, 0]), classify);
    expect(classes?.mistakes.map((m) => m.sample)).toEqual([0]);
    const picture = classes?.mistakes[0].picture as Picture;
    expect([picture.width, picture.height]).toEqual([2, 2]);
    expect(pixelsOf(picture)).toEqual([0, 10, 20, 255]);
  });

  it("of colors have their channels side by side", async () => {
    const colored = dataset(Uint8Array.of(1, 2, 3, 4, 5, 6), [3, 1, 2], Uint8Array.of(0));
    const always = nn.sequential(
      nn.flatten(),
      withWeights(nn.linear(6, 2), [tensor(new Float32Array(12), [2, 6]), tensor([0, 1])]),
    );
    const { classes } = await collectReport(always, colored, classify);
    expect(pixelsOf(classes?.mistakes[0].picture as Picture)).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it("of numbers are stretched from black to white", async () => {
    const wide = dataset(Float32Array.of(-1, 0, 1, 3), [1, 2, 2], Uint8Array.of(1));
    const { classes } = await collectReport(net(), wide, classify);
    expect(pixelsOf(classes?.mistakes[0].picture as Picture)).toEqual([0, 64, 128, 255]);
  });

  it("of a fully connected first layer have the form of the images, orange above zero and blue below", async () => {
    const { kernels } = await collectReport(net(), images([0, 0, 0, 0], [0]), classify);
    expect(kernels).toMatchObject({ layer: "1 linear(4, 2)", count: 2, most: 1, colored: false });
    const [first, second] = (kernels?.pictures ?? []).map(pixelsOf);
    expect(first).toEqual([1, 2, 3, 4].flatMap(() => [196, 78, 0]));
    expect(second.slice(0, 6)).toEqual([247, 247, 244, 126, 163, 195]);
  });

  it("of kernels over three channels are in these colors", async () => {
    const rgb = dataset(new Uint8Array(3), [3, 1, 1], Uint8Array.of(0));
    const conv = withWeights(nn.conv2d(3, 2, 1), [
      tensor([
        [[[1]], [[0]], [[-1]]],
        [[[0.5]], [[0]], [[0]]],
      ]),
      tensor([0, 0]),
    ]);
    const { kernels } = await collectReport(nn.sequential(conv, nn.flatten()), rgb, classify);
    expect(kernels).toMatchObject({ layer: "0 conv2d(3, 2, 1)", count: 2, colored: true });
    expect(kernels?.pictures.map(pixelsOf)).toEqual([
      [255, 128, 0],
      [191, 128, 128],
    ]);
  });

  it("of other kernels are one for each channel, so many at most", async () => {
    const deep = dataset(new Float32Array(8 * 9), [8, 3, 3], Uint8Array.of(0));
    const { kernels } = await collectReport(nn.sequential(nn.conv2d(8, 10, 3), nn.flatten()), deep, classify);
    expect(kernels?.count).toBe(80);
    expect(kernels?.pictures).toHaveLength(64);
    expect(kernels?.pictures[9].name).toBe("kernel 1, channel 1");
  });

  it("are not made of rows of a table", async () => {
    const { kernels, classes } = await collectReport(identity(3), scores(), classify);
    expect(kernels).toBeUndefined();
    expect(classes?.mistakes[0].picture).toBeUndefined();
  });
});

describe("values", () => {
  it("are compared in the units of the data", async () => {
    const targets = [{ name: "price", mean: 10, deviation: 2 }];
    const data = numbers([0, 1, 2, 3], [0, 1, 2, 5]);
    const { values, classes, accuracy } = await collectReport(identity(1), data, { ...regress, targets });
    expect([classes, accuracy]).toEqual([undefined, undefined]);
    const [price] = values ?? [];
    expect(price).toMatchObject({ name: "price", mae: 1, rmse: 2 });
    expect(price.r2).toBeCloseTo(1 - 4 / 14, 6);
    expect(price.points).toEqual([
      [10, 10],
      [12, 12],
      [14, 14],
      [20, 16],
    ]);
    expect(price.residuals).toMatchObject({ low: -4, high: 0, mean: -1 });
    expect(price.misses[0]).toMatchObject({ sample: 3, truth: 20, predicted: 16 });
  });

  it("that have names are told apart, others are taken together", async () => {
    const data = numbers([1, 10, 2, 20], [1, 11, 2, 22], 2);
    const scale = (name: string) => ({ name, mean: 0, deviation: 1 });
    const named = await collectReport(identity(2), data, { ...regress, targets: [scale("x"), scale("y")] });
    expect(named.values?.map((v) => [v.name, v.mae])).toEqual([
      ["x", 0],
      ["y", 1.5],
    ]);
    const [all] = (await collectReport(identity(2), data, regress)).values ?? [];
    expect([all.name, all.mae, all.misses[0].sample, all.misses[0].truth]).toEqual(["output", 0.75, 1, 22]);
  });

  it("of many samples are drawn evenly, at most so many", async () => {
    const many = Array.from({ length: 1200 }, (_, i) => i);
    const [all] = (await collectReport(identity(1), numbers(many, many), regress)).values ?? [];
    expect(all.points).toHaveLength(500);
    expect([all.points[0][0], all.points[250][0]]).toEqual([0, 600]);
  });

  it.each([
    [[1, 2], 0],
    [[3, 3], 1],
  ])("that are all the same have an R² of 0, or of 1 where all is right: %j", async (outputs, r2) => {
    const [all] = (await collectReport(identity(1), numbers(outputs, [3, 3]), regress)).values ?? [];
    expect(all.r2).toBe(r2);
  });
});

describe("parameters", () => {
  it("are counted, with the gradient of the loss", async () => {
    // d/dw mean (w x - t)² = mean 2 (w x - t) x = 2 · -2 · 3 / 4
    const { parameters } = await collectReport(identity(1), numbers([0, 1, 2, 3], [0, 1, 2, 5]), regress);
    expect(parameters).toMatchObject([
      { name: "0.weight", layer: "linear(1, 1)", shape: [1, 1], values: { mean: 1 }, gradient: { low: -3, high: -3 } },
    ]);
  });

  it("of a network without any are an empty list", async () => {
    const found = await collectReport(nn.sequential(nn.relu()), numbers([1], [1]), regress);
    expect([found.parameters, found.times]).toEqual([[], []]);
  });
});

describe("the network", () => {
  it("is described as for a training step on the images as it sees them", async () => {
    const net = nn.sequential(nn.conv2d(1, 3, 2), nn.relu(), nn.flatten());
    const data = images(new Array(12).fill(0), [0, 1, 0]);
    const { network } = await collectReport(net, data, { ...classify, batchSize: 64 });
    expect(network).toMatchObject({ inputShape: [1, 2, 2], parameters: 15, batchSize: 64 });
    expect(network.layers.map((l) => [l.name, l.layer, l.outputShape, l.parameters])).toEqual([
      ["0", "conv2d(1, 3, 2)", [3, 1, 1], 15],
      ["1", "relu()", [3, 1, 1], 0],
      ["2", "flatten()", [3], 0],
    ]);
  });

  it("stays as it is, and so does the optimizer", async () => {
    const net = nn.sequential(nn.linear(3, 4), nn.batchNorm1d(4), nn.dropout(0.5), nn.linear(4, 3)).initialize(1);
    const optimizer = optim.sgd({ lr: 0.5 });
    const bits = async () => Promise.all([...net.state().values()].map(async (v) => [...(await v.data())]));
    const before = await bits();
    const found = await collectReport(net, scores(), { loss: loss.crossEntropy, optimizer, profileMilliseconds: 1 });
    expect(await bits()).toEqual(before);
    expect(net.training).toBe(true);
    const again = await collectReport(net, scores(), { loss: loss.crossEntropy, optimizer, ...quick });
    expect({ ...again, times: [] }).toEqual({ ...found, times: [] });
  });
});

describe("times", () => {
  it.skipIf(!HERE)("are those of native code where the network runs as such", async () => {
    const before = device();
    const native = await NativeDevice.create({ threads: 1 });
    const programs = native.compiled;
    setDevice(native);
    try {
      const net = nn.sequential(nn.linear(3, 40), nn.relu(), nn.linear(40, 3));
      const { times, environment } = await collectReport(net, scores(), {
        loss: loss.crossEntropy,
        profileMilliseconds: 1,
      });
      expect(environment.device).toBe("native");
      expect(native.compiled).toBeGreaterThan(programs);
      expect(times.reduce((sum, k) => sum + k.share, 0)).toBeCloseTo(1, 9);
    } finally {
      setDevice(before);
    }
  });

  it("are of each kernel of the step, updates included", async () => {
    const net = nn.sequential(nn.linear(3, 40), nn.relu(), nn.linear(40, 3));
    const timed = { loss: loss.crossEntropy, profileMilliseconds: 1 };
    const { times } = await collectReport(net, scores(), timed);
    expect(times.reduce((sum, k) => sum + k.share, 0)).toBeCloseTo(1, 9);
    // Two products forward, three backward; those of three numbers may be sums of their own.
    expect(times.filter((k) => k.gigaflops !== undefined).length).toBeGreaterThanOrEqual(4);
    for (const k of times) expect(Number.isFinite(k.microseconds) && k.microseconds >= 0).toBe(true);
    const adam = await collectReport(net, scores(), { ...timed, optimizer: optim.adam({ lr: 0.1 }) });
    expect(adam.times.map((k) => k.name)).not.toEqual(times.map((k) => k.name));
  });

  it("are left out if they are to take no time", async () => {
    expect((await collectReport(identity(3), scores(), classify)).times).toEqual([]);
  });
});
