// An experiment: How invariant is pooling?
import { experiment } from "@tidu/cli/experiment";
import { nn, type Tensor } from "tidu";
import * as augment from "tidu/augment";
import { invariance } from "tidu/insight";
import { all, DIRECTIONS, moved, onBlack, testDigits, trainingDigits } from "./lib/digits.js";
import { accuracy, train } from "./lib/train.js";
import words from "./pooling-invariance.words.js";

const SIDE = 28;
const SHIFTS = [0, 1, 2, 4];
const MOVES = SHIFTS.slice(1);

/** Every second place of the rows and of the columns. */
class EverySecond extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.slice(2, 0, undefined, 2).slice(3, 0, undefined, 2);
  }
}

/** Ways to go from 28 × 28 places to 14 × 14; none has parameters. */
const ways = {
  max: () => nn.maxPool2d(2),
  average: () => nn.avgPool2d(2),
  second: () => new EverySecond(),
};

/** Two convolutions, each followed by the same way. */
const network = (way: () => nn.Module) =>
  nn.sequential(
    ...[nn.conv2d(1, 8, 5, { padding: 2 }), nn.relu(), way()],
    ...[nn.conv2d(8, 16, 5), nn.relu(), way()],
    ...[nn.flatten(), nn.linear(400, 10)],
  );

/** Relative change of what is left of the features, for each move, as a mean over the four directions, in percent. */
async function changes(conv: nn.Module, rest: nn.Module, images: Tensor): Promise<number[]> {
  const net = nn.sequential(conv, nn.relu(), rest);
  const shifts = MOVES.flatMap((by) => DIRECTIONS.map(([down, right]) => [by * down, by * right] as const));
  const found = await invariance(net, "2", images, shifts);
  return MOVES.map((by) => {
    const own = found.filter(({ shift }) => Math.abs(shift[0] + shift[1]) === by);
    return (100 * own.reduce((sum, { change }) => sum + change, 0)) / own.length;
  });
}

/**
 * Of the outputs that are not 0 both before and after a move to the right by one pixel, the share that changes by less
 * than a tenth of the larger, in percent.
 */
async function kept(conv: nn.Module, rest: nn.Module, still: Tensor, after: Tensor): Promise<number> {
  const net = nn.sequential(conv, nn.relu(), rest);
  const [a, b] = [await (await net.predict(still)).data(), await (await net.predict(after)).data()];
  let [same, active] = [0, 0];
  a.forEach((x, i) => {
    const larger = Math.max(x, b[i]);
    if (larger === 0) return;
    active++;
    if (Math.abs(x - b[i]) < larger / 10) same++;
  });
  return (100 * same) / active;
}

const nothing = () => nn.dropout(0);
const by = { label: words.pixels, unit: "pixels" };

export default experiment({
  name: "pooling-invariance",
  words,
  seconds: 75,
  seeds: 32,
  settings: { samples: 800, tested: 500, looked: 100, epochs: 8, batchSize: 50, lr: 0.003 },
  limits: { looked: "tested", tested: 10_000 },
  measures: {
    "change-before": "%",
    "change-max": "%",
    "change-average": "%",
    "change-second": "%",
    "change-max4": "%",
    "change-global": "%",
    "same-before": "%",
    "same-max": "%",
    "same-second": "%",
    "still-max": "%",
    "still-average": "%",
    "still-second": "%",
    "still-taught": "%",
    "moved-max": "%",
    "moved-average": "%",
    "moved-second": "%",
    "moved-taught": "%",
    "far-max": "%",
    "far-second": "%",
  },
  comparisons: [
    ["same-max", "same-before", 10],
    ["same-max", "same-second", 10],
    ["change-max", "change-before", 5],
    ["change-max", "change-average", 5],
    ["change-max", "change-second", 5],
    ["still-max", "still-second", 1],
    ["moved-max", "moved-second", 1],
    ["moved-max", "moved-average", 1],
    ["far-max", "far-second", 1],
    ["moved-taught", "moved-max", 1],
  ],
  curves: {
    "change-by-shift-before": { unit: "%", x: { ...by, values: MOVES } },
    "change-by-shift-max": { unit: "%", x: { ...by, values: MOVES } },
    "change-by-shift-max4": { unit: "%", x: { ...by, values: MOVES } },
    "change-by-shift-global": { unit: "%", x: { ...by, values: MOVES } },
    "accuracy-by-shift-max": { unit: "%", x: { ...by, values: SHIFTS } },
    "accuracy-by-shift-average": { unit: "%", x: { ...by, values: SHIFTS } },
    "accuracy-by-shift-second": { unit: "%", x: { ...by, values: SHIFTS } },
    "accuracy-by-shift-taught": { unit: "%", x: { ...by, values: SHIFTS } },
  },
  async trial(seed, { samples, tested, looked, ...rest }) {
    const [digits, unseen] = [onBlack(await trainingDigits(seed, samples)), onBlack(await testDigits(tested))];
    const training = { seed, ...rest };
    const shifted = await Promise.all(
      MOVES.map((by) => Promise.all(DIRECTIONS.map(([down, right]) => moved(unseen, by * down, by * right)))),
    );
    const taught = { ...training, augment: augment.shift(2) };
    const trainers = {
      max: await train(network(ways.max), digits, training),
      average: await train(network(ways.average), digits, training),
      second: await train(network(ways.second), digits, training),
      taught: await train(network(ways.second), digits, taught),
    };
    const accuracies: Record<string, number[]> = {};
    for (const [name, trainer] of Object.entries(trainers)) {
      accuracies[name] = [await accuracy(trainer, unseen)];
      for (const four of shifted) {
        let sum = 0;
        for (const data of four) sum += await accuracy(trainer, data);
        accuracies[name].push(sum / four.length);
      }
    }
    const [conv] = (trainers.max.net as nn.Sequential).layers;
    const few = unseen.slice(0, looked);
    const still = (await all(few)).x;
    const after = (await all(await moved(few, 0, 1))).x;
    const change = {
      before: await changes(conv, nothing(), still),
      max: await changes(conv, ways.max(), still),
      average: await changes(conv, ways.average(), still),
      second: await changes(conv, ways.second(), still),
      max4: await changes(conv, nn.maxPool2d(4), still),
      global: await changes(conv, nn.maxPool2d(SIDE), still),
    };
    return {
      measures: {
        "change-before": change.before[0],
        "change-max": change.max[0],
        "change-average": change.average[0],
        "change-second": change.second[0],
        "change-max4": change.max4[0],
        "change-global": change.global[0],
        "same-before": await kept(conv, nothing(), still, after),
        "same-max": await kept(conv, ways.max(), still, after),
        "same-second": await kept(conv, ways.second(), still, after),
        "still-max": accuracies.max[0],
        "still-average": accuracies.average[0],
        "still-second": accuracies.second[0],
        "still-taught": accuracies.taught[0],
        "moved-max": accuracies.max[2],
        "moved-average": accuracies.average[2],
        "moved-second": accuracies.second[2],
        "moved-taught": accuracies.taught[2],
        "far-max": accuracies.max[3],
        "far-second": accuracies.second[3],
      },
      curves: {
        "change-by-shift-before": change.before,
        "change-by-shift-max": change.max,
        "change-by-shift-max4": change.max4,
        "change-by-shift-global": change.global,
        "accuracy-by-shift-max": accuracies.max,
        "accuracy-by-shift-average": accuracies.average,
        "accuracy-by-shift-second": accuracies.second,
        "accuracy-by-shift-taught": accuracies.taught,
      },
    };
  },
});
