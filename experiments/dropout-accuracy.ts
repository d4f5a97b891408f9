// An experiment: Does dropout keep accuracy while it saves computation?
import { experiment } from "@tidu/cli/experiment";
import { compile, loss, nn, optim, tensor } from "tidu";
import words from "./dropout-accuracy.words.js";
import { productsOfStep } from "./lib/count.js";
import { testDigits, trainingDigits } from "./lib/digits.js";
import { perceptron } from "./lib/network.js";
import { timesInTurn } from "./lib/time.js";
import { accuracy, train } from "./lib/train.js";

const UNITS = 384;
const P = 0.5;
const BATCH = 50;

/** What is compared: a network, and for how many times the epochs it learns. */
const forms = {
  none: { make: () => perceptron(UNITS), times: 1 },
  elements: { make: () => perceptron(UNITS, () => [nn.dropout(P)]), times: 1 },
  units: { make: () => perceptron(UNITS, () => [nn.dropout(P, { drop: "units" })]), times: 1 },
  /** As many products in all as the network without dropout. */
  long: { make: () => perceptron(UNITS, () => [nn.dropout(P, { drop: "units" })]), times: 2.5 },
  /** As many steps as that, without dropout: whether it is the steps that help. */
  patient: { make: () => perceptron(UNITS), times: 2.5 },
  /** As many units as dropout by units leaves: as many products in a step. */
  small: { make: () => perceptron(UNITS * P), times: 1 },
};
type Form = keyof typeof forms;
const FORMS = Object.keys(forms) as Form[];
const TIMED = ["none", "elements", "units", "small"] as const;

/**
 * One training step again and again, on noise. It learns next to nothing: a network that knows its batch by heart has
 * gradients whose squares are too small for float32's full precision, and processors take longer with those.
 */
function stepOf(net: nn.Module): () => Promise<unknown> {
  const optimizer = optim.adam({ lr: 1e-9 });
  const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  const x = tensor(
    Float32Array.from({ length: BATCH * 784 }, (_, i) => Math.sin(i)),
    [BATCH, 784],
  );
  const t = tensor(Int32Array.from({ length: BATCH }, (_, i) => i % 10));
  return () => step(x, t);
}

export default experiment({
  name: "dropout-accuracy",
  words,
  seconds: 120,
  seeds: 6,
  settings: { few: 500, many: 4000, fewEpochs: 40, manyEpochs: 8, tested: 10_000, lr: 0.001 },
  measures: {
    "none-few": "%",
    "elements-few": "%",
    "units-few": "%",
    "long-few": "%",
    "patient-few": "%",
    "small-few": "%",
    "none-many": "%",
    "elements-many": "%",
    "units-many": "%",
    "long-many": "%",
    "patient-many": "%",
    "small-many": "%",
  },
  comparisons: [
    ["elements-few", "none-few", 0.5],
    ["units-few", "none-few", 0.5],
    ["long-few", "none-few", 0.5],
    ["long-few", "patient-few", 0.5],
    ["small-few", "none-few", 0.5],
    ["units-few", "small-few", 0.5],
    ["units-few", "elements-few", 0.5],
    ["elements-many", "none-many", 0.5],
    ["units-many", "none-many", 0.5],
    ["long-many", "none-many", 0.5],
    ["long-many", "patient-many", 0.5],
    ["small-many", "none-many", 0.5],
    ["units-many", "small-many", 0.5],
    ["units-many", "elements-many", 0.5],
  ],
  counted: {
    "products-none": "products",
    "products-elements": "products",
    "products-units": "products",
    "products-small": "products",
  },
  timed: { "step-none": "µs", "step-elements": "µs", "step-units": "µs", "step-small": "µs" },
  async trial(seed, { few, many, fewEpochs, manyEpochs, tested, lr }) {
    const unseen = await testDigits(tested);
    const measures: Record<string, number> = {};
    const amounts = [
      ["few", few, fewEpochs],
      ["many", many, manyEpochs],
    ] as const;
    for (const [amount, samples, epochs] of amounts) {
      const digits = await trainingDigits(seed, samples);
      for (const form of FORMS) {
        const { make, times } = forms[form];
        const training = { seed, lr, batchSize: BATCH, epochs: Math.round(epochs * times) };
        measures[`${form}-${amount}`] = await accuracy(await train(make(), digits, training), unseen);
      }
    }
    return { measures };
  },
  async counts() {
    const counts: Record<string, number> = {};
    for (const form of TIMED) counts[`products-${form}`] = await productsOfStep(forms[form].make(), [784], BATCH);
    return counts;
  },
  times: () =>
    timesInTurn(Object.fromEntries(TIMED.map((form) => [`step-${form}`, stepOf(forms[form].make())])), {
      rounds: 15,
      milliseconds: 120,
    }),
});
