// An experiment: How costly is sigmoid's exponential?
import { experiment } from "@tidu/cli/experiment";
import { compile, init, loss, nn, optim, type Tensor, tensor, Variable, zeros } from "tidu";
import { productsOfStep } from "./lib/count.js";
import { testDigits, trainingDigits, validationDigits } from "./lib/digits.js";
import { timesInTurn } from "./lib/time.js";
import { accuracy, follow, type Training } from "./lib/train.js";
import words from "./sigmoid-cost.words.js";

const UNITS = 64;
const SHALLOW = 2;
const DEEP = 8;
const EPOCHS = 8;
const BATCH = 64;
/** Numbers that an activation function is timed on: they fit into the second-level cache. */
const ELEMENTS = 2 ** 17;

const bends = { relu: nn.relu, tanh: nn.tanh, sigmoid: nn.sigmoid, small: nn.sigmoid };
type Bend = keyof typeof bends;
const BENDS = Object.keys(bends) as Bend[];
const TIMED = ["relu", "tanh", "sigmoid"] as const;
/** Deviations of initial weights: such as keep the size of values, for sigmoid of gradients, whose slope is 1/4 at most. */
const gains: Readonly<Record<Bend, number>> = { relu: Math.SQRT2, tanh: 1.6, sigmoid: 4, small: 1 };

function network(bend: Bend, depth: number) {
  const linear = (inputs: number, outputs: number) =>
    nn.linear(inputs, outputs, { init: init.normal(0, gains[bend] / Math.sqrt(inputs)), biasInit: init.zeros });
  const hidden = Array.from({ length: depth }, (_, i) => [linear(i === 0 ? 784 : UNITS, UNITS), bends[bend]()]);
  return nn.sequential(nn.flatten(), ...hidden.flat(), linear(UNITS, 10));
}

/** The networks whose steps are timed. */
const mlp = (bend: Bend) =>
  nn.sequential(
    ...[nn.flatten(), nn.linear(784, 256), bends[bend](), nn.linear(256, 128), bends[bend]()],
    nn.linear(128, 10),
  );
const cnn = (bend: Bend) =>
  nn.sequential(
    ...[nn.conv2d(1, 8, 5, { padding: 2 }), bends[bend](), nn.maxPool2d(2)],
    ...[nn.conv2d(8, 16, 5), bends[bend](), nn.maxPool2d(2)],
    ...[nn.flatten(), nn.linear(400, 10)],
  );

/** Activation evaluations per sample. */
const bent = (net: nn.Module): number =>
  nn
    .summary(net, [1, 28, 28], { batchSize: 1 })
    .layers.filter(({ layer }) => layer === "sigmoid()")
    .reduce((n, { outputShape }) => n + outputShape.reduce((size, d) => size * d, 1), 0);

/** One training step again and again, on noise. */
function stepOf(net: nn.Module): () => Promise<unknown> {
  const optimizer = optim.sgd({ lr: 1e-3 });
  const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  const x = tensor(
    Float32Array.from({ length: BATCH * 784 }, (_, i) => Math.sin(i)),
    [BATCH, 1, 28, 28],
  );
  const t = tensor(Int32Array.from({ length: BATCH }, (_, i) => i % 10));
  return () => step(x, t);
}

/** An activation function of many numbers, repeated. */
function bendOf(bend: (x: Tensor) => Tensor): () => Promise<unknown> {
  const bent = new Variable(zeros([ELEMENTS]));
  const run = compile((x) => bent.assign(bend(x)));
  const x = tensor(Float32Array.from({ length: ELEMENTS }, (_, i) => 4 * Math.sin(i)));
  return () => run(x);
}

const learned = {
  unit: "%",
  x: { label: words.epochs, unit: "", values: Array.from({ length: EPOCHS }, (_, i) => i + 1) },
};

export default experiment({
  name: "sigmoid-cost",
  words,
  seconds: 60,
  seeds: 32,
  settings: { samples: 1000, validated: 500, tested: 1500, batchSize: 50, slow: 0.001, middle: 0.003, fast: 0.01 },
  measures: {
    "relu-2": "%",
    "tanh-2": "%",
    "sigmoid-2": "%",
    "relu-8": "%",
    "tanh-8": "%",
    "sigmoid-8": "%",
    "small-8": "%",
  },
  comparisons: [
    ["sigmoid-2", "relu-2", 1],
    ["sigmoid-2", "tanh-2", 1],
    ["sigmoid-8", "relu-8", 1],
    ["sigmoid-8", "tanh-8", 1],
    ["sigmoid-8", "small-8", 1],
  ],
  curves: {
    "by-epoch-relu": learned,
    "by-epoch-tanh": learned,
    "by-epoch-sigmoid": learned,
    "by-epoch-small": learned,
  },
  counted: {
    "bent-mlp": "numbers",
    "products-mlp": "products",
    "bent-cnn": "numbers",
    "products-cnn": "products",
  },
  timed: {
    "element-relu": "µs",
    "element-tanh": "µs",
    "element-sigmoid": "µs",
    "mlp-relu": "µs",
    "mlp-tanh": "µs",
    "mlp-sigmoid": "µs",
    "cnn-relu": "µs",
    "cnn-tanh": "µs",
    "cnn-sigmoid": "µs",
  },
  async trial(seed, { samples, validated, tested, slow, middle, fast, ...rest }) {
    const digits = await trainingDigits(seed, samples);
    const [held, unseen] = [await validationDigits(seed, validated), await testDigits(tested)];
    const measures: Record<string, number> = {};
    const curves: Record<string, number[]> = {};
    for (const depth of [SHALLOW, DEEP]) {
      for (const bend of depth === DEEP ? BENDS : TIMED) {
        const runs = [];
        for (const lr of [slow, middle, fast]) {
          const training: Training = { seed, lr, epochs: EPOCHS, ...rest };
          runs.push(await follow(network(bend, depth), digits, training, { validation: held }));
        }
        const last = (run: { curve: number[] }) => run.curve.at(-1) as number;
        const best = runs.reduce((a, b) => (last(b) > last(a) ? b : a));
        measures[`${bend}-${depth}`] = await accuracy(best.trainer, unseen);
        if (depth === DEEP) curves[`by-epoch-${bend}`] = best.curve;
      }
    }
    return { measures, curves };
  },
  async counts() {
    return {
      "bent-mlp": bent(mlp("sigmoid")),
      "products-mlp": await productsOfStep(mlp("sigmoid"), [1, 28, 28], BATCH),
      "bent-cnn": bent(cnn("sigmoid")),
      "products-cnn": await productsOfStep(cnn("sigmoid"), [1, 28, 28], BATCH),
    };
  },
  times: () => {
    const tasks: Record<string, () => Promise<unknown>> = {};
    for (const bend of TIMED) {
      tasks[`element-${bend}`] = bendOf((x) => bends[bend]().forward(x));
      tasks[`mlp-${bend}`] = stepOf(mlp(bend));
      tasks[`cnn-${bend}`] = stepOf(cnn(bend));
    }
    return timesInTurn(tasks, { rounds: 11, milliseconds: 30 });
  },
});
