// TensorFlow.js as a measured system, on the backend named by the argument before the job: cpu or wasm.
import * as tf from "@tensorflow/tfjs";
import { say, serve } from "../lib/serve.mjs";
import { batchOf } from "../workloads.mjs";
import { channelsLast, firstValuesChannelsLast, transposed } from "./layout.mjs";

const CHECKED = 4;
const EPSILON = 1e-5;
const MOMENTUM = 0.1;

/** @typedef {{ weight: tf.Variable, bias: tf.Variable, mean: tf.Variable, variance: tf.Variable }} Parameters */

/** @type {Record<string, (x: any, parameters: Parameters, training: boolean, ...sizes: any[]) => tf.Tensor>} */
const LAYERS = {
  linear: (x, { weight, bias }) => tf.add(tf.matMul(x, weight), bias),
  conv(x, { weight, bias }, _, ...[, , , padding]) {
    const y = tf.conv2d(x, weight, 1, padding);
    return bias === undefined ? y : tf.add(y, bias);
  },
  pool: (x, _, __, size) => tf.maxPool(x, size, size, "valid"),
  maxout: (x, { weight, bias }, _, __, outputs, pieces) =>
    tf.max(tf.reshape(tf.add(tf.matMul(x, weight), bias), [-1, outputs, pieces]), 2),
  batchnorm(x, { weight, bias, mean, variance }, training) {
    if (!training) return tf.batchNorm(x, mean, variance, bias, weight, EPSILON);
    const ofBatch = tf.moments(x, [0, 1, 2]);
    const count = x.size / mean.size;
    follow(mean, ofBatch.mean);
    follow(variance, tf.mul(ofBatch.variance, count / (count - 1)));
    return tf.batchNorm(x, ofBatch.mean, ofBatch.variance, bias, weight, EPSILON);
  },
  dropout: (x, _, training, p) => (training ? tf.dropout(x, p) : x),
  relu: (x) => tf.relu(x),
  sigmoid: (x) => tf.sigmoid(x),
  flatten: (x) => tf.reshape(x, [x.shape[0], -1]),
};

/**
 * @param {tf.Variable} running
 * @param {any} newest
 */
function follow(running, newest) {
  running.assign(tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(newest, MOMENTUM)));
}

/**
 * Variables of each layer: linear weights [in, out], kernels [height, width, in, out].
 *
 * @param {import("../workloads.mjs").Workload} workload
 * @returns {Parameters[]}
 */
function parametersOf(workload) {
  const first = firstValuesChannelsLast(workload);
  return workload.layers.map(([kind, inputs, outputs, size], i) => {
    /** @type {any} */
    const parameters = {};
    if (kind === "batchnorm") {
      parameters.weight = tf.variable(tf.ones([inputs]));
      parameters.bias = tf.variable(tf.zeros([inputs]));
      parameters.mean = tf.variable(tf.zeros([inputs]), false);
      parameters.variance = tf.variable(tf.ones([inputs]), false);
    } else if (first[i] !== undefined) {
      const { weight, bias } = first[i];
      const units = kind === "maxout" ? outputs * size : outputs;
      const shape = kind === "conv" ? [size, size, inputs, outputs] : [inputs, units];
      parameters.weight = tf.variable(tf.tensor(transposed(weight, units), shape));
      if (bias !== undefined) parameters.bias = tf.variable(tf.tensor(bias));
    }
    return parameters;
  });
}

/** @param {import("../workloads.mjs").Workload} workload */
function batchTensors(workload) {
  const { batch, input, classes } = workload;
  const { x, t } = batchOf(workload);
  const [channels, ...sides] = input;
  return {
    x:
      sides.length === 0
        ? tf.tensor(x, [batch, channels])
        : tf.tensor(channelsLast(x, input), [batch, ...sides, channels]),
    t: classes > 0 ? tf.oneHot(tf.tensor1d(t, "int32"), classes) : tf.tensor(t, [batch, 1]),
  };
}

const OPTIMIZERS = {
  sgd: ({ lr, momentum = 0 }) => (momentum > 0 ? tf.train.momentum(lr, momentum) : tf.train.sgd(lr)),
  adam: ({ lr }) => tf.train.adam(lr, 0.9, 0.999, 1e-8),
};

/** @param {import("../workloads.mjs").Workload} workload */
export function build(workload) {
  const { layers, classes, optimizer: settings } = workload;
  const parameters = parametersOf(workload);
  const variables = parameters.flatMap((p) => Object.values(p)).filter((v) => v.trainable);
  const { x, t } = batchTensors(workload);
  const forward = (training) =>
    layers.reduce((value, [kind, ...sizes], i) => LAYERS[kind](value, parameters[i], training, ...sizes), x);
  const cost = (training) => {
    const scores = forward(training);
    return classes > 0 ? tf.losses.softmaxCrossEntropy(t, scores) : tf.losses.meanSquaredError(t, scores);
  };
  const decay = settings.weightDecay ?? 0;
  const penalty = () => tf.mul(decay / 2, tf.addN(variables.map((v) => tf.sum(tf.square(v)))));
  const optimizer = OPTIMIZERS[settings.name](settings);
  return {
    loss: (training) => tf.tidy(() => cost(training).dataSync()[0]),
    predict: () => tf.tidy(() => forward(false).dataSync()),
    /** The loss, once the device has computed it. */
    async measured() {
      const value = tf.tidy(() => cost(true));
      const [number] = await value.data();
      value.dispose();
      return number;
    },
    step: () => optimizer.minimize(() => (decay > 0 ? tf.add(cost(true), penalty()) : cost(true)), false, variables),
  };
}

/**
 * @param {string} backend
 * @param {import("../workloads.mjs").Workload} workload
 */
async function main(backend, workload) {
  if (backend === "wasm") await import("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend(backend);
  const about = { version: `TensorFlow.js ${tf.version_core} ${backend}, Node ${process.versions.node}`, threads: 1 };
  try {
    const { loss, predict, step } = build(workload);
    const evaluation = loss(false);
    if (workload.inference) return await serve({ ...about, evaluation }, predict);
    const losses = [];
    for (let i = 0; i < CHECKED; i++) {
      losses.push(loss(true));
      step();
    }
    return await serve({ ...about, evaluation, losses }, step);
  } catch (error) {
    say({ ...about, unsupported: `${backend}: ${error.message.split("\n")[0]}` });
  }
}

// Without a job, the file only exports its functions, for scripts that measure other devices.
if (process.argv.at(-1)?.startsWith("{")) await main(process.argv.at(-2), JSON.parse(process.argv.at(-1)).workload);
