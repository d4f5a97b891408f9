// An experiment: Are both operations convolution?
import { experiment } from "@tidu/cli/experiment";
import { nn, signal, type Tensor } from "tidu";
import words from "./flip-or-not.words.js";
import { all, onBlack, testDigits, trainingDigits } from "./lib/digits.js";
import { accuracy, asItIs, type Training, train } from "./lib/train.js";

type Kernels = ReturnType<typeof nn.conv2d>;

/** Convolution by the book: to flip the kernel is to flip the image before correlating, and the result after. */
class Flipped extends nn.Module {
  readonly conv: Kernels;

  constructor(...given: Parameters<typeof nn.conv2d>) {
    super();
    this.conv = nn.conv2d(...given);
  }

  override forward(x: Tensor): Tensor {
    return this.conv.forward(x.flip([2, 3])).flip([2, 3]);
  }
}

/** The same network with one operation or the other; its layers of kernels and its last layer. */
function network(make: (...given: Parameters<typeof nn.conv2d>) => Kernels | Flipped) {
  const [first, second, last] = [make(1, 8, 5, { padding: 2 }), make(8, 16, 5), nn.linear(400, 10)];
  const net = nn.sequential(
    ...[first, nn.relu(), nn.maxPool2d(2)],
    ...[second, nn.relu(), nn.maxPool2d(2)],
    ...[nn.flatten(), last],
  );
  return { net, layers: [kernelsOf(first), kernelsOf(second), last] };
}
type Network = ReturnType<typeof network>;

const kernelsOf = (layer: Kernels | Flipped): Kernels => (layer instanceof Flipped ? layer.conv : layer);
const correlating = () => network(nn.conv2d);
const convolving = () => network((...given) => new Flipped(...given));

/** Gives a network the weights of another, kernels as they are or mirrored. */
async function copy(from: Network, to: Network, mirrored: boolean): Promise<void> {
  for (const [i, { weight, bias }] of from.layers.entries()) {
    const turned = mirrored && weight.rank === 4 ? weight.flip([2, 3]) : weight;
    to.layers[i].weight.assign((await turned.add(0).realize()).detach());
    to.layers[i].bias?.assign((await (bias as Tensor).add(0).realize()).detach());
  }
}

/** Largest difference between two networks' scores. */
const distance = async (a: Network, b: Network, x: Tensor): Promise<number> =>
  (await a.net.predict(x))
    .sub(await b.net.predict(x))
    .abs()
    .max()
    .item();

/** By how much an operation changes if signal and kernel change places: the largest difference by the largest value. */
async function orderMatters(operation: typeof signal.convolve2d, image: Tensor, kernel: Tensor): Promise<number> {
  const [a, b] = [operation(image, kernel), operation(kernel, image)];
  return (100 * (await a.sub(b).abs().max().item())) / (await a.abs().max().item());
}

export default experiment({
  name: "flip-or-not",
  words,
  seconds: 45,
  seeds: 32,
  settings: { samples: 800, tested: 1000, epochs: 6, batchSize: 50, lr: 0.002 },
  measures: {
    correlation: "%",
    mirrored: "%",
    convolution: "%",
    another: "%",
    exchanged: "%",
    "exchanged-mirrored": "%",
    "difference-before": "",
    "difference-after": "",
    "order-convolution": "%",
    "order-correlation": "%",
  },
  comparisons: [
    ["mirrored", "correlation", 0.5],
    ["convolution", "correlation", 0.5],
    ["another", "correlation", 0.5],
    ["exchanged", "correlation", 0.5],
    ["exchanged-mirrored", "correlation", 0.5],
    ["order-correlation", "order-convolution", 10],
  ],
  async trial(seed, { samples, tested, ...rest }) {
    const [digits, unseen] = [onBlack(await trainingDigits(seed, samples)), onBlack(await testDigits(tested))];
    const training: Training = { seed, ...rest };
    const { x } = await all(unseen.slice(0, Math.min(500, tested)));

    const [correlation, mirrored, convolution] = [correlating(), convolving(), convolving()];
    correlation.net.initialize(seed);
    await copy(correlation, mirrored, true);
    const before = await distance(correlation, mirrored, x);
    const plain = await train(correlation.net, digits, training);
    const results = {
      correlation: await accuracy(plain, unseen),
      mirrored: await accuracy(await train(mirrored.net, digits, training), unseen),
      // The same numbers to begin with, which here are other kernels.
      convolution: await accuracy(await train(convolution.net, digits, training), unseen),
      another: await accuracy(await train(correlating().net, digits, { ...training, seed: 1000 + seed }), unseen),
    };
    const after = await distance(correlation, mirrored, x);

    const exchanged: number[] = [];
    for (const turn of [false, true]) {
      const other = convolving();
      await copy(correlation, other, turn);
      exchanged.push(await accuracy(asItIs(other.net), unseen));
    }
    const [image, kernel] = [x.slice(0, 0, 1).reshape([28, 28]), correlation.layers[0].weight];
    const first = kernel.slice(0, 0, 1).reshape([5, 5]);
    return {
      measures: {
        ...results,
        exchanged: exchanged[0],
        "exchanged-mirrored": exchanged[1],
        "difference-before": before,
        "difference-after": after,
        "order-convolution": await orderMatters(signal.convolve2d, image, first),
        "order-correlation": await orderMatters(signal.correlate2d, image, first),
      },
    };
  },
});
