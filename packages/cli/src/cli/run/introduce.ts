import type { nn } from "tidu";
import type { RunConfig, TrainingChoices } from "./config.js";
import { fromHere, type RunData } from "./data.js";

/** What is going to be trained, on what, and how: to be read before it begins. */
export function introduce(
  { data, model, training }: RunConfig,
  parts: RunData,
  net: nn.Module,
  engine: string,
): string {
  const { batchSize } = training;
  return [
    `${fromHere(data.path)}:`,
    ...parts.source.description.map((line) => `  ${line}`),
    ...(training.samples === undefined ? [] : [`  ${countOf(parts)}`]),
    "",
    `${model.name}:`,
    String(net.summary(data.inputShape, { batchSize })),
    "",
    settings(training).join(", "),
    `${engine}, Node ${process.versions.node}`,
    "",
  ].join("\n");
}

function countOf({ train, validation, validationName, test }: RunData): string {
  const count = (n: number): string => n.toLocaleString("en");
  return [
    `${count(train.count)} samples to learn from`,
    ...(validation === undefined || validationName === "test" ? [] : [`${count(validation.count)} for validation`]),
    ...(test === undefined ? [] : [`${count(test.count)} to be tested on`]),
  ].join(", ");
}

function settings(choices: TrainingChoices): string[] {
  const { epochs, batchSize, optimizer, lr, schedule, l2, dropout, augment, earlyStop, seed } = choices;
  return [
    `${epochs} ${epochs === 1 ? "epoch" : "epochs"}`,
    `batches of ${batchSize}`,
    `${optimizer} with lr ${lr}`,
    ...(schedule === undefined ? [] : [`schedule ${schedule}`]),
    ...(l2 === 0 ? [] : [`l2 ${l2}`]),
    ...(dropout === undefined ? [] : [`dropout ${dropout}`]),
    ...(augment === undefined ? [] : [`augmented by ${augment}`]),
    ...(earlyStop === undefined ? [] : [`stops after ${earlyStop} epochs without improvement`]),
    `seed ${seed}`,
  ];
}
