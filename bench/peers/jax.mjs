// jax-js as a measured system, on its WebAssembly backend. Every use of an array consumes it, unless the code says
// `.ref`.
import { readFileSync } from "node:fs";
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { say, serve } from "../lib/serve.mjs";
import { batchOf, firstValues } from "../workloads.mjs";

const CHECKED = 4;

/** @type {Record<string, (x: any, own: any, ...sizes: any[]) => any>} */
const LAYERS = {
  linear: (x, { weight, bias }) => np.dot(x, np.transpose(weight)).add(bias),
  conv(x, { weight, bias }, ...[, , , padding]) {
    const border = [padding, padding];
    return lax.conv(x, weight, [1, 1], [border, border]).add(bias.reshape([-1, 1, 1]));
  },
  pool: (x, _, size) => lax.reduceWindow(x, (window) => np.max(window), [size, size], [size, size]),
  maxout(x, own, ...[, outputs, pieces]) {
    const all = LAYERS.linear(x, own);
    return np.max(all.reshape([-1, outputs, pieces]), 2);
  },
  relu: (x) => nn.relu(x),
  sigmoid: (x) => nn.sigmoid(x),
  flatten: (x) => x.reshape([x.shape[0], -1]),
  dropout(x, { key }, p) {
    if (key === undefined) return x; // in use
    const kept = random.bernoulli(key, 1 - p, x.shape);
    return np.where(kept, x.mul(1 / (1 - p)), 0);
  },
};

/**
 * The network as a function of its arrays { weight, bias }, one entry for each layer with parameters, and of a key for
 * each dropout layer (no keys: prediction).
 *
 * @param {import("../workloads.mjs").Workload} workload
 */
const networkOf =
  ({ layers }) =>
  (parameters, keys, x) => {
    const [rest, locks] = [[...parameters], [...keys]];
    return layers.reduce((value, layer, i) => {
      const [kind, ...sizes] = layer;
      const own =
        firstValues(layer, i) === undefined ? { key: kind === "dropout" ? locks.shift() : undefined } : rest.shift();
      return LAYERS[kind](value, own, ...sizes);
    }, x);
  };

/** @type {Record<string, (settings: any) => { slots: number, next: (w: any, g: any, memory: any[], time: any) => any[] }>} */
const OPTIMIZERS = {
  // The next weight, then the optimizer's state for the next step.
  sgd: ({ lr, momentum = 0, weightDecay = 0 }) => ({
    slots: momentum > 0 ? 1 : 0,
    next(w, g, [velocity]) {
      const decayed = weightDecay > 0 ? g.add(w.ref.mul(weightDecay)) : g;
      if (velocity === undefined) return [w.sub(decayed.mul(lr))];
      const direction = velocity.mul(momentum).add(decayed);
      return [w.sub(direction.ref.mul(lr)), direction];
    },
  }),
  adam: ({ lr }) => ({
    slots: 2,
    next(w, g, [mean, square], { first, second }) {
      const m = mean.mul(0.9).add(g.ref.mul(0.1));
      const v = square.mul(0.999).add(np.square(g).mul(0.001));
      const change = m.ref.mul(first).div(np.sqrt(v.ref.mul(second)).add(1e-8));
      return [w.sub(change.mul(lr)), m, v];
    },
  }),
};
const tick = (count) => ({ first: np.array(1 / (1 - 0.9 ** count)), second: np.array(1 / (1 - 0.999 ** count)) });

/**
 * @param {import("../workloads.mjs").Workload} workload
 * @param {boolean} [waits] whether a step waits for its results
 */
export function build(workload, waits = true) {
  const { batch, input, classes, layers, optimizer: settings } = workload;
  const forward = networkOf(workload);
  const { x: values, t: targets } = batchOf(workload);
  const x = np.array(values).reshape([batch, ...input]);
  const t = classes > 0 ? nn.oneHot(np.array(targets), classes) : np.array(targets).reshape([batch, 1]);
  const cost = (parameters, keys, input, wanted) => {
    const scores = forward(parameters, keys, input);
    if (classes === 0) return np.mean(np.square(scores.sub(wanted)));
    return np.sum(nn.logSoftmax(scores).mul(wanted)).mul(-1 / batch);
  };
  const optimizer = OPTIMIZERS[settings.name](settings);
  const arrayOf = ({ values, shape }) => np.array(values).reshape(shape);
  let parameters = layers.flatMap((layer, i) => {
    const first = firstValues(layer, i);
    return first === undefined ? [] : [{ weight: arrayOf(first.weight), bias: arrayOf(first.bias) }];
  });
  const zeros = (array) => Array.from({ length: optimizer.slots }, () => np.zeros(array.shape));
  let memory = parameters.map(({ weight, bias }) => ({ weight: zeros(weight), bias: zeros(bias) }));
  const refs = () => parameters.map(({ weight, bias }) => ({ weight: weight.ref, bias: bias.ref }));
  const dropouts = layers.filter(([kind]) => kind === "dropout");
  let count = 0;

  const update = jit((parameters, memory, time, keys, input, wanted) => {
    const inputs = parameters.map(({ weight, bias }) => ({ weight: weight.ref, bias: bias.ref }));
    const [value, gradients] = valueAndGrad(cost)(inputs, keys, input, wanted);
    const next = parameters.map((own, i) =>
      ["weight", "bias"].map((name) => {
        const shared = { first: time.first.ref, second: time.second.ref };
        return optimizer.next(own[name], gradients[i][name], memory[i][name], shared);
      }),
    );
    return {
      value,
      parameters: next.map(([[weight], [bias]]) => ({ weight, bias })),
      memory: next.map(([[, ...weight], [, ...bias]]) => ({ weight, bias })),
    };
  });
  const evaluate = jit((parameters, input, wanted) => cost(parameters, [], input, wanted));
  const predict = jit((parameters, input) => forward(parameters, [], input));
  return {
    finish: () => blockUntilReady(parameters),
    evaluation: async () => (await evaluate(refs(), x.ref, t.ref).data())[0],
    predict: () => predict(refs(), x.ref).data(),
    async step() {
      const keys = dropouts.map((_, i) => random.key(count * dropouts.length + i));
      const result = update(parameters, memory, tick(++count), keys, x.ref, t.ref);
      ({ parameters, memory } = result);
      if (waits) await blockUntilReady(parameters);
      return result.value;
    },
  };
}

/** @param {import("../workloads.mjs").Workload} workload */
export const missingIn = ({ layers }) => layers.find(([kind]) => LAYERS[kind] === undefined);

/** @param {import("../workloads.mjs").Workload} workload */
async function main(workload) {
  const { version } = JSON.parse(
    readFileSync(new URL("node_modules/@jax-js/jax/package.json", import.meta.url), "utf8"),
  );
  const about = { version: `jax-js ${version}, Node ${process.versions.node}`, threads: 1 };
  const missing = missingIn(workload);
  if (missing !== undefined) return say({ ...about, unsupported: `it has no ${missing[0]} layer` });
  await init("wasm");
  defaultDevice("wasm");
  const { evaluation, predict, step } = build(workload);
  const said = { ...about, evaluation: await evaluation() };
  if (workload.inference) return serve(said, predict);
  const losses = [];
  for (let i = 0; i < CHECKED; i++) losses.push((await (await step()).data())[0]);
  return serve({ ...said, losses }, async () => (await step()).dispose());
}

// Without a job, the file only exports its functions, for scripts that measure other devices.
if (process.argv.at(-1)?.startsWith("{")) await main(JSON.parse(process.argv.at(-1)).workload);
