// An experiment: Why multiply by 1 − p?
import { experiment } from "@tidu/cli/experiment";
import { compile, nn, type Tensor, tensor, Variable, zeros } from "tidu";
import words from "./dropout-scaling.words.js";
import { all, testDigits, trainingDigits } from "./lib/digits.js";
import { drawn, judged } from "./lib/scores.js";
import { train } from "./lib/train.js";

const UNITS = 192;
const RATES = [0.2, 0.5, 0.8];
const HALF = 0.5;
/** Without biases a network's scores all grow together with its units. */
const BARE = 0.8;
/** Between these the factor of the lowest loss is looked for. */
const [LEAST, MOST] = [0.05, 1.5];
/** What the units are multiplied by in use, in the curves. */
const SHOWN = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5];

/** Three linear layers with ReLU and something after each of the first two. */
const network = (linear: readonly nn.Module[], after: () => nn.Module) =>
  nn.sequential(
    ...([nn.flatten(), linear[0], nn.relu(), after()] as nn.Module[]),
    ...([linear[1], nn.relu(), after()] as nn.Module[]),
    linear[2],
  );
const layers = (bias = true) => [
  nn.linear(784, UNITS, { bias }),
  nn.linear(UNITS, UNITS, { bias }),
  nn.linear(UNITS, 10, { bias }),
];

/** Multiplies by a number that can be changed without compiling anew. */
class Times extends nn.Module {
  constructor(readonly factor: Variable) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

interface Judged {
  readonly loss: number;
  readonly accuracy: number;
}

/** A network's loss and accuracy by what its units are multiplied by. */
function byFactor(linear: readonly nn.Module[], x: Tensor, t: Tensor): (factor: number) => Promise<Judged> {
  const factor = new Variable(zeros([1]));
  const net = network(linear, () => new Times(factor));
  const run = compile((input: Tensor) => net.forward(input));
  return async (by) => {
    factor.assign(tensor([by]));
    return judged(await run(x), t);
  };
}

/** The factor of the lowest loss, to 0.001: golden section search (Kiefer, 1953), for a loss with one minimum. */
async function bestFactor(at: (factor: number) => Promise<Judged>): Promise<number> {
  const share = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [LEAST, MOST];
  let [left, right] = [high - share * (high - low), low + share * (high - low)];
  let [atLeft, atRight] = [await at(left), await at(right)];
  while (high - low > 0.001) {
    if (atLeft.loss < atRight.loss) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - share * (high - low);
      atLeft = await at(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + share * (high - low);
      atRight = await at(right);
    }
  }
  return (low + high) / 2;
}

/** Mean of the second layer's sums without biases: that during training divided by that at inference, where nothing is dropped. */
async function sums(linear: readonly nn.Module[], p: number, x: Tensor, draws: number, seed: number) {
  const [first, second] = linear as ReturnType<typeof layers>;
  const bias = second.bias as Tensor;
  const dropping = nn.sequential(nn.flatten(), first, nn.relu(), nn.dropout(p, { scale: "test" }), second as nn.Module);
  const whole = nn.sequential(nn.flatten(), first, nn.relu(), second as nn.Module);
  const size = async (y: Tensor) => y.sub(bias).abs().mean().item();
  const learning = (await drawn(dropping, x, draws, seed)).reduce((sum, y) => sum.add(y)).div(draws);
  return (await size(learning)) / (await size(await whole.predict(x)));
}

/** All weights and biases multiplied, and nothing else: what the notes' sentence says to the letter. */
async function everything(linear: readonly nn.Module[], by: number, x: Tensor, t: Tensor) {
  const shrunk = layers();
  for (const [i, layer] of shrunk.entries()) {
    const own = linear[i].parameters();
    for (const [j, p] of layer.parameters().entries()) p.assign((await own[j].mul(by).realize()).detach());
  }
  return judged(await network(shrunk, () => nn.dropout(0)).predict(x), t);
}

const name = (p: number): string => String(Math.round(100 * p));

export default experiment({
  name: "dropout-scaling",
  words,
  seconds: 50,
  seeds: 32,
  settings: { samples: 1000, tested: 600, looked: 100, draws: 50, epochs: 12, batchSize: 50, lr: 0.003 },
  limits: { looked: "tested", tested: 10_000 },
  measures: {
    "sum-20": "",
    "sum-50": "",
    "sum-80": "",
    "best-20": "",
    "best-50": "",
    "best-80": "",
    "kept-20": "",
    "kept-50": "",
    "kept-80": "",
    "loss-scaled-20": "",
    "loss-forgotten-20": "",
    "loss-scaled-50": "",
    "loss-forgotten-50": "",
    "loss-scaled-80": "",
    "loss-forgotten-80": "",
    "loss-inverted-50": "",
    "loss-everything-50": "",
    "scaled-20": "%",
    "forgotten-20": "%",
    "scaled-50": "%",
    "forgotten-50": "%",
    "scaled-80": "%",
    "forgotten-80": "%",
    "inverted-50": "%",
    "everything-50": "%",
    "bare-scaled-80": "%",
    "bare-forgotten-80": "%",
  },
  comparisons: [
    ["sum-20", "kept-20", 0.02],
    ["sum-50", "kept-50", 0.02],
    ["sum-80", "kept-80", 0.02],
    ["best-20", "kept-20", 0.05],
    ["best-50", "kept-50", 0.05],
    ["best-80", "kept-80", 0.05],
    ["loss-forgotten-20", "loss-scaled-20", 0.05],
    ["loss-forgotten-50", "loss-scaled-50", 0.05],
    ["loss-forgotten-80", "loss-scaled-80", 0.05],
    ["loss-inverted-50", "loss-scaled-50", 0.05],
    ["loss-everything-50", "loss-scaled-50", 0.05],
    ["forgotten-20", "scaled-20", 0.5],
    ["forgotten-50", "scaled-50", 0.5],
    ["forgotten-80", "scaled-80", 0.5],
    ["bare-forgotten-80", "bare-scaled-80", 0.5],
    ["inverted-50", "scaled-50", 0.5],
    ["everything-50", "scaled-50", 0.5],
  ],
  curves: {
    "loss-by-factor": { unit: "", x: { label: words.factor, unit: "", values: SHOWN } },
    "accuracy-by-factor": { unit: "%", x: { label: words.factor, unit: "", values: SHOWN } },
  },
  async trial(seed, { samples, tested, looked, draws, ...rest }) {
    const digits = await trainingDigits(seed, samples);
    const unseen = await testDigits(tested);
    const { x, t } = await all(unseen);
    const few = (await all(unseen.slice(0, looked))).x;
    const learn = async (p: number, scale: "training" | "test", bias?: boolean) => {
      const linear = layers(bias);
      const net = network(linear, () => nn.dropout(p, { scale }));
      await train(net, digits, { seed, ...rest });
      return linear;
    };
    const measures: Record<string, number> = {};
    const note = (what: string, p: number, { loss, accuracy }: Judged) => {
      measures[`loss-${what}-${name(p)}`] = loss;
      measures[`${what}-${name(p)}`] = accuracy;
    };
    const curves: Record<string, number[]> = { "loss-by-factor": [], "accuracy-by-factor": [] };
    for (const p of RATES) {
      const linear = await learn(p, "test");
      const at = byFactor(linear, x, t);
      note("scaled", p, await at(1 - p));
      note("forgotten", p, await at(1));
      measures[`kept-${name(p)}`] = 1 - p;
      measures[`best-${name(p)}`] = await bestFactor(at);
      measures[`sum-${name(p)}`] = await sums(linear, p, few, draws, seed);
      if (p !== HALF) continue;
      note("everything", p, await everything(linear, 1 - p, x, t));
      for (const by of SHOWN) {
        const { loss, accuracy } = await at(by);
        curves["loss-by-factor"].push(loss);
        curves["accuracy-by-factor"].push(accuracy);
      }
    }
    note("inverted", HALF, await byFactor(await learn(HALF, "training"), x, t)(1));
    const bare = byFactor(await learn(BARE, "test", false), x, t);
    measures["bare-scaled-80"] = (await bare(1 - BARE)).accuracy;
    measures["bare-forgotten-80"] = (await bare(1)).accuracy;
    return { measures, curves };
  },
});
