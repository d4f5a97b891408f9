// An experiment: Which data gain nothing from convolution?
import { experiment } from "@tidu/cli/experiment";
import { nn, tensor } from "tidu";
import { Dataset } from "tidu/data";
import { parametersOf, productsOfStep } from "./lib/count.js";
import { order, testDigits, trainingDigits } from "./lib/digits.js";
import { accuracy, type Training, train } from "./lib/train.js";
import words from "./permuted-pixels.words.js";

const SIDE = 28;
/** Sides of the squares in which pixels change places; in a square of one pixel nothing does, in the last all do. */
const SQUARES = [1, 4, SIDE];
const CHANGED = SQUARES.length - 1;

const cnn = () =>
  nn.sequential(
    ...[nn.conv2d(1, 8, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2)],
    ...[nn.conv2d(8, 16, 5), nn.relu(), nn.maxPool2d(2)],
    ...[nn.flatten(), nn.linear(400, 10)],
  );
const mlp = (hidden: number) =>
  nn.sequential(nn.flatten(), nn.linear(SIDE * SIDE, hidden), nn.relu(), nn.linear(hidden, 10));
/** As many weights as the CNN has, as nearly as a whole number of units allows. */
const narrow = () => mlp(9);
/** As many products in a training step as the CNN's, as nearly. */
const wide = () => mlp(997);

/** Where each pixel of the new image comes from: from within its own square, by an order of each square's own. */
function places(square: number, seed: number): Int32Array {
  const from = new Int32Array(SIDE * SIDE);
  const across = SIDE / square;
  for (let s = 0; s < across * across; s++) {
    const [top, left] = [square * Math.floor(s / across), square * (s % across)];
    const place = (i: number) => SIDE * (top + Math.floor(i / square)) + left + (i % square);
    order(square * square, 1000 * seed + s).forEach((other, i) => {
      from[place(i)] = place(other);
    });
  }
  return from;
}

/** All images with their pixels in other places, the same for every image. */
async function rearranged({ inputs, targets, ...options }: Dataset, from: Int32Array): Promise<Dataset> {
  const pixels = await inputs.data();
  const moved = Uint8Array.from(pixels, (_, i) => pixels[i - (i % from.length) + from[i % from.length]]);
  return new Dataset(tensor(moved, inputs.shape), targets, options);
}

export default experiment({
  name: "permuted-pixels",
  words,
  seconds: 85,
  seeds: 32,
  settings: { samples: 800, tested: 1000, epochs: 7, batchSize: 50, lr: 0.003 },
  measures: {
    "cnn-plain": "%",
    "cnn-shuffled": "%",
    "cnn-shuffled-training": "%",
    "wide-plain": "%",
    "wide-shuffled": "%",
    "narrow-plain": "%",
    "narrow-shuffled": "%",
  },
  comparisons: [
    ["cnn-plain", "wide-plain", 1],
    ["cnn-shuffled", "wide-shuffled", 1],
    ["cnn-plain", "narrow-plain", 1],
    ["cnn-shuffled", "narrow-shuffled", 1],
    ["cnn-plain", "cnn-shuffled", 1],
    ["wide-plain", "wide-shuffled", 1],
  ],
  curves: {
    "cnn-by-square": { unit: "%", x: { label: words.square, unit: "pixels", values: SQUARES } },
  },
  counted: {
    "cnn-parameters": "parameters",
    "narrow-parameters": "parameters",
    "wide-parameters": "parameters",
    "cnn-products": "products",
    "narrow-products": "products",
    "wide-products": "products",
  },
  async trial(seed, { samples, tested, ...rest }) {
    const [plain, unseen] = [await trainingDigits(seed, samples), await testDigits(tested)];
    const training: Training = { seed, ...rest };
    const rows = [];
    for (const square of SQUARES) {
      const from = places(square, seed);
      const [data, test] = [await rearranged(plain, from), await rearranged(unseen, from)];
      const networks = square === 1 || square === SIDE ? { cnn, wide, narrow } : { cnn };
      const results: Record<string, number> = {};
      for (const [name, make] of Object.entries(networks)) {
        const trainer = await train(make(), data, training);
        results[name] = await accuracy(trainer, test);
        if (name === "cnn") results.training = await accuracy(trainer, data);
      }
      rows.push(results);
    }
    return {
      measures: {
        "cnn-plain": rows[0].cnn,
        "cnn-shuffled": rows[CHANGED].cnn,
        "cnn-shuffled-training": rows[CHANGED].training,
        "wide-plain": rows[0].wide,
        "wide-shuffled": rows[CHANGED].wide,
        "narrow-plain": rows[0].narrow,
        "narrow-shuffled": rows[CHANGED].narrow,
      },
      curves: { "cnn-by-square": rows.map((r) => r.cnn) },
    };
  },
  async counts({ batchSize }) {
    const products = (net: nn.Module) => productsOfStep(net, [1, SIDE, SIDE], batchSize);
    return {
      "cnn-parameters": parametersOf(cnn()),
      "narrow-parameters": parametersOf(narrow()),
      "wide-parameters": parametersOf(wide()),
      "cnn-products": await products(cnn()),
      "narrow-products": await products(narrow()),
      "wide-products": await products(wide()),
    };
  },
});
