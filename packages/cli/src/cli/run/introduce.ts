import { nn } from "tidu";
import type { World } from "tidu/mpi";
import { counted, formatFigures } from "../../text/numbers.js";
import { frozenIn } from "../models/freeze.js";
import { headOf } from "../models/head.js";
import type { Pretrained } from "../models/pretrained.js";
import type { ModelRecord } from "../models/record.js";
import { aboutStart } from "../models/start.js";
import { fromHere } from "../ui/from-here.js";
import { listed } from "../ui/listed.js";
import { augmentOf } from "./augment.js";
import type { RunConfig, TrainingChoices } from "./config.js";
import type { RunData } from "./data.js";
import { type MetricName, usualMetric } from "./score.js";

/** Shows model, data and settings before training begins. */
export function introduce({ data, model, training }: RunConfig, parts: RunData, net: nn.Module, place: string): string {
  const { batchSize } = training;
  return [
    `${fromHere(data.path)}:`,
    ...parts.source.description.map((line) => `  ${line}`),
    ...(training.samples === undefined ? [] : [`  ${countOf(parts)}`]),
    "",
    `${model.name}:`,
    ...(model.start === undefined ? [] : aboutStart(model.start, fromHere(model.start.path))),
    ...(model.from === undefined || model.start !== undefined ? [] : aboutNetwork(model.from, net)),
    ...aboutFrozen(model, net),
    ...(data.preprocessedAs === undefined ? [] : [`  inputs are preprocessed as in ${fromHere(data.preprocessedAs)}`]),
    String(nn.summary(net, data.inputShape, { batchSize })),
    "",
    settings(training, usualMetric(data.task)).join(", "),
    `${place}, Node ${process.versions.node}`,
    "",
  ].join("\n");
}

/** The network that training begins with, in lines for a person. */
function aboutNetwork({ path, features }: Pretrained, net: nn.Module): string[] {
  const from = fromHere(path);
  const where = features === undefined ? from : `${from}, of which it has the part up to ${features}`;
  const [name, head] = headOf(net, from);
  return [`starts from ${where}`, `made anew: ${name}, ${head}`].map((line) => `  ${line}`);
}

/** The layers that are not trained, in a line for a person. */
function aboutFrozen({ start, from }: ModelRecord, net: nn.Module): string[] {
  const freeze = start?.freeze ?? from?.freeze;
  return freeze === undefined ? [] : [`  not trained: ${listed(frozenIn(net))}`];
}

/** Where a run is computed: on what and, if processes share it, by how many on how many hosts. */
export function placeOf(engine: string, world: World | undefined): string {
  if (world === undefined) return engine;
  const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
  const hosts = count(new Set(world.hosts).size, "host", "hosts");
  return `${count(world.size, "process", "processes")} on ${hosts} (${world.library}), each on ${engine}`;
}

function countOf({ train, validation, validationName, test }: RunData): string {
  const count = (n: number): string => n.toLocaleString("en");
  return [
    `${counted(train.count, "sample")} to train on`,
    ...(validation === undefined || validationName === "test" ? [] : [`${count(validation.count)} for validation`]),
    ...(test === undefined ? [] : [`${count(test.count)} to test on`]),
  ].join(", ");
}

/** The most numbers that are listed in a line. */
const LISTED = 6;

const weightsText = (weights: readonly number[]): string =>
  weights.length > LISTED ? `for ${weights.length} classes` : weights.map((w) => formatFigures(w, 3)).join(", ");

function settings(choices: TrainingChoices, usual: MetricName): string[] {
  const { epochs, batchSize, shards, optimizer, lr, schedule, l2, dropout, augment, earlyStop, seed } = choices;
  const { metric, classWeights, syncBatchNorm, loss, clip } = choices;
  return [
    `${epochs} ${epochs === 1 ? "epoch" : "epochs"}`,
    shards === undefined ? `batches of ${batchSize}` : `batches of ${batchSize} in ${shards} shards`,
    ...(syncBatchNorm ? ["batch norm over all shards"] : []),
    `${optimizer} with lr ${lr}`,
    ...(schedule === undefined ? [] : [`schedule ${schedule}`]),
    ...(l2 === 0 ? [] : [`l2 ${l2}`]),
    ...(loss === undefined ? [] : [`loss ${loss}`]),
    ...(clip === undefined ? [] : [`gradients clipped to norm ${clip}`]),
    ...(dropout === undefined ? [] : [`dropout ${dropout}`]),
    ...(augmentOf(augment) === undefined ? [] : [`augmented by ${augment}`]),
    ...(earlyStop === undefined ? [] : [`stops after ${earlyStop} epochs without improvement`]),
    ...(metric === undefined || metric === usual ? [] : [`best epoch by ${metric}`]),
    ...(classWeights === undefined ? [] : [`class weights ${weightsText(classWeights)}`]),
    `seed ${seed}`,
  ];
}
