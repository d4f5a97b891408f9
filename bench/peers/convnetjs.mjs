// ConvNetJS (2014) as a measured system: one sample at a time, in plain JavaScript.
import { createRequire } from "node:module";
import { say, serve } from "../lib/serve.mjs";
import { batchOf, sizeOf } from "../workloads.mjs";
import { channelsLast, firstValuesChannelsLast } from "./layout.mjs";

const require = createRequire(import.meta.url);
const convnet = require("convnetjs");
const CHECKED = 4;

/** @type {Record<string, (...sizes: any[]) => object[]>} */
const DEFINITIONS = {
  linear: (_, outputs) => [{ type: "fc", num_neurons: outputs }],
  conv: (_, outputs, kernel, pad) => [{ type: "conv", sx: kernel, filters: outputs, stride: 1, pad }],
  pool: (size) => [{ type: "pool", sx: size, stride: size }],
  maxout: (_, outputs, pieces) => [
    { type: "fc", num_neurons: outputs * pieces, activation: "maxout", group_size: pieces },
  ],
  relu: () => [{ type: "relu" }],
  sigmoid: () => [{ type: "sigmoid" }],
  dropout: (p) => [{ type: "dropout", drop_prob: p }],
  flatten: () => [], // Its fully connected layers accept images without flattening.
};

/** @param {import("../workloads.mjs").Workload} workload */
function whyNot({ layers, optimizer }) {
  const missing = layers.find(([kind]) => DEFINITIONS[kind] === undefined);
  if (missing !== undefined) return `it has no ${missing[0]} layer`;
  return optimizer.name === "sgd" ? undefined : `its released version has no ${optimizer.name}`;
}

/**
 * @param {import("../workloads.mjs").Workload} workload
 * @param {boolean} dropout whether to include the dropout layers; without them the loss can be compared
 */
function build(workload, dropout) {
  const { input, classes, layers } = workload;
  const [depth, height = 1, width = 1] = input;
  const kept = layers.slice(0, -1).filter(([kind]) => dropout || kind !== "dropout");
  const net = new convnet.Net();
  net.makeLayers([
    { type: "input", out_sx: width, out_sy: height, out_depth: depth },
    ...kept.flatMap(([kind, ...sizes]) => DEFINITIONS[kind](...sizes)),
    // Both of these layers include the last linear layer.
    classes > 0 ? { type: "softmax", num_classes: classes } : { type: "regression", num_neurons: 1 },
  ]);
  const first = firstValuesChannelsLast(workload).filter((f) => f !== undefined);
  const learning = net.layers.filter((/** @type {any} */ layer) => layer.filters !== undefined);
  for (const [i, { filters, biases }] of learning.entries()) {
    const { weight, bias } = first[i];
    const size = weight.length / filters.length;
    for (const [j, filter] of filters.entries()) filter.w.set(weight.subarray(j * size, (j + 1) * size));
    biases.w.set(bias);
  }
  return net;
}

/** @param {import("../workloads.mjs").Workload} workload */
function samplesOf(workload) {
  const { x, t } = batchOf(workload);
  const [depth, height = 1, width = 1] = workload.input;
  const size = sizeOf(workload.input);
  return Array.from({ length: workload.batch }, (_, i) => {
    const image = new convnet.Vol(width, height, depth, 0);
    image.w.set(channelsLast(x.subarray(i * size, (i + 1) * size), [depth, height, width]));
    return { image, target: workload.classes > 0 ? t[i] : [t[i]] };
  });
}

/** @param {import("../workloads.mjs").Workload} workload */
function main(workload) {
  const version = `ConvNetJS ${require("convnetjs/package.json").version}, Node ${process.versions.node}`;
  const about = { version, threads: 1 };
  const unsupported = whyNot(workload);
  if (unsupported !== undefined) return say({ ...about, unsupported });

  const { batch, inference, classes, optimizer } = workload;
  const { lr, momentum = 0, weightDecay = 0 } = optimizer;
  // Its regression reports twice the squared error and follows half of that error's gradient.
  const [share, factor] = classes > 0 ? [1, 1] : [0.5, 2];
  const samples = samplesOf(workload);
  const mean = (/** @type {readonly number[]} */ losses) => (share * losses.reduce((p, q) => p + q)) / batch;
  const plain = build(workload, false);
  const losses = samples.map(({ image, target }) => {
    plain.forward(image);
    return plain.backward(target);
  });
  const evaluation = mean(losses);
  if (inference) return serve({ ...about, evaluation }, () => plain.forward(samples[0].image).w);

  const net = build(workload, true);
  // It divides the decay by the batch size too.
  const trainer = new convnet.Trainer(net, {
    method: "sgd",
    learning_rate: lr * factor,
    momentum,
    batch_size: batch,
    l2_decay: weightDecay * batch,
  });
  const step = () => mean(samples.map(({ image, target }) => trainer.train(image, target).cost_loss));
  return serve({ ...about, evaluation, losses: Array.from({ length: CHECKED }, step) }, step);
}

main(JSON.parse(/** @type {string} */ (process.argv.at(-1))).workload);
