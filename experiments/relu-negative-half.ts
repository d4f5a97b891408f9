// An experiment: Is dropping the negative half good for ReLU?
import { experiment } from "@tidu/cli/experiment";
import { init, nn } from "tidu";
import { all, testDigits, trainingDigits, validationDigits } from "./lib/digits.js";
import { accuracy, type Training, train } from "./lib/train.js";
import words from "./relu-negative-half.words.js";

const UNITS = 64;
const SHALLOW = 2;
const DEEP = 10;

/** Each bend, and the deviation of first weights that keeps the size of normal values: gain² · E f(z)² = 1. */
const bends = {
  relu: [nn.relu, Math.SQRT2],
  positive: [() => new nn.Activation("negative part", (x) => x.minimum(0)), Math.SQRT2],
  leaky: [() => nn.leakyRelu(0.1), Math.sqrt(2 / 1.01)],
  elu: [() => nn.elu(), 1.245],
  abs: [() => new nn.Activation("abs", (x) => x.abs()), 1],
  none: [() => new nn.Activation("same", (x) => x), 1],
} as const;
type Bend = keyof typeof bends;
const BENDS = Object.keys(bends) as Bend[];

function network(name: Bend, depth: number) {
  const [bend, gain] = bends[name];
  const linear = (inputs: number, outputs: number) =>
    nn.linear(inputs, outputs, { init: init.normal(0, gain / Math.sqrt(inputs)), biasInit: init.zeros });
  const hidden = Array.from({ length: depth }, (_, i) => [linear(i === 0 ? 784 : UNITS, UNITS), bend()]);
  return nn.sequential(nn.flatten(), ...hidden.flat(), linear(UNITS, 10));
}

/** Of all outputs of ReLU layers, the share that is 0; of all units, the share that is 0 for every sample; in percent. */
async function silence(net: nn.Module, x: Parameters<nn.Module["forward"]>[0]) {
  const { layers } = net as nn.Sequential;
  let [value, zeros, dead, outputs, units] = [x, 0, 0, 0, 0];
  for (const layer of layers) {
    value = await layer.predict(value);
    if (String(layer) !== "relu()") continue;
    const off = Array.from(await value.eq(0).toFloat().sum(0).data());
    zeros += off.reduce((sum, n) => sum + n, 0);
    dead += off.filter((n) => n === x.shape[0]).length;
    outputs += value.size;
    units += off.length;
  }
  return { zeros: (100 * zeros) / outputs, dead: (100 * dead) / units };
}

export default experiment({
  name: "relu-negative-half",
  words,
  seconds: 90,
  seeds: 8,
  settings: {
    samples: 1000,
    validated: 1000,
    tested: 10_000,
    epochs: 12,
    batchSize: 50,
    slow: 0.001,
    middle: 0.003,
    fast: 0.01,
  },
  measures: {
    "relu-2": "%",
    "positive-2": "%",
    "leaky-2": "%",
    "elu-2": "%",
    "abs-2": "%",
    "none-2": "%",
    "relu-10": "%",
    "positive-10": "%",
    "leaky-10": "%",
    "elu-10": "%",
    "abs-10": "%",
    "none-10": "%",
    "zeros-2": "%",
    "zeros-10": "%",
    "dead-2": "%",
    "dead-10": "%",
    "dead-10-fast": "%",
  },
  comparisons: [
    ["relu-2", "positive-2"],
    ["relu-2", "leaky-2"],
    ["relu-2", "elu-2"],
    ["relu-2", "abs-2"],
    ["relu-2", "none-2"],
    ["relu-10", "positive-10"],
    ["relu-10", "leaky-10"],
    ["relu-10", "elu-10"],
    ["relu-10", "abs-10"],
    ["relu-10", "none-10"],
  ],
  async trial(seed, { samples, validated, tested, slow, middle, fast, ...rest }) {
    const digits = await trainingDigits(seed, samples);
    const [held, unseen] = [await validationDigits(seed, validated), await testDigits(tested)];
    const { x } = await all(held);
    /** Each bend gets the learning rate that suits it, by digits that are neither learned from nor tested with. */
    async function best(bend: Bend, depth: number) {
      const runs = [];
      for (const lr of [slow, middle, fast]) {
        const training: Training = { seed, lr, ...rest };
        const trainer = await train(network(bend, depth), digits, training);
        runs.push({ trainer, score: await accuracy(trainer, held) });
      }
      const chosen = runs.reduce((a, b) => (b.score > a.score ? b : a)).trainer;
      return { accuracy: await accuracy(chosen, unseen), net: chosen.net, fastest: runs[2].trainer.net };
    }
    const found: Record<string, number> = {};
    for (const depth of [SHALLOW, DEEP]) {
      for (const bend of BENDS) {
        const { accuracy, net, fastest } = await best(bend, depth);
        found[`${bend}-${depth}`] = accuracy;
        if (bend !== "relu") continue;
        const { zeros, dead } = await silence(net, x);
        found[`zeros-${depth}`] = zeros;
        found[`dead-${depth}`] = dead;
        found[`dead-${depth}-fast`] = (await silence(fastest, x)).dead;
      }
    }
    return { measures: found };
  },
});
