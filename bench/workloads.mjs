// Describes the measured networks as data, so that every system, in any language, builds the same ones.
import { readFileSync } from "node:fs";
import { randomWorkload } from "./random.mjs";
import { fill } from "./values.mjs";

/** @typedef {readonly [kind: string, ...sizes: any[]]} Layer */
/**
 * A network and one batch for it. Layers: linear in out; conv in out kernel padding [bias]; convx in out kernel padding
 * stride groups; convt (transposed) in out kernel padding stride; conv1d in out kernel padding stride; embedding count
 * features; pool size; gap (global average pool); batchnorm channels; layernorm features; dropout p; maxout in out pieces;
 * relu; gelu; sigmoid; flatten; channelnorm channels (each pixel's channels); attention features heads; lstm in out; last (step
 * of a sequence). Two kinds contain layers: residual … adds the output of its layers to their input, and join … appends
 * the channels of the output to the input's. Layers that contain no others are counted in the order in which they are
 * written.
 *
 * @typedef {object} Workload
 * @property {string} name
 * @property {readonly number[]} input shape of one sample, [features] or [channels, height, width]
 * @property {number} [tokens] inputs are whole numbers below this one
 * @property {number} batch
 * @property {number} classes 0 for a regression to one number, whose loss is the mean squared error
 * @property {boolean} [inference] measure the forward pass alone, in use
 * @property {{ name: "sgd" | "adam", lr: number, momentum?: number, weightDecay?: number }} optimizer
 * @property {readonly Layer[]} layers
 */

const entries = JSON.parse(readFileSync(new URL("workloads.json", import.meta.url), "utf8"));

/** @type {readonly string[]} */
export const workloadNames = Object.keys(entries);

const RANDOM = /^random:(\d+)$/;

/** Whether there is a workload of this name. @param {string} name */
export const isWorkload = (name) => RANDOM.test(name) || workloadNames.includes(name);

/**
 * A workload of workloads.json, or "random:7" for one drawn at random. "like" names another workload, which supplies the
 * missing properties.
 *
 * @param {string} name
 * @returns {Workload}
 */
export function workload(name) {
  const seed = RANDOM.exec(name)?.[1];
  if (seed !== undefined) return randomWorkload(Number(seed));
  const entry = entries[name];
  return { ...(entry.like === undefined ? {} : workload(entry.like)), ...entry, name };
}

/**
 * A perceptron with hidden layers of equal width, for measurements against size.
 *
 * @param {{ batch: number, width: number, depth: number }} size
 * @returns {Workload}
 */
export function perceptron({ batch, width, depth }) {
  const widths = [784, ...Array.from({ length: depth }, () => width)];
  /** @type {Layer[]} */
  const layers = widths.slice(1).flatMap((outputs, i) => [["linear", widths[i], outputs], ["relu"]]);
  layers.push(["linear", widths[depth], 10]);
  const name = `perceptron ${batch} ${width} ${depth}`;
  return { name, input: [784], batch, classes: 10, optimizer: { name: "sgd", lr: 0.01 }, layers };
}

/**
 * Layers in the order in which they are counted.
 *
 * @param {readonly Layer[]} layers
 * @returns {Layer[]}
 */
export const leavesOf = (layers) =>
  layers.flatMap(([kind, ...inner]) => (Array.isArray(inner[0]) ? leavesOf(inner) : [[kind, ...inner]]));

/** @param {Workload} workload */
export const isRandom = ({ layers }) => layers.some(([kind]) => kind === "dropout");

/** @param {readonly number[]} shape */
export const sizeOf = (shape) => shape.reduce((n, d) => n * d, 1);

/**
 * The batch: inputs, row-major, and targets (class numbers, or numbers to predict).
 *
 * @param {Workload} workload
 */
export function batchOf({ batch, input, classes, tokens }) {
  const count = batch * sizeOf(input);
  const x =
    tokens === undefined ? fill(count, 0, 1) : Int32Array.from({ length: count }, (_, i) => (i * 7919) % tokens);
  const t = classes > 0 ? Int32Array.from({ length: batch }, (_, i) => (i * 7) % classes) : fill(batch, 99, 1);
  return { x, t };
}

/**
 * Initial values of a layer's weight and bias: uniform within ±1/√(inputs of a unit), as in PyTorch's default.
 * systems/pytorch/network.py does the same.
 *
 * @param {Layer} layer
 * @param {number} index the layer's place in the network
 * @returns {Record<string, { shape: number[], values: Float32Array }> | undefined} by the names of Tidu's parameters;
 * undefined where the layer has none, or where they start as ones and zeros
 */
export function firstValues([kind, ...sizes], index) {
  const [inputs, outputs, third, , fifth, groups] = /** @type {number[]} */ (sizes);
  const bias = kind !== "embedding" && (kind !== "conv" || fifth !== /** @type {any} */ (false));
  /** @type {Record<string, number[]>} */
  const shapes = {
    linear: [outputs, inputs],
    conv: [outputs, inputs, third, third],
    convx: [outputs, inputs / groups, third, third],
    convt: [inputs, outputs, third, third],
    conv1d: [outputs, inputs, third],
    maxout: [outputs * third, inputs],
    embedding: [inputs, outputs],
  };
  if (kind === "lstm" || kind === "attention") {
    const several = kind === "lstm" ? lstmShapes(inputs, outputs) : attentionShapes(inputs);
    const scale = 2 / Math.sqrt(kind === "lstm" ? outputs : inputs);
    return Object.fromEntries(
      Object.entries(several).map(([name, shape], j) => [
        name,
        { shape, values: fill(sizeOf(shape), 2 * index + 1 + j, scale) },
      ]),
    );
  }
  const shape = shapes[kind];
  if (shape === undefined) return undefined;
  const scale = 2 / Math.sqrt(sizeOf(shape.slice(1)));
  const weight = { shape, values: fill(sizeOf(shape), 2 * index + 1, scale) };
  if (!bias) return { weight };
  const units = kind === "convt" ? outputs : shape[0];
  return { weight, bias: { shape: [units], values: fill(units, 2 * index + 2, scale) } };
}

/** @param {number} inputs @param {number} units */
const lstmShapes = (inputs, units) => ({
  weight_ih_l0: [4 * units, inputs],
  weight_hh_l0: [4 * units, units],
  bias_ih_l0: [4 * units],
  bias_hh_l0: [4 * units],
});

/** @param {number} features */
const attentionShapes = (features) => ({
  in_proj_weight: [3 * features, features],
  in_proj_bias: [3 * features],
  "out_proj.weight": [features, features],
  "out_proj.bias": [features],
});
