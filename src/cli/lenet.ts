import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Dataset, mnist } from "../data/index.js";
import { TiduError } from "../base/errors.js";
import { device, loss, nn, optim, regularize, save, tensor, Trainer } from "../index.js";
import { WasmDevice } from "../runtime/wasm/device.js";
import { confusionMatrix } from "./ui/confusion.js";
import { learningCurve } from "./ui/curve.js";
import { type DigitImage, digits } from "./ui/digits.js";
import { formatBytes, formatDuration, formatPercent } from "./ui/format.js";
import { createReporter } from "./ui/progress.js";
import { usesColor } from "./ui/terminal.js";

/** LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998) with ReLU and max pooling, as it is built today. */
const lenet = () =>
  nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(6, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    nn.linear(400, 120), nn.relu(), nn.linear(120, 84), nn.relu(), nn.dropout(0.5), nn.linear(84, 10),
  );

interface Config {
  epochs: number;
  batchSize: number;
  lr: number;
  momentum: number;
  l2: number;
  seed: number;
}

function readConfig(): Config {
  const { values } = parseArgs({
    options: { epochs: { type: "string" }, "batch-size": { type: "string" }, lr: { type: "string" }, seed: { type: "string" } },
  });
  const number = (text: string | undefined, or: number): number => (text === undefined ? or : Number(text));
  return {
    epochs: number(values.epochs, 3),
    batchSize: number(values["batch-size"], 64),
    lr: number(values.lr, 0.05),
    momentum: 0.9,
    l2: 1e-4,
    seed: number(values.seed, 1),
  };
}

/** Trains, draws its progress, and returns the curves. */
async function train(net: nn.Sequential, data: { train: Dataset; test: Dataset }, config: Config, metrics: object[]) {
  const trainer = new Trainer(net, {
    loss: loss.crossEntropy,
    optimizer: optim.sgd({ lr: config.lr, momentum: config.momentum }),
    regularize: regularize.l2(config.l2),
    seed: config.seed,
  });
  const curve: number[] = [];
  const tests: number[] = [];
  const reporter = createReporter(process.stdout);
  let start = performance.now();
  const onStep = (s: { epoch: number; step: number; steps: number; loss: number; accuracy?: number }) => {
    curve.push(s.loss);
    if (s.step === 1) start = performance.now();
    const perStep = (performance.now() - start) / 1000 / Math.max(1, s.step - 1);
    const left = (s.steps - s.step + (config.epochs - s.epoch) * s.steps) * perStep;
    reporter.step({ ...s, epochs: config.epochs, samplesPerSecond: config.batchSize / perStep, secondsLeft: left });
  };
  try {
    const { epochs, batchSize } = config;
    for await (const e of trainer.fit(data.train, { epochs, batchSize, validation: data.test, onStep })) {
      const { validation, ...rest } = e;
      reporter.epoch({ ...rest, epochs, testLoss: validation?.loss, testAccuracy: validation?.accuracy });
      tests.push(validation?.loss ?? Number.NaN);
      metrics.push(e);
    }
    return { trainer, curve, tests };
  } finally {
    reporter.close();
  }
}

/** Classes that the network gives to every image of a data set. */
async function classify(net: nn.Sequential, data: Dataset): Promise<Int32Array> {
  const found = new Int32Array(data.count);
  const size = 500;
  for (let from = 0; from < data.count; from += size) {
    const rows = Int32Array.from({ length: Math.min(size, data.count - from) }, (_, i) => from + i);
    const scores = await net.predict(data.batch(tensor(rows)).x);
    found.set((await scores.argmax(1).data()) as Int32Array, from);
  }
  return found;
}

function mistakes(images: Uint8Array, truth: ArrayLike<number>, found: Int32Array, most: number): DigitImage[] {
  const wrong = [...found.keys()].filter((i) => found[i] !== truth[i]).slice(0, most);
  return wrong.map((i) => ({
    pixels: images.subarray(i * 784, (i + 1) * 784),
    width: 28,
    height: 28,
    truth: String(truth[i]),
    predicted: String(found[i]),
  }));
}

async function main(): Promise<void> {
  const config = readConfig();
  const data = await mnist();
  const net = lenet();
  const engine = device();
  const threads = engine instanceof WasmDevice ? engine.threads : 1;
  console.log(`LeNet-5 on MNIST: ${data.train.count} images to learn from, ${data.test.count} to be tested on`);
  console.log(`${net.summary([1, 28, 28], { batchSize: config.batchSize })}`);
  console.log(`${threads} threads, Node ${process.versions.node}\n`);

  const metrics: object[] = [];
  const start = performance.now();
  const { trainer, curve, tests } = await train(net, data, config, metrics);
  const seconds = (performance.now() - start) / 1000;

  const color = usesColor(process.stdout);
  const series = [
    { label: "train loss", values: curve },
    { label: "test loss", values: tests },
  ];
  console.log(`\n${learningCurve(series, { xMax: config.epochs, xLabel: "epoch", yLabel: "loss", color })}\n`);
  const found = await classify(net, data.test);
  const truth = await data.test.targets.data();
  const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  found.forEach((f, i) => {
    counts[truth[i]][f]++;
  });
  console.log(`${confusionMatrix(counts, [...(data.test.classes ?? [])], { color })}\n`);
  const images = (await data.test.inputs.data()) as Uint8Array;
  console.log(`${digits(mistakes(images, truth, found, 8), process.stdout.columns ?? 80, { color })}\n`);

  const name = `${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}-lenet`;
  const directory = join("runs", name);
  await mkdir(directory, { recursive: true });
  await save(net, join(directory, "model.safetensors"));
  await writeFile(join(directory, "metrics.jsonl"), `${metrics.map((m) => JSON.stringify(m)).join("\n")}\n`);
  await writeFile(join(directory, "config.json"), `${JSON.stringify({ model: String(net), ...config, threads }, null, 2)}\n`);

  const { accuracy = 0 } = await trainer.evaluate(data.test);
  if (engine instanceof WasmDevice) console.log(`peak engine memory ${formatBytes(engine.memory.peak)}`);
  console.log(`trained in ${formatDuration(seconds)}; saved to ${directory}`);
  console.log(`test accuracy ${formatPercent(accuracy)}`);
}

main().catch((error: unknown) => {
  if (!(error instanceof TiduError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
});
