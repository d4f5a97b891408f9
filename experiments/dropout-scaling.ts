// An experiment: Why multiply by 1 − p?
import { experiment } from "@tidu/cli/experiment";
import { compile, nn, type Tensor, tensor, Variable, zeros } from "tidu";
import words from "./dropout-scaling.words.js";
import { all, testDigits, trainingDigits } from "./lib/digits.js";
import { drawn, judged } from "./lib/scores.js";
import { train } from "./lib/train.js";

const UNITS = 256;
const RATES = [0.2, 0.5, 0.8];
const HALF = 0.5;
/** What the units are multiplied by in use. */
const FACTORS = Array.from({ length: 30 }, (_, i) => (i + 1) / 20);
const SHOWN = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5];

/** Three linear layers with ReLU and something after each of the first two. */
const network = (linear: readonly nn.Module[], after: () => nn.Module) =>
  nn.sequential(
    ...([nn.flatten(), linear[0], nn.relu(), after()] as nn.Module[]),
    ...([linear[1], nn.relu(), after()] as nn.Module[]),
    linear[2],
  );
const layers = () => [nn.linear(784, UNITS), nn.linear(UNITS, UNITS), nn.linear(UNITS, 10)];

/** Multiplies by a number that can be changed without compiling anew. */
class Times extends nn.Module {
  constructor(readonly factor: Variable) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

/** A network's loss and accuracy by what its units are multiplied by. */
async function byFactor(linear: readonly nn.Module[], x: Tensor, t: Tensor) {
  const factor = new Variable(zeros([1]));
  const net = network(linear, () => new Times(factor));
  const run = compile((input: Tensor) => net.forward(input));
  const judge = async (by: number) => {
    factor.assign(tensor([by]));
    return judged(await run(x), t);
  };
  const found = new Map<number, { loss: number; accuracy: number }>();
  for (const by of new Set([...FACTORS, ...SHOWN])) found.set(by, await judge(by));
  return found;
}

/** Mean of the second layer's sums, its biases left out, in learning by that in use, where nothing is dropped. */
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
  seconds: 60,
  seeds: 8,
  settings: { samples: 1000, tested: 4000, looked: 200, draws: 100, epochs: 20, batchSize: 50, lr: 0.001 },
  limits: { looked: "tested", tested: 10_000 },
  measures: {
    "sum-20": "",
    "sum-50": "",
    "sum-80": "",
    "best-20": "",
    "best-50": "",
    "best-80": "",
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
  },
  comparisons: [
    ["loss-forgotten-20", "loss-scaled-20"],
    ["loss-forgotten-50", "loss-scaled-50"],
    ["loss-forgotten-80", "loss-scaled-80"],
    ["loss-inverted-50", "loss-scaled-50"],
    ["loss-everything-50", "loss-scaled-50"],
    ["forgotten-20", "scaled-20"],
    ["forgotten-50", "scaled-50"],
    ["forgotten-80", "scaled-80"],
    ["inverted-50", "scaled-50"],
    ["everything-50", "scaled-50"],
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
    const learn = async (p: number, scale: "training" | "test") => {
      const linear = layers();
      await train(
        network(linear, () => nn.dropout(p, { scale })),
        digits,
        { seed, ...rest },
      );
      return linear;
    };
    const measures: Record<string, number> = {};
    const note = (what: string, p: number, { loss, accuracy }: { loss: number; accuracy: number }) => {
      measures[`loss-${what}-${name(p)}`] = loss;
      measures[`${what}-${name(p)}`] = accuracy;
    };
    const curves: Record<string, number[]> = {};
    for (const p of RATES) {
      const linear = await learn(p, "test");
      const found = await byFactor(linear, x, t);
      const at = (by: number) => found.get(by) as { loss: number; accuracy: number };
      const kept = FACTORS[Math.round(20 * (1 - p)) - 1];
      note("scaled", p, at(kept));
      note("forgotten", p, at(1));
      measures[`best-${name(p)}`] = FACTORS.reduce((a, b) => (at(b).loss < at(a).loss ? b : a));
      measures[`sum-${name(p)}`] = await sums(linear, p, few, draws, seed);
      if (p !== HALF) continue;
      note("everything", p, await everything(linear, 1 - p, x, t));
      curves["loss-by-factor"] = SHOWN.map((by) => at(by).loss);
      curves["accuracy-by-factor"] = SHOWN.map((by) => at(by).accuracy);
    }
    note(
      "inverted",
      HALF,
      (await byFactor(await learn(HALF, "training"), x, t)).get(1) as { loss: number; accuracy: number },
    );
    return { measures, curves };
  },
});
