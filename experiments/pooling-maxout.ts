// An experiment: Is max pooling like maxout?
import { experiment } from "@tidu/cli/experiment";
import { nn, type Tensor, tensor } from "tidu";
import { invariance } from "tidu/insight";
import { parametersOf, productsOfStep } from "./lib/count.js";
import { all, DIRECTIONS, moved, onBlack, order, testDigits, trainingDigits } from "./lib/digits.js";
import { accuracy, type Training, train } from "./lib/train.js";
import words from "./pooling-maxout.words.js";

const SIDE = 28;
const HALF = SIDE / 2;
const KERNELS = 8;
/** How many compete: places in a square of 2 × 2, or kernels. */
const GROUP = 4;

/** The largest of four places each, any four of the image instead of four that make a square. */
class ScatteredPool extends nn.Module {
  readonly places: Int32Array;

  constructor(
    readonly side: number,
    seed: number,
  ) {
    super();
    this.places = order(side * side, seed);
  }

  override forward(x: Tensor): Tensor {
    const [n, channels] = x.shape;
    const groups = x.flatten(2).gather(tensor(this.places), 2);
    return groups.reshape([n, channels, this.side / 2, this.side / 2, GROUP]).max(4);
  }
}

type Stage = (channels: number, kernels: number, side: number, padding: number, seed: number) => nn.Module[];

/** Ways to halve the sides, each with its number of kernels. Nothing else is nonlinear. */
const ways = {
  /** Largest of a kernel's four neighboring places. */
  pooling: (channels, kernels, _, padding) => [nn.conv2d(channels, kernels, 5, { padding }), nn.maxPool2d(2)],
  /** Largest of four kernels at every second place: as many products, four times the kernels. */
  maxout: (channels, kernels, _, padding) => [
    nn.conv2d(channels, kernels * GROUP, 5, { padding, stride: 2 }),
    nn.maxoutChannels(GROUP),
  ],
  /** As pooling, of any four places. */
  scattered: (channels, kernels, side, padding, seed) => [
    nn.conv2d(channels, kernels, 5, { padding }),
    new ScatteredPool(side, seed),
  ],
  /** One kernel at every second place, and ReLU. */
  relu: (channels, kernels, _, padding) => [nn.conv2d(channels, kernels, 5, { padding, stride: 2 }), nn.relu()],
} satisfies Readonly<Record<string, Stage>>;
type Way = keyof typeof ways;

const first = (way: Way, seed: number): nn.Module[] => (ways[way] as Stage)(1, KERNELS, SIDE, 2, seed);
const second = (way: Way, seed: number): nn.Module[] => (ways[way] as Stage)(KERNELS, 16, 10, 0, seed);
const network = (way: Way, seed: number): nn.Sequential =>
  nn.sequential(...first(way, seed), ...second(way, seed), nn.flatten(), nn.linear(400, 10));

/**
 * A fully connected maxout layer that computes what convolution and max pooling do: its pieces are the kernel at each
 * place, its units the squares of 2 × 2.
 */
async function asMaxout(conv: ReturnType<typeof nn.conv2d>) {
  const [kernels, bias] = [await conv.weight.data(), await (conv.bias as Tensor).data()];
  const pieces = KERNELS * SIDE * SIDE;
  const [weight, biases] = [new Float32Array(pieces * SIDE * SIDE), new Float32Array(pieces)];
  for (let piece = 0; piece < pieces; piece++) {
    const [unit, which] = [Math.floor(piece / GROUP), piece % GROUP];
    const channel = Math.floor(unit / (HALF * HALF));
    const row = 2 * (Math.floor(unit / HALF) % HALF) + (which >> 1);
    const column = 2 * (unit % HALF) + (which & 1);
    biases[piece] = bias[channel];
    for (let k = 0; k < 25; k++) {
      const [r, c] = [row + Math.floor(k / 5) - 2, column + (k % 5) - 2];
      if (r < 0 || r >= SIDE || c < 0 || c >= SIDE) continue;
      weight[(piece * SIDE + r) * SIDE + c] = kernels[25 * channel + k];
    }
  }
  const layer = nn.maxout(SIDE * SIDE, pieces / GROUP, GROUP);
  layer.weight.assign(tensor(weight, layer.weight.shape));
  layer.bias?.assign(tensor(biases));
  return layer;
}

export default experiment({
  name: "pooling-maxout",
  words,
  seconds: 55,
  seeds: 32,
  settings: { samples: 800, tested: 800, looked: 100, epochs: 8, batchSize: 50, lr: 0.003 },
  limits: { looked: "tested", tested: 10_000 },
  measures: {
    pooling: "%",
    maxout: "%",
    scattered: "%",
    relu: "%",
    "moved-pooling": "%",
    "moved-maxout": "%",
    "moved-scattered": "%",
    "moved-relu": "%",
    "change-pooling": "%",
    "change-maxout": "%",
    "change-relu": "%",
    difference: "",
  },
  comparisons: [
    ["pooling", "maxout", 1],
    ["pooling", "scattered", 1],
    ["pooling", "relu", 1],
    ["maxout", "relu", 1],
    ["moved-pooling", "moved-maxout", 1],
    ["moved-pooling", "moved-relu", 1],
    ["moved-maxout", "moved-relu", 1],
    ["change-pooling", "change-maxout", 5],
    ["change-maxout", "change-relu", 5],
  ],
  counted: {
    "parameters-pooling": "parameters",
    "parameters-maxout": "parameters",
    "parameters-relu": "parameters",
    "parameters-tied": "parameters",
    "products-pooling": "products",
    "products-maxout": "products",
    "products-relu": "products",
  },
  async trial(seed, { samples, tested, looked, ...rest }) {
    const [digits, unseen] = [onBlack(await trainingDigits(seed, samples)), onBlack(await testDigits(tested))];
    const training: Training = { seed, ...rest };
    const shifted = await Promise.all(DIRECTIONS.map(([down, right]) => moved(unseen, 2 * down, 2 * right)));
    const few = (await all(unseen.slice(0, looked))).x;
    const found: Record<string, number> = {};
    for (const way of Object.keys(ways) as Way[]) {
      const net = network(way, seed);
      const trainer = await train(net, digits, training);
      found[way] = await accuracy(trainer, unseen);
      let read = 0;
      for (const data of shifted) read += await accuracy(trainer, data);
      found[`moved-${way}`] = read / shifted.length;
      const changes = await invariance(net, "1", few, DIRECTIONS);
      found[`change-${way}`] = (100 * changes.reduce((sum, { change }) => sum + change, 0)) / changes.length;
      if (way === "pooling") found.difference = await tiedDifference(net, few.slice(0, 0, 20));
    }
    return { measures: found };
  },
  async counts({ batchSize }) {
    const counts: Record<string, number> = { "parameters-tied": (SIDE * SIDE + 1) * KERNELS * SIDE * SIDE };
    for (const way of ["pooling", "maxout", "relu"] as const) {
      counts[`parameters-${way}`] = parametersOf(nn.sequential(...first(way, 1)));
      counts[`products-${way}`] = await productsOfStep(network(way, 1), [1, SIDE, SIDE], batchSize);
    }
    return counts;
  },
});

/** Largest difference between max pooling's outputs and those of the maxout layer that stands for it. */
async function tiedDifference(net: nn.Sequential, x: Tensor): Promise<number> {
  const [conv, pool] = net.layers;
  const pooled = await nn.sequential(conv, pool, nn.flatten() as nn.Module).predict(x);
  const layer = await asMaxout(conv as ReturnType<typeof nn.conv2d>);
  return (await nn.sequential(nn.flatten(), layer).predict(x)).sub(pooled).abs().max().item();
}
