// An experiment: Is dropout really ensemble learning?
import { experiment } from "@tidu/cli/experiment";
import { Generator, nn, type Tensor } from "tidu";
import { dropoutEnsemble } from "tidu/insight";
import words from "./dropout-ensemble.words.js";
import { all, testDigits, trainingDigits } from "./lib/digits.js";
import { perceptron } from "./lib/network.js";
import { averaged, disagreement, drawn, judged, mean } from "./lib/scores.js";
import { train } from "./lib/train.js";

const UNITS = 192;
const P = 0.5;
/** Units of the network whose masks are all tried. */
const FEW = 10;

const dropping = () => perceptron(UNITS, () => [nn.dropout(P)]);
const plain = () => perceptron(UNITS);
/** As large as what a mask leaves on average. */
const thin = () => perceptron(UNITS * P);
/** Two of these have as many parameters together as the network with dropout: 2 · 94,615 for 189,706. */
const PAIR = 2;
const half = () => perceptron(105);
/** As many parameters as four of what a mask leaves: 342,870 for 4 · 85,642. */
const large = () => perceptron(310, () => [nn.dropout(P)]);
const tiny = () => nn.sequential(nn.flatten(), nn.linear(784, FEW), nn.relu(), nn.dropout(P), nn.linear(FEW, 10));

/** Factors of mean 1 and of the variance that dropout's have, p / (1 - p); but no unit is ever left out. */
class Noise extends nn.Module {
  readonly generator: Generator;

  constructor(seed: number) {
    super();
    this.generator = new Generator(seed);
  }

  override forward(x: Tensor): Tensor {
    if (!this.training) return x;
    const factors = this.generator.normal(x.shape).mul(Math.sqrt(P / (1 - P)));
    return x.mul(factors.add(1));
  }
}

const probabilities = (scores: readonly Tensor[]): Tensor[] => scores.map((y) => y.softmax(1));

/** All 2ⁿ networks that masks leave of a small one, against the one with all units. */
async function enumerated(net: nn.Module, x: Tensor, t: Tensor) {
  const { outputs, mean: average } = await dropoutEnsemble(net, x);
  const [masks, samples, classes] = outputs.shape;
  const scaled = await net.predict(x);
  const target = t
    .reshape([1, samples])
    .broadcastTo([masks, samples])
    .reshape([masks * samples]);
  const together = outputs.softmax(2).mean(0).log();
  const [probabilities, logits] = [await judged(together, t), await judged(average, t)];
  return {
    "few-single": (await judged(outputs.reshape([masks * samples, classes]), target)).accuracy,
    "few-average": probabilities.accuracy,
    "few-logits": logits.accuracy,
    "few-scaled": (await judged(scaled, t)).accuracy,
    "few-difference": await average.sub(scaled).abs().max().item(),
  };
}

export default experiment({
  name: "dropout-ensemble",
  words,
  seconds: 75,
  seeds: 32,
  settings: {
    samples: 1000,
    tested: 1000,
    looked: 100,
    draws: 20,
    members: 4,
    epochs: 12,
    batchSize: 50,
    lr: 0.003,
    fewLr: 0.005,
  },
  limits: { looked: "tested", tested: 10_000 },
  measures: {
    "few-single": "%",
    "few-average": "%",
    "few-logits": "%",
    "few-scaled": "%",
    "few-difference": "",
    plain: "%",
    single: "%",
    average: "%",
    scaled: "%",
    noise: "%",
    "apart-single": "%",
    "apart-average": "%",
    "pair-average": "%",
    large: "%",
    "untaught-single": "%",
    "untaught-average": "%",
    "disagree-masks": "%",
    "disagree-apart": "%",
  },
  comparisons: [
    ["scaled", "average", 0.5],
    ["scaled", "single", 0.5],
    ["scaled", "plain", 0.5],
    ["scaled", "pair-average", 0.5],
    ["scaled", "apart-average", 0.5],
    ["large", "apart-average", 0.5],
    ["apart-average", "apart-single", 0.5],
    ["noise", "scaled", 0.5],
    ["untaught-average", "plain", 0.5],
    ["disagree-masks", "disagree-apart", 2],
    ["few-scaled", "few-logits", 0.5],
    ["few-scaled", "few-average", 0.5],
  ],
  async trial(seed, { samples, tested, looked, draws, members, fewLr, ...rest }) {
    const [digits, unseen] = [await trainingDigits(seed, samples), await testDigits(tested)];
    const { x, t } = await all(unseen);
    const few = await all(unseen.slice(0, looked));
    const learn = async (net: nn.Module, member = 0): Promise<nn.Module> =>
      (await train(net, digits, { ...rest, seed: seed + 1000 * member })).net;
    const accuracy = async (scores: Tensor) => (await judged(scores, t)).accuracy;
    const accuracies = async (all: readonly Tensor[]) => mean(await Promise.all(all.map(accuracy)));
    const several = async (make: () => nn.Module, count = members) => {
      const scores: Tensor[] = [];
      for (let member = 0; member < count; member++) scores.push(await (await learn(make(), member)).predict(x));
      return scores;
    };

    const [whole, without] = [await learn(dropping()), await learn(plain())];
    const masked = await drawn(whole, x, draws, seed);
    // Dropout takes no part in initial weights, so that the same ones, unused to being dropped, can be tried with masks.
    const untaught = dropping();
    untaught.parameters().forEach((p, i) => p.assign(without.parameters()[i]));
    const unused = await drawn(untaught, x, draws, seed);
    const [apart, pair] = [await several(thin), await several(half, PAIR)];
    return {
      measures: {
        ...(await enumerated((await train(tiny(), digits, { ...rest, seed, lr: fewLr })).net, few.x, few.t)),
        plain: await accuracy(await without.predict(x)),
        single: await accuracies(masked),
        average: await accuracy(averaged(probabilities(masked))),
        scaled: await accuracy(await whole.predict(x)),
        noise: await accuracy(await (await learn(perceptron(UNITS, () => [new Noise(seed)]))).predict(x)),
        "apart-single": await accuracies(apart),
        "apart-average": await accuracy(averaged(probabilities(apart))),
        "pair-average": await accuracy(averaged(probabilities(pair))),
        large: await accuracy(await (await learn(large())).predict(x)),
        "untaught-single": await accuracies(unused),
        "untaught-average": await accuracy(averaged(probabilities(unused))),
        "disagree-masks": await disagreement(masked),
        "disagree-apart": await disagreement(apart),
      },
    };
  },
});
