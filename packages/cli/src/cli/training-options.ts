// The options of a training, for `train` and `tune`.
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { ArgumentError } from "tidu";
import { addDataOptions, type DataOptions, divideOptions } from "./data-options.js";
import { holdsWeights } from "./models/foreign.js";
import { hiddenOption, setOption } from "./models/options.js";
import type { ModelRecord } from "./models/record.js";
import type { ModelOptions } from "./models/request.js";
import { trustOption } from "./models/trust.js";
import { augmentOf } from "./run/augment.js";
import type { DataChoices } from "./run/config.js";
import { type DeviceName, deviceOption } from "./run/engine.js";
import { isRunFolder } from "./run/folder.js";
import { readLoss } from "./run/losses.js";
import { makeOptimizer } from "./run/optimizers.js";
import { makeSchedule } from "./run/schedules.js";
import { METRICS, type MetricName } from "./run/score.js";
import type { ClassWeights, Wishes } from "./run/wishes.js";
import { type Given, optionsOf, readWishes } from "./run/wishes-file.js";
import { folderName, type Interval, interval, notNegative, positive, share, whole } from "./values.js";

export interface TrainingOptions extends DataOptions {
  config?: string;
  trust?: true;
  model?: string | ModelRecord;
  hidden?: number[];
  set?: ModelOptions;
  validationData?: string;
  testData?: string;
  loss?: string;
  clip?: number;
  from?: string;
  last?: true;
  freeze?: string;
  features?: string;
  epochs?: number;
  batchSize?: number;
  shards?: number;
  syncBatchNorm?: boolean;
  optimizer: string;
  lr?: number;
  schedule?: string;
  l2: number;
  dropout?: number;
  augment?: string;
  validation: number | "test";
  earlyStop?: number;
  metric?: MetricName;
  classWeights?: ClassWeights;
  samples?: number;
  seed: number;
  threads?: number;
  device?: DeviceName;
  portable?: boolean;
  out?: string;
  checkpointEvery: Interval;
  tensorboard?: boolean;
  report: boolean;
  json?: boolean;
}

/** Adds the data argument and the training options to a command. */
export const addTrainingOptions = (command: Command, set: Option = setOption()): Command =>
  addDataOptions(
    command
      .argument("[data]", "a file, a folder, a name (tidu datasets lists them), or - for a table from standard input")
      .option(
        "--model <name|file>",
        "lenet, mlp, cnn, resnet (for photos), or a file of TypeScript or JavaScript (default: chosen from the data)",
      )
      .addOption(hiddenOption())
      .addOption(set)
      .option(
        "--config <file>",
        "take options that are not given here from a run's config.json, or from a file with parts of one",
      )
      .addOption(trustOption())
      .option(
        "--from <run|file>",
        "start from a trained network: a run's folder, an ONNX file, TensorFlow.js' model.json, or a safetensors file (or index) for --model; for other outputs with a new last layer",
      )
      .option("--last", "with --from and a run: the network of its last epoch instead of the best")
      .option(
        "--freeze <names>",
        "layers of that network that are not trained, as a regular expression",
        checked(pattern),
      )
      .option(
        "--features <name>",
        "the layer or value of --from's network that a new last layer reads (default: what its last layer reads)",
        named,
      )
      .option("--epochs <n>", "passes over the training set (default: 3 to 50, for about 2,000 steps)", whole(1))
      .option("--batch-size <n>", "samples in a step (default: 64, or 16 for small data sets)", whole(1))
      .option(
        "--shards <n>",
        "equal parts of a batch, computed one after the other or by several processes; another number changes the last bits",
        whole(1),
      )
      .option("--sync-batch-norm", "batch normalization over the whole batch instead of over each shard")
      .option(
        "--optimizer <o>",
        "sgd, adam, adamw or rmsprop, with options as in sgd:momentum=0.9,nesterov",
        checked(optimizer),
        "adam",
      )
      .option("--lr <x>", "learning rate (default: 0.02 for sgd, 0.001 for others)", positive)
      .option(
        "--schedule <s>",
        "linear, cosine, step, exponential, warmup or plateau, as in step:every=10,gamma=0.5",
        checked(schedule),
      )
      .option("--loss <l>", "cross-entropy (for classes), mse, mae or huber, as in huber:delta=0.5", checked(readLoss))
      .option("--clip <x>", "upper limit of the norm of all gradients together", positive)
      .option("--l2 <x>", "λ of λ Σ w², added to the loss", notNegative, 0)
      .option("--dropout <p>", "probability that a unit is dropped (default: the model's own)", share)
      .option(
        "--augment <list>",
        "random changes of images, as in shift:2,rotate:15,flip, or none (default: crop and flip for resnet)",
        checked(augmentOf),
      )
      .option(
        "--validation <share|test>",
        "share of the samples that is set apart to choose the best epoch, or the data's own test part",
        held,
        0.1,
      )
      .option("--validation-data <path>", "other data of the same form to validate on, instead of --validation")
      .option("--test-data <path>", "other data of the same form to test on at the end")
      .option(
        "--split-by <column>",
        "tables: rows with the same value in this column, such as a patient, stay together in training or in validation",
      )
      .option(
        "--split-time <column>",
        "tables: validate on the last rows in the order of this column of numbers or dates",
      )
      .option("--early-stop <n>", "stop after n epochs without improvement, and restore the best weights", whole(1))
      .addOption(
        new Option(
          "--metric <name>",
          "metric that chooses the best epoch and stops early (default: brier for classes, loss for values)",
        ).choices(Object.keys(METRICS)),
      )
      .addOption(
        new Option("--class-weights <how>", "balanced: samples of rarer classes count more").choices(["balanced"]),
      )
      .option("--samples <n>", "train on a stratified subset of n samples", whole(1))
      .option("--seed <n>", "the same seed gives the same weights, bit for bit", whole(0), 0)
      .option("--threads <n>", "threads to compute on (default: one for each processor core)", whole(1, 64))
      .addOption(deviceOption())
      .option("--portable", "give the same bits on every machine, a little slower")
      .option("--out <folder>", "folder of the run (default: a new folder in runs)", folderName)
      .addOption(
        new Option(
          "--checkpoint-every <n|ns>",
          'also write checkpoints within epochs, every so many steps ("500") or seconds ("30s")',
        )
          .argParser(interval)
          .default({ everySeconds: 60 }, "60s"),
      )
      .option("--tensorboard", "also write event files for TensorBoard")
      .option("--no-report", "write no report.html")
      .option("--json", "a line of JSON for each event, for scripts"),
  );

/**
 * What a person said, as a run's wishes: with what the file says that `--config` names, over which the command line wins.
 *
 * @param args the command line, without the program's name.
 */
export async function wishesOf(
  data: string | undefined,
  said: TrainingOptions,
  command: Command,
  args: readonly string[],
): Promise<Wishes> {
  const { data: given, reading: read, ...options } = await completed(data, said, command);
  const [own, { json, checkpointEvery: checkpoint, ...rest }] = divideOptions(options);
  return { ...rest, data: given, reading: { ...read, ...own }, checkpoint, command: typed(args) };
}

/** What a person said, with what the file says that --config names: what is said on the command line wins. */
async function completed(data: string | undefined, { config, ...said }: TrainingOptions, command: Command) {
  const file = config === undefined ? {} : await readWishes(config, said.trust);
  const path = data ?? file.data?.path;
  if (path === undefined)
    throw new ArgumentError("no data given; give a file, a folder or a name that tidu datasets lists");
  const isSaid = (name: string): boolean => !["default", undefined].includes(command.getOptionValueSource(name));
  const { lr, ...training } = file.training ?? {};
  // A learning rate is that of its optimizer.
  const rate = lr === undefined || isSaid("optimizer") ? {} : { lr };
  const own = data === undefined ? { validationData: file.data?.validation, testData: file.data?.test } : {};
  // A model that is said takes the place of a run's.
  const before = isSaid("model") && file.model?.start?.made !== undefined ? {} : fromOf(file);
  const start = said.from ?? before.from;
  // A file of weights needs a model; other files and runs have their own.
  const hasModel = start !== undefined && (isRunFolder(start) || !(await holdsWeights(start)));
  const from = { ...(said.from === undefined ? before : {}), ...(hasModel ? {} : { model: before.model }) };
  const others = Object.entries({ ...optionsOf({ ...training, ...rate }), ...own, ...from }).filter(
    ([name, value]) => value !== undefined && !isSaid(name),
  );
  return {
    ...said,
    ...Object.fromEntries(others),
    data: path,
    reading: file.data?.options ?? {},
  } as TrainingOptions & {
    readonly data: string;
    readonly reading: DataChoices;
  };
}

/** The network of a config.json: a model, and what it started from. */
function fromOf({ model, data }: Given): Partial<Pick<Wishes, "model" | "from" | "freeze" | "last">> {
  if (model?.start === undefined) return { model };
  const { start, ...own } = model;
  const { path, freeze, made } = start;
  if (made === undefined) return { model: own, from: path, freeze };
  return { from: data?.preprocessedAs ?? path, freeze, last: basename(path) === "model.safetensors" };
}

/** Checks a text now, so that a mistake is reported before data are read. */
const checked =
  (read: (text: string) => unknown) =>
  (text: string): string => {
    read(text);
    return text;
  };

const optimizer = (text: string) => makeOptimizer(text, 0.001);
const schedule = (text: string) => makeSchedule(text, 1);

/** A name that is not empty. */
function named(text: string): string {
  if (text !== "") return text;
  throw new ArgumentError('--features is ""; give the name of a layer');
}

function pattern(text: string): RegExp {
  if (text === "") throw new ArgumentError('--freeze is ""; give a regular expression for names of layers');
  try {
    return new RegExp(text);
  } catch (cause) {
    throw new ArgumentError(`--freeze is "${text}"; it must be a regular expression: ${(cause as Error).message}`);
  }
}

const held = (text: string): number | "test" => (text === "test" ? text : share(text));

/** The command as it could be typed again. */
const typed = (args: readonly string[]): string =>
  ["tidu", ...args].map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(" ");
