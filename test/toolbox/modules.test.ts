import { expect, test } from "vitest";
import { loadGolden } from "../goldens/load.js";
import { checkCases, type Run, type Subject } from "./check.js";
import * as td from "./tidu.js";

const { nn, loss } = td;

/** A layer in use, whose parameters are the last inputs, in the order of their names. */
const layer =
  <L extends td.nn.Module>(make: () => L, call = (l: L, ...x: td.Tensor[]): td.Tensor => l.forward(...x)): Subject =>
  (...all): Run => {
    const made = make();
    made.eval();
    const names = [...made.namedParameters().keys()].sort();
    const x = all.slice(0, all.length - names.length);
    names.forEach((name, i) =>
      made
        .namedParameters()
        .get(name)
        ?.assign(all[x.length + i]),
    );
    const parameters = names.map((name) => made.namedParameters().get(name) as td.Tensor);
    return { outputs: [call(made, ...x)], wrt: [...x.filter((t) => t.dtype === "f32"), ...parameters] };
  };

const first = (s: td.Tensor): td.Tensor => s.toFloat();
const image = (x: td.Tensor, l: td.nn.Module): td.Tensor => l.forward(x);

const SUBJECTS: Readonly<Record<string, Subject>> = {
  multiHeadAttention: layer(() => nn.multiHeadAttention(8, 2)),
  "multiHeadAttention causal": layer(() => nn.multiHeadAttention(8, 4, { causal: true, bias: false })),
  "multiHeadAttention across": layer(() => nn.multiHeadAttention(6, 3)),
  "multiHeadAttention masked": layer(
    () => nn.multiHeadAttention(6, 3),
    (l, x, a) => l.forward(x, x, x, a),
  ),
  transformerBlock: layer(() => nn.transformerBlock(8, 2, { hidden: 12 })),
  "transformerBlock first": layer(() =>
    nn.transformerBlock(8, 2, { hidden: 12, activation: "gelu", preNorm: true, causal: true }),
  ),
  rotary: (x) => nn.rotary(x),
  sinusoidalPositions: (x) =>
    td.stack([0, 1].map((i) => image(td.at(x, [i, i + 1]), nn.sinusoidalPositions(9, 6)).squeeze(0))),
  rnn: layer(() => nn.rnn(3, 4, { nonlinearity: "relu" })),
  lstm: layer(() => nn.lstm(3, 4, { layers: 2 })),
  "lstm both ways": layer(() => nn.lstm(3, 4, { layers: 2, bidirectional: true })),
  gru: layer(() => nn.gru(3, 4, { bias: false })),
  "gru both ways": layer(() => nn.gru(3, 4, { bidirectional: true })),
  "lstm lengths": layer(() => nn.lstm(3, 4, { bidirectional: true })),
  "gru cells": layer(
    () => nn.gru(3, 4, { layers: 2 }),
    (l, x) => l.run(x).state[0],
  ),
  "lstm cells": layer(
    () => nn.lstm(3, 4, { layers: 2 }),
    (l, x) => l.run(x).state[1],
  ),
  groupNorm: layer(() => nn.groupNorm(2, 6)),
  instanceNorm: layer(() => nn.instanceNorm(3, { affine: true })),
  rmsNorm: layer(() => nn.rmsNorm(5)),
  prelu: layer(() => nn.prelu(3)),
  hardSigmoid: (x) => nn.hardSigmoid().forward(x.mul(3)),
  hardSwish: (x) => nn.hardSwish().forward(x.mul(3)),
  relu6: (x) => nn.relu6().forward(x.mul(3)),
  mish: (x) => nn.mish().forward(x.mul(3)),
  softsign: (x) => nn.softsign().forward(x.mul(3)),
  selu: (x) => nn.selu().forward(x.mul(3)),
  glu: (x) => nn.glu().forward(x.mul(3)),
  celu: (x) => nn.celu(0.7).forward(x.mul(3)),
  "maxPool 1d": (x) => image(x, nn.maxPool([3], { stride: 2, padding: 1 })),
  "maxPool ceil": (x) => image(x, nn.maxPool([3, 3], { stride: 2, ceilMode: true })),
  "maxPool dilated": (x) => image(x, nn.maxPool([2, 3], { stride: 2, padding: [1, 0], dilation: [2, 1] })),
  "maxPool 3d": (x) => image(x, nn.maxPool([2, 2, 2])),
  "avgPool 1d": (x) => image(x, nn.avgPool([4], { stride: 3, padding: 2 })),
  "avgPool ceil": (x) => image(x, nn.avgPool([3, 3], { stride: 2, padding: 1, ceilMode: true })),
  "avgPool ceil without border": (x) =>
    image(x, nn.avgPool([3, 3], { stride: 2, padding: 1, ceilMode: true, countIncludePad: false })),
  "avgPool 3d": (x) => image(x, nn.avgPool([2, 2, 2])),
  adaptiveAvgPool: (x) => image(x, nn.adaptiveAvgPool([3, 2])),
  adaptiveMaxPool: (x) => image(x, nn.adaptiveMaxPool([4])),
  conv3d: layer(() => nn.conv3d(2, 4, [2, 3, 2], { stride: [1, 2, 1], padding: [0, 1, 1], groups: 2 })),
  convTranspose1d: layer(() => nn.convTranspose1d(3, 4, 3, { stride: 2, padding: 1, outputPadding: 1 })),
  convTranspose3d: layer(() => nn.convTranspose3d(2, 3, 2, { stride: 2 })),
  pixelShuffle: (x) => nn.pixelShuffle(2).forward(x),
  "embeddingBag mean": layer(() => nn.embeddingBag(7, 4)),
  "embeddingBag sum": layer(() => nn.embeddingBag(7, 4, { mode: "sum" })),
  "embeddingBag max": layer(() => nn.embeddingBag(7, 4, { mode: "max" })),
  weightNorm: layer(() => nn.weightNorm(nn.linear(4, 3))),
  "nll mean": (x, t) => loss.nll(x, t),
  "nll sum": (x, t) => loss.nll(x, t, { reduction: "sum" }),
  "nll none": (x, t) => loss.nll(x, t, { reduction: "none" }),
  kl: (x, t) => loss.kl(x, t),
  "kl of logarithms": (x, t) => loss.kl(x, t, { reduction: "sum", logTarget: true }),
  cosineEmbedding: (a, b, t) => loss.cosineEmbedding(a, b, t.detach(), { margin: 0.1 }),
  triplet: (a, b, c) => loss.triplet(a, b, c, { reduction: "none" }),
  contrastive: (a, b, t) => loss.contrastive(a, b, first(t), { margin: 2 }),
  hinge: (x, t) => loss.hinge(x, t),
  poisson: (x, t) => loss.poisson(x, t),
  focal: (x, t) => loss.focal(x, first(t)),
  dice: (x, t) => loss.dice(x, first(t)),
  ctc: (x, t) => loss.ctc(x.logSoftmax(2), t, { reduction: "none" }),
  "ctc lengths": (x, t) =>
    loss.ctc(x.logSoftmax(2), t, {
      inputLengths: td.tensor(Int32Array.of(8, 5, 7)),
      targetLengths: td.tensor(Int32Array.of(3, 2, 1)),
    }),
  "crossEntropy of images": (x, t) => loss.crossEntropy(x, t, { ignoreIndex: -7 }),
  "crossEntropy of each": (x, t) =>
    loss.crossEntropy(x, t, { ignoreIndex: -1, labelSmoothing: 0.1, reduction: "none" }),
  "mse of each": (x, t) => loss.mse(x, t, { reduction: "none" }),
};

checkCases(loadGolden("modules").cases, SUBJECTS);

const device = () => td.setDevice(new td.WasmDevice({ threads: 1 }));

test("a residual block adds, branches stand side by side, a shortcut may be one of its own", async () => {
  device();
  const x = td.tensor([[1, -2]]);
  expect(await nn.residual(nn.relu(), nn.relu()).forward(x).array()).toEqual([[2, -2]]);
  expect(await nn.branches(nn.relu(), nn.tanh(), nn.relu()).forward(x).slice(1, 0, 2).array()).toEqual([[1, 0]]);
  expect(
    nn.sequential(nn.residual(nn.linear(2, 2)), nn.branches(nn.linear(2, 1), nn.linear(2, 3))).forward(x).shape,
  ).toEqual([1, 4]);
});

test("spectral normalization comes to a largest singular value of 1, in training alone", async () => {
  device();
  const l = nn.spectralNorm(nn.linear(5, 4, { init: (shape, generator) => generator.normal(shape) }), {
    iterations: 30,
  });
  l.train().forward(td.ones([1, 5]));
  const u = await (l as unknown as { weight_u: td.Variable }).weight_u.data();
  const w = l
    .eval()
    .forward(td.eye(5))
    .sub(l.forward(td.zeros([5, 5])));
  let [v, size] = [td.ones([5, 1]), 0];
  for (let i = 0; i < 60; i++) {
    v = w.matmul(w.transpose()).matmul(v);
    size = await td.norm(v).item();
    v = td.tensor(await v.div(size).data(), [5, 1]);
  }
  expect(Math.sqrt(size)).toBeCloseTo(1, 4);
  expect(await (l as unknown as { weight_u: td.Variable }).weight_u.data()).toEqual(u);
  expect([...l.namedParameters().keys()].sort()).toEqual(["bias", "weight_orig"]);
});

test("alpha dropout keeps mean and variance, a dropped path is a whole sample", async () => {
  device();
  td.manualSeed(3);
  const x = new td.Generator(1).normal([100000]);
  const y = nn.alphaDropout(0.3).forward(nn.selu().forward(x));
  expect(await y.mean().item()).toBeCloseTo(0, 1);
  expect(await td.std(y).item()).toBeCloseTo(1, 1);
  const rows = await nn
    .dropPath(0.5)
    .forward(td.ones([64, 3]))
    .array();
  const kinds = new Set((rows as number[][]).map((r) => r.join()));
  expect([...kinds].sort()).toEqual(["0,0,0", "2,2,2"]);
  expect(
    await nn
      .dropPath(0.5)
      .eval()
      .forward(td.ones([2, 1]))
      .array(),
  ).toEqual([[1], [1]]);
});

test("attention: places are counted from the first, and one that may see nothing comes to 0", async () => {
  device();
  const value = td.tensor([[[1], [2], [3]]]);
  const see = (rows: number, options: td.nn.AttentionOptions) =>
    nn
      .attend(td.ones([1, rows, 2]), td.ones([1, 3, 2]), value, options)
      .flatten()
      .array();
  expect(await see(4, { causal: true })).toEqual([1, 1.5, 2, 2]);
  expect(await see(2, { causal: true })).toEqual([1, 1.5]);
  const mask = td.tensor([
    [false, false, false],
    [true, false, false],
    [true, true, false],
  ]);
  expect(await see(3, { mask })).toEqual([0, 1, 1.5]);
  const added = mask.where(0, Number.NEGATIVE_INFINITY);
  expect(await see(3, { mask: added })).toEqual([0, 1, 1.5]);
  const keys = new td.Variable(td.ones([1, 3, 2]));
  const cost = nn
    .attend(td.ones([1, 3, 2]), keys, value, { mask: added })
    .square()
    .sum();
  expect((await td.grad(cost, [keys])[0].data()).every(Number.isFinite)).toBe(true);
});
