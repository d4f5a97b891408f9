// An experiment: Is dropping the negative half good for ReLU?
import { experiment } from "@tidu/cli/experiment";
import { compile, init, nn, stack, type Tensor } from "tidu";
import { all, testDigits, trainingDigits, validationDigits } from "./lib/digits.js";
import { accuracy, follow, type Training } from "./lib/train.js";
import words from "./relu-negative-half.words.js";

const UNITS = 64;
const SHALLOW = 2;
const DEEP = 10;

/**
 * Each nonlinearity, and the deviation of initial weights that keeps the size of normal values: gain² · E f(z)² = 1.
 * ReLU's mirror image, min(0, z) = -relu(-z), is not among them: with the signs of weights changed it is the same network.
 */
const bends = {
  relu: [nn.relu, Math.SQRT2],
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

/** How many of the samples each unit of each ReLU layer answers with 0: [layers, units]. */
function silence(net: nn.Sequential): (x: Tensor) => Promise<Tensor> {
  return compile((x: Tensor) => {
    const zeros: Tensor[] = [];
    let value = x;
    for (const layer of net.layers) {
      value = layer.forward(value);
      if (String(layer) === "relu()") zeros.push(value.eq(0).toFloat().sum(0));
    }
    return stack(zeros);
  });
}

/**
 * From the zeros after each epoch: the share of outputs that are 0 at the end, and the shares of units that are 0 for
 * every sample at the end; so from the middle of training to its end; and so after some epoch, but not at the end.
 */
function fates(epochs: readonly ArrayLike<number>[], samples: number) {
  const last = Array.from(epochs[epochs.length - 1]);
  const later = epochs.slice(Math.floor(epochs.length / 2));
  const percent = (units: number) => (100 * units) / last.length;
  const dead = (zeros: ArrayLike<number>, unit: number) => zeros[unit] === samples;
  const count = (is: (unit: number) => boolean) => percent(last.filter((_, unit) => is(unit)).length);
  return {
    zeros: percent(last.reduce((sum, n) => sum + n, 0)) / samples,
    dead: count((unit) => dead(last, unit)),
    lost: count((unit) => later.every((zeros) => dead(zeros, unit))),
    back: count((unit) => !dead(last, unit) && epochs.some((zeros) => dead(zeros, unit))),
  };
}

export default experiment({
  name: "relu-negative-half",
  words,
  seconds: 110,
  seeds: 32,
  settings: {
    samples: 1000,
    validated: 1000,
    tested: 5000,
    epochs: 12,
    batchSize: 50,
    slow: 0.001,
    middle: 0.003,
    fast: 0.01,
  },
  measures: {
    "relu-2": "%",
    "leaky-2": "%",
    "elu-2": "%",
    "abs-2": "%",
    "none-2": "%",
    "relu-10": "%",
    "leaky-10": "%",
    "elu-10": "%",
    "abs-10": "%",
    "none-10": "%",
    "zeros-2": "%",
    "dead-2": "%",
    "lost-2": "%",
    "back-2": "%",
    "zeros-10": "%",
    "dead-10": "%",
    "lost-10": "%",
    "back-10": "%",
  },
  comparisons: [
    ["relu-2", "leaky-2", 0.5],
    ["relu-2", "elu-2", 0.5],
    ["relu-2", "abs-2", 0.5],
    ["relu-2", "none-2", 0.5],
    ["relu-10", "leaky-10", 0.5],
    ["relu-10", "elu-10", 0.5],
    ["relu-10", "abs-10", 0.5],
    ["relu-10", "none-10", 0.5],
  ],
  async trial(seed, { samples, validated, tested, slow, middle, fast, ...rest }) {
    const digits = await trainingDigits(seed, samples);
    const [held, unseen] = [await validationDigits(seed, validated), await testDigits(tested)];
    const { x } = await all(held);
    /** The rate that suits it, by digits that are neither learned from nor tested with; ReLU's zeros at that rate. */
    async function best(bend: Bend, depth: number) {
      const runs = [];
      for (const lr of [slow, middle, fast]) {
        const training: Training = { seed, lr, ...rest };
        const net = network(bend, depth);
        const [zeros, silent] = [[] as ArrayLike<number>[], silence(net)];
        const look = async () => void zeros.push(await (await silent(x)).data());
        const { trainer } = await follow(net, digits, training, { each: bend === "relu" ? look : undefined });
        runs.push({ trainer, zeros, score: await accuracy(trainer, held) });
      }
      return runs.reduce((a, b) => (b.score > a.score ? b : a));
    }
    const found: Record<string, number> = {};
    for (const depth of [SHALLOW, DEEP]) {
      for (const bend of BENDS) {
        const { trainer, zeros } = await best(bend, depth);
        found[`${bend}-${depth}`] = await accuracy(trainer, unseen);
        if (bend !== "relu") continue;
        for (const [fate, share] of Object.entries(fates(zeros, validated))) found[`${fate}-${depth}`] = share;
      }
    }
    return { measures: found };
  },
});
