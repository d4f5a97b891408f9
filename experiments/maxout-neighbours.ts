// An experiment: Must maxout group neighbors?
import { experiment } from "@tidu/cli/experiment";
import { Generator, nn, type Tensor, tensor } from "tidu";
import { all, order, testDigits, trainingDigits } from "./lib/digits.js";
import { accuracy, type Training, train } from "./lib/train.js";
import words from "./maxout-neighbours.words.js";

const PIECES = 240;
const K = 4;
/** Numbers of pieces for each unit, with as many pieces in all. */
const SIZES = [1, 2, K, 8, 12];
/** Groupings that random regrouping draws from. */
const DRAWN = 64;

/** Which pieces compete: unit j takes the largest of the pieces at the places j·k … j·k + k - 1. */
type Grouping = (pieces: Tensor) => Tensor;

/** The units are k neighbors each. */
const neighbours: Grouping = (pieces) => pieces;
/** Unit j has the pieces j, j + m, j + 2m, …, as far apart as can be. */
const apart = Int32Array.from({ length: PIECES }, (_, i) => Math.floor(i / K) + (i % K) * (PIECES / K));
const fixed =
  (places: Int32Array): Grouping =>
  (pieces) =>
    pieces.gather(tensor(places), 1);

/** Another grouping in each step of learning, one of many; in use always the same. */
function changing(layer: nn.Module, seed: number): Grouping {
  const table = Int32Array.from({ length: DRAWN * PIECES }, (_, i) => orders[Math.floor(i / PIECES)][i % PIECES]);
  const generator = new Generator(seed);
  return (pieces) => {
    if (!layer.training) return pieces;
    const row = generator.uniform([1]).mul(DRAWN).toInt();
    return pieces.gather(tensor(table, [DRAWN, PIECES]).gather(row).reshape([PIECES]), 1);
  };
}
const orders = Array.from({ length: DRAWN }, (_, i) => order(PIECES, i));

/** Maxout whose units are any pieces, with `nn.maxout`'s weights. */
class Maxout extends nn.Module {
  readonly linear = nn.linear(784, PIECES);
  readonly grouping: Grouping;

  constructor(
    readonly k: number,
    grouping: (layer: nn.Module) => Grouping,
  ) {
    super();
    this.grouping = grouping(this);
  }

  override forward(x: Tensor): Tensor {
    const pieces = this.grouping(this.linear.forward(x));
    return pieces.reshape([x.shape[0], PIECES / this.k, this.k]).max(2);
  }
}

const network = (grouping: (layer: nn.Module) => Grouping, k = K) =>
  nn.sequential(nn.flatten(), new Maxout(k, grouping), nn.linear(PIECES / k, 10));

/** Gives every unit of a network the pieces that it has in another, by the other's grouping. */
async function startAs(net: ReturnType<typeof network>, other: typeof net, places: Int32Array, seed: number) {
  other.initialize(seed);
  const [own, its] = [net, other].map((n) => (n.layers[1] as Maxout).linear);
  own.weight.assign(await copied(its.weight, places));
  own.bias?.assign(await copied(its.bias as Tensor, places));
  const [last, itsLast] = [net.layers[2], other.layers[2]];
  last.weight.assign((await itsLast.weight.realize()).detach());
  last.bias?.assign((await (itsLast.bias as Tensor).realize()).detach());
}

/** Row i of the other becomes row places[i]. */
async function copied(rows: Tensor, places: Int32Array): Promise<Tensor> {
  const from = new Int32Array(places.length);
  places.forEach((place, i) => {
    from[place] = i;
  });
  return (await rows.gather(tensor(from)).realize()).detach();
}

/** Largest difference between two networks' scores. */
async function distance(a: nn.Module, b: nn.Module, x: Tensor): Promise<number> {
  return (await a.predict(x))
    .sub(await b.predict(x))
    .abs()
    .max()
    .item();
}

export default experiment({
  name: "maxout-neighbours",
  words,
  seconds: 45,
  seeds: 32,
  settings: { samples: 1000, tested: 1000, epochs: 7, batchSize: 50, lr: 0.002 },
  measures: {
    neighbors: "%",
    apart: "%",
    random: "%",
    changing: "%",
    single: "%",
    moved: "%",
    difference: "",
  },
  comparisons: [
    ["apart", "neighbors", 0.5],
    ["random", "neighbors", 0.5],
    ["moved", "neighbors", 0.5],
    ["changing", "neighbors", 0.5],
    ["single", "neighbors", 0.5],
  ],
  curves: { "by-pieces": { unit: "%", x: { label: words.pieces, unit: "", values: SIZES } } },
  async trial(seed, { samples, tested, ...rest }) {
    const [digits, unseen] = [await trainingDigits(seed, samples), await testDigits(tested)];
    const training: Training = { seed, ...rest };
    const measured = async (net: nn.Module) => accuracy(await train(net, digits, training), unseen);

    const plain = network(() => neighbours);
    const moved = network(() => fixed(apart));
    await startAs(moved, plain, apart, seed);
    const results = {
      neighbors: await measured(plain),
      moved: await measured(moved),
      apart: await measured(network(() => fixed(apart))),
      random: await measured(network(() => fixed(order(PIECES, DRAWN + seed)))),
      changing: await measured(network((layer) => changing(layer, seed))),
      difference: await distance(plain, moved, (await all(unseen.slice(0, Math.min(500, tested)))).x),
    };
    const curve = [];
    for (const k of SIZES) curve.push(k === K ? results.neighbors : await measured(network(() => neighbours, k)));
    return { measures: { ...results, single: curve[0] }, curves: { "by-pieces": curve } };
  },
});
