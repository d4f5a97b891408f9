import { NumericError, TiduError } from "../base/errors.js";
import { type Dataset, mnist } from "../data/index.js";
import type { Module } from "../nn/index.js";
import { crossEntropy } from "../nn/loss.js";
import { l2 } from "../nn/regularize.js";
import { sgd } from "../optim/index.js";
import { WasmDevice } from "../runtime/wasm/device.js";
import { setDevice } from "../tensor/realizer.js";
import { Trainer } from "../train/index.js";
import { lenet } from "./network.js";
import { type Config, readOptions, USAGE } from "./options.js";
import { drawHistory, drawMistakes } from "./results.js";
import { RunFolder } from "./run-folder.js";
import { train } from "./training.js";
import { formatBytes, formatDuration, formatPercent } from "./ui/format.js";
import { usesColor } from "./ui/terminal.js";

const COLUMNS = 80;

async function main(args: string[]): Promise<void> {
  const config = readOptions(args);
  if (config === undefined) return console.log(USAGE);
  const engine = new WasmDevice({ threads: config.threads });
  setDevice(engine);
  const data = await loadData(config);
  const net = lenet();
  const folder = await RunFolder.create("runs", "lenet");
  await folder.saveConfig({ model: String(net), ...config, threads: engine.threads, node: process.versions.node });
  console.log(introduction(net, data, config, engine));

  const start = performance.now();
  const history = await trainAndSave(net, data, config, folder);
  const seconds = (performance.now() - start) / 1000;

  const { stdout } = process;
  const color = usesColor(stdout);
  console.log(`\n${drawHistory(history, color)}\n`);
  for (const drawing of await drawMistakes(net, data.test, stdout.columns ?? COLUMNS, color)) {
    console.log(`${drawing}\n`);
  }
  console.log(`peak engine memory ${formatBytes(engine.memory.peak)}`);
  console.log(`trained in ${formatDuration(seconds)}; saved to ${folder.path}`);
  console.log(`test accuracy ${formatPercent(history.epochs.at(-1)?.validation?.accuracy ?? Number.NaN)}`);
}

async function loadData({ samples }: Config): Promise<{ train: Dataset; test: Dataset }> {
  const { train, test } = await mnist();
  return { train: samples < train.count ? train.slice(0, samples) : train, test };
}

function introduction(
  net: Module,
  { train, test }: { train: Dataset; test: Dataset },
  { batchSize }: Config,
  { threads }: WasmDevice,
): string {
  const count = (n: number): string => n.toLocaleString("en");
  return [
    `LeNet-5 on MNIST: ${count(train.count)} images to learn from, ${count(test.count)} to be tested on`,
    String(net.summary(train.inputShape, { batchSize })),
    `${threads} ${threads === 1 ? "thread" : "threads"}, Node ${process.versions.node}\n`,
  ].join("\n");
}

/** Saves the model after each epoch, so that whatever ends the run early, the last epoch is not lost. */
async function trainAndSave(net: Module, data: { train: Dataset; test: Dataset }, config: Config, folder: RunFolder) {
  const trainer = new Trainer(net, {
    loss: crossEntropy,
    optimizer: sgd({ lr: config.lr, momentum: config.momentum }),
    regularize: l2(config.l2),
    seed: config.seed,
  });
  try {
    return await train(trainer, data, config, process.stdout, async (report) => {
      await folder.addMetrics(report);
      await folder.saveModel(net);
    });
  } catch (error) {
    if (error instanceof NumericError) await folder.saveModel(net);
    throw error;
  }
}

// A reader that has seen enough, such as `head`, closes the pipe.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof TiduError)) throw error;
  console.error(`lenet: ${error.message}`);
  process.exitCode = 1;
});
