// The beginning of a run: what the user wishes and what the data allow become a network, its settings and a folder.
import { ArgumentError } from "tidu";
import { classWeights, type Dataset } from "tidu/data";
import { formatShape } from "tidu/internal";
import type { World } from "tidu/mpi";
import type { Preprocess, Source } from "../../sources/source.js";
import { STDIN } from "../../sources/tables/bytes.js";
import { freezeLayers } from "../models/freeze.js";
import { withChoices } from "../models/model.js";
import { usualAugment } from "../models/presets.js";
import type { ModelRecord } from "../models/record.js";
import { loadStart } from "../models/start.js";
import type { Output } from "../output.js";
import { fromHere } from "../ui/from-here.js";
import { reading } from "../ui/reading.js";
import { version } from "../version.js";
import { augmentOf } from "./augment.js";
import type { DataFacts, DataRecord, RunConfig, TrainingChoices } from "./config.js";
import { lasting, openRunData, type RunData } from "./data.js";
import { type Engine, startEngine } from "./engine.js";
import { RunFolder } from "./folder.js";
import { withNetwork } from "./from.js";
import { introduce, placeOf } from "./introduce.js";
import { makeLoss } from "./losses.js";
import { defaultRate } from "./optimizers.js";
import { checkMetric, usualMetric } from "./score.js";
import { makeNet, makeTrainer } from "./trainer.js";
import type { Run } from "./training.js";
import type { Begun, ClassWeights, Wishes } from "./wishes.js";
import { fromFirst } from "./world.js";

/** The base of a run: an engine, and the data. */
export interface Ground {
  readonly engine: Engine;
  readonly record: DataRecord;
  readonly data: RunData;
}

/** Reads the data, makes the network and the folder, and says what is going to be trained. */
export async function begin(wishes: Wishes, output: Output, world?: World): Promise<Run> {
  if (wishes.data === STDIN && (world?.size ?? 1) > 1)
    throw new ArgumentError("data: standard input cannot be shared by processes; give the path of a file");
  const engine = await startEngine({ ...wishes, threads: wishes.threads ?? world?.threads });
  const begun = await withNetwork(wishes);
  return beginOn(await ground(begun, engine, output), begun, output, world);
}

/** Reads the data of the wishes. */
export async function ground(wishes: Wishes, engine: Engine, output: Output): Promise<Ground> {
  const record = recordOf(wishes);
  const data = await reading(output, (onProgress) =>
    openRunData(record, wishes, onProgress, wishes.learned?.preprocess),
  );
  return { engine, record, data };
}

/** A run without its folder. */
export type Prepared = Pick<Run, "config" | "trainer">;

/** Makes the network and its trainer. Throws if these wishes do not allow it; nothing is written. */
export async function prepare({ record, data }: Ground, wishes: Begun, world?: World): Promise<Prepared> {
  const { hidden, set: options, start, learned } = wishes;
  const named = { ...(wishes.model ?? { name: suitable(data.source) }), ...(start === undefined ? {} : { start }) };
  const model = withChoices(named, { hidden, options });
  const config: RunConfig = {
    format: 1,
    command: wishes.command,
    versions: { tidu: version(), node: process.versions.node },
    model,
    data: { ...record, ...factsOf(data.source) },
    training: await settle(wishes, data, model, world),
  };
  const net = await makeNet(config);
  if (start === undefined) return { config, trainer: makeTrainer(net, config, world) };
  const begun = await loadStart(
    net,
    start,
    learned !== undefined && !isSame(learned.preprocess, data.source.preprocess),
  );
  freezeLayers(net, start.freeze, fromHere(start.path), begun.fresh ?? []);
  return { config: { ...config, model: { ...model, start: begun } }, trainer: makeTrainer(net, config, world) };
}

/** Whether outputs mean the same: the same classes in the same order, or values of the same names. */
const isSame = (a: Preprocess, b: Preprocess): boolean => {
  const meaning = ({ task, classes, targets }: Preprocess): string =>
    JSON.stringify([task, classes ?? targets?.map(({ name }) => name)]);
  return meaning(a) === meaning(b);
};

/** Makes the network and the folder, and says what is going to be trained. */
async function beginOn(ground: Ground, wishes: Begun, output: Output, world?: World): Promise<Run> {
  return settleIn(wishes.out, ground, await prepare(ground, wishes, world), output, world);
}

/** Makes the folder of what was prepared, a new one in runs if none is named, and says what is going to be trained. */
export async function settleIn(
  out: string | undefined,
  { engine, data }: Ground,
  { config, trainer }: Prepared,
  output: Output,
  world?: World,
): Promise<Run> {
  const introduction = introduce(config, data, trainer.net, placeOf(engine.says, world));
  let made: RunFolder | undefined;
  const path = await fromFirst(world, async () => {
    made = await (out === undefined ? RunFolder.makeIn("runs", nameOf(config.model)) : RunFolder.make(out));
    // A run with a config.json can be resumed.
    if (config.model.from !== undefined) await made.keepNetwork(config.model.from);
    if (config.model.start !== undefined) await made.saveStart(trainer.net);
    await made.saveConfig(config);
    return made.path;
  });
  const folder = made ?? RunFolder.at(path);
  output.event({ event: "start", directory: folder.path, ...config });
  output.say(introduction);
  return { config, folder, data, trainer, engine, output, world };
}

/** The record of the data. Throws ArgumentError for options that contradict each other. */
function recordOf({ data, reading, validation, validationData, testData, learned }: Wishes): DataRecord {
  const given = validationData !== undefined;
  if (given && validation === "test")
    throw new ArgumentError("--validation-data and --validation test: both are given; leave one out");
  const apart = given || validation === "test" || validation === 0;
  const by = reading.splitBy !== undefined ? "--split-by" : "--split-time";
  if (apart && (reading.splitBy ?? reading.splitTime) !== undefined)
    throw new ArgumentError(`${by}: no rows are set apart for validation; leave it out, or give --validation a share`);
  return {
    path: lasting(data),
    options: learned?.task === undefined ? reading : { task: learned.task, ...reading },
    ...(learned === undefined ? {} : { preprocessedAs: learned.run }),
    ...(given ? { validation: lasting(validationData) } : {}),
    ...(testData === undefined ? {} : { test: lasting(testData) }),
  };
}

const nameOf = ({ name }: ModelRecord): string => name.replace(/\.\w+$/, "");

/** The default network for the data. */
const suitable = ({ inputShape }: Source): string =>
  inputShape.length === 3 && Math.min(inputShape[1], inputShape[2]) >= 8 ? "cnn" : "mlp";

function factsOf(source: Source): DataFacts {
  const { kind, task, fingerprint, inputShape, outputs, classes, preprocess, description } = source;
  return { kind, task, fingerprint, inputShape, outputs, classes, preprocess, description };
}

/** The numbers that the loss is given. */
async function weightsOf(wanted: ClassWeights, train: Dataset, { task, outputs }: Source): Promise<readonly number[]> {
  if (task === "regression")
    throw new ArgumentError("--class-weights: it is for classification, and here values are predicted; leave it out");
  if (wanted === "balanced") return classWeights(train);
  if (wanted.length !== outputs)
    throw new ArgumentError(
      `training.classWeights: ${wanted.length} numbers for ${outputs} classes; give one for each, or --class-weights balanced`,
    );
  return wanted;
}

/** Enough steps to learn something in acceptable time. */
const [STEPS, FEWEST_EPOCHS, MOST_EPOCHS] = [2000, 3, 50];
const [BATCH, SMALL_BATCH] = [64, 16];

/** Fills in defaults: batches of 64, or 16 for small data sets, and epochs for about 2,000 steps. */
async function settle(
  wishes: Wishes,
  { train, source }: RunData,
  model: ModelRecord,
  world: World | undefined,
): Promise<TrainingChoices> {
  const { data, reading, model: _, hidden, set, validationData, testData, from, freeze, features, ...rest } = wishes;
  const { last, trust, start, learned, ...own } = rest;
  const { out, command, classWeights: weighted, ...choices } = own;
  checkMetric(choices.metric, source.task);
  makeLoss(choices.loss, source.task);
  const weights = weighted === undefined ? {} : { classWeights: await weightsOf(weighted, train, source) };
  const batchSize = choices.batchSize ?? (train.count < 10 * BATCH ? SMALL_BATCH : BATCH);
  const enough = Math.ceil(STEPS / Math.ceil(train.count / batchSize));
  const epochs = choices.epochs ?? Math.min(Math.max(enough, FEWEST_EPOCHS), MOST_EPOCHS);
  const shards = choices.shards ?? (world === undefined || world.size === 1 ? undefined : world.size);
  if (augmentOf(choices.augment) !== undefined && source.inputShape.length !== 3)
    throw new ArgumentError(
      `--augment ${choices.augment}: it is for images, and a sample of these data has shape ${formatShape(source.inputShape)}; leave it out`,
    );
  const augment = choices.augment ?? usualAugment(model.name, source.inputShape);
  return {
    ...choices,
    ...weights,
    augment,
    epochs,
    batchSize,
    shards,
    metric: choices.metric ?? usualMetric(source.task),
    lr: choices.lr ?? defaultRate(choices.optimizer),
  };
}
