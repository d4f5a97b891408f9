// An experiment: Does dropout keep accuracy while it saves computation?
import { experiment } from "@tidu/cli/experiment";
import { nn } from "tidu";
import words from "./dropout-accuracy.words.js";
import { productsOfStep } from "./lib/count.js";
import { testDigits, trainingDigits } from "./lib/digits.js";
import { perceptron } from "./lib/network.js";
import { accuracy, train } from "./lib/train.js";

const UNITS = 192;
const P = 0.5;
const BATCH = 50;
/** So many times the steps come to as many products with whole units dropped as without dropout. */
const LONGER = 2.3;

/** What is compared: a network, and for how many times the epochs it learns. */
const forms = {
  none: { make: () => perceptron(UNITS), times: 1 },
  elements: { make: () => perceptron(UNITS, () => [nn.dropout(P)]), times: 1 },
  units: { make: () => perceptron(UNITS, () => [nn.dropout(P, { drop: "units" })]), times: 1 },
  /** As many products in all as the network without dropout. */
  long: { make: () => perceptron(UNITS, () => [nn.dropout(P, { drop: "units" })]), times: LONGER },
  /** As many steps as that, without dropout: whether it is the steps that help. */
  patient: { make: () => perceptron(UNITS), times: LONGER },
  /** As many units as dropout by units leaves: as many products in a step. */
  small: { make: () => perceptron(UNITS * P), times: 1 },
};
type Form = keyof typeof forms;
const FORMS = Object.keys(forms) as Form[];
const COUNTED = ["none", "elements", "units", "small"] as const;

export default experiment({
  name: "dropout-accuracy",
  words,
  seconds: 180,
  seeds: 32,
  settings: { few: 500, many: 1600, fewEpochs: 40, manyEpochs: 10, tested: 1500, lr: 0.002 },
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
    for (const form of COUNTED) counts[`products-${form}`] = await productsOfStep(forms[form].make(), [784], BATCH);
    return counts;
  },
});
