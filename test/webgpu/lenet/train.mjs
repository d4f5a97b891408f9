// LeNet-5 on all of MNIST, the same wherever it runs: in Node, in Deno and in a page.
import { loss, nn, optim, Trainer } from "tidu";
import { dataset, decodeIdx } from "tidu/data";

/** What must be reached on the 10,000 digits that nobody trained on. */
export const LEAST = 0.987;

const FILES = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];

/**
 * @param {(name: string) => Promise<Uint8Array>} read a file of MNIST
 * @param {{ epochs: number, samples: number, tests: number, say: (line: string) => void }} options
 * @returns {Promise<number>} the share of the test digits that are told right
 */
export async function trainLenet(read, { epochs, samples, tests, say }) {
  const files = await Promise.all(FILES.map(async (name) => decodeIdx(await read(`${name}-ubyte`), name).data));
  const [images, labels, testImages, testLabels] = files.map((data) => Uint8Array.from(data));
  const standard = { transform: (/** @type {import("tidu").Tensor} */ x) => x.toFloat().sub(33.3285).div(78.5655) };
  const train = dataset(images, [1, 28, 28], labels, standard).slice(0, samples);
  const test = dataset(testImages, [1, 28, 28], testLabels, standard).slice(0, tests);
  const net = nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }),
    nn.relu(),
    nn.maxPool2d(2),
    nn.conv2d(6, 16, 5),
    nn.relu(),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.linear(400, 120),
    nn.relu(),
    nn.linear(120, 84),
    nn.relu(),
    nn.linear(84, 10),
  );
  const optimizer = optim.adam({ lr: 0.003 });
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer, seed: 1 });
  // The learning rate falls in a straight line to 0.
  const schedule = optim.schedule.polynomial({ epochs });
  const start = performance.now();
  let done = 0;
  const onStep = (/** @type {{ steps?: number, loss: number }} */ { steps = 0, loss }) => {
    done++;
    const seconds = (performance.now() - start) / 1000;
    if (done % 100 === 0) say(`step ${done} of ${epochs * steps}: loss ${loss.toFixed(4)}, ${seconds.toFixed(0)} s`);
  };
  for await (const _ of trainer.fit(train, { epochs, batchSize: 32, schedule, scheduleBy: "step", onStep }));
  const { accuracy = 0 } = await trainer.evaluate(test);
  return accuracy;
}
