// `tidu train`: trains a network on data and keeps a run folder.
import type { Command } from "commander";
import { Output } from "../output.js";
import { begin } from "../run/begin.js";
import { carryOut } from "../run/carry-out.js";
import { inWorld, leads } from "../run/world.js";
import { addTrainingOptions, type TrainingOptions, wishesOf } from "../training-options.js";

const EXAMPLES = `
Examples:
  $ tidu train mnist --model lenet --epochs 5
  $ tidu train flowers.csv --target species
  $ tidu train photos/ --size 64x64 --augment shift:4,flip --early-stop 5
  $ tidu train photos/ --model resnet --fit crop --size 96x96
  $ tidu train houses/ --labels prices.csv --target price
  $ tidu train photos/ --size 224x224 --from resnet18.onnx --freeze "layer[123]"
  $ tidu train june.csv --from runs/may --lr 0.0001
  $ tidu train photos/ --model ./resnet.ts --from resnet18.safetensors
  $ tidu train digits.npz --model ./model.ts --optimizer sgd:momentum=0.95 --schedule cosine
  $ tidu train visits.csv --split-by patient --hidden 64,64 --loss huber --clip 1
  $ tidu train --config runs/flowers/config.json --lr 0.0003

A model file exports a network, or a function of ({ inputShape, classes, outputs, dropout, hidden, options }) that returns one:
  import { nn } from "tidu";
  export default ({ inputShape, outputs }) => nn.sequential(nn.linear(inputShape[0], 16), nn.relu(), nn.linear(16, outputs));`;

/** tidu train: trains a network on data, and saves every output in a run folder. */
export function addTrain(program: Command, args: readonly string[]): void {
  const command = program
    .command("train")
    .summary("train a network on data")
    .description(
      "Train a network on data: mnist, a table (CSV, JSON lines or Parquet), images in a folder for each class, or IDX, NPY or NPZ files.",
    );
  addTrainingOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (data: string | undefined, said: TrainingOptions) => {
      await inWorld(async (world) => {
        const wishes = await wishesOf(data, said, command, args);
        const output = new Output(process.stdout, said.json, !leads(world));
        await carryOut(await begin(wishes, output, world), false);
      });
    });
}
