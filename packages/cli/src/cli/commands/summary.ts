// `tidu summary`: layers, shapes and memory of a model.
import type { Command } from "commander";
import { nn } from "tidu";
import type { Shape } from "tidu/internal";
import { findModel, makeModel, withChoices } from "../models/model.js";
import { hiddenOption, setOption } from "../models/options.js";
import type { ModelOptions } from "../models/request.js";
import { Output } from "../output.js";
import { shape, share, whole } from "../values.js";

interface Options {
  input: Shape;
  outputs: number;
  batchSize: number;
  dropout?: number;
  hidden?: number[];
  set?: ModelOptions;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ tidu summary lenet --input 1x28x28
  $ tidu summary ./model.ts --input 4 --outputs 3 --batch-size 16`;

/** tidu summary: the layers of a model, their shapes and the memory of training. */
export function addSummary(program: Command): void {
  program
    .command("summary")
    .summary("show a model's layers, shapes and memory")
    .description("Show a model's layers, the shapes of their outputs, their parameters and the memory of training.")
    .argument("<model>", "lenet, mlp, cnn, resnet, or a file of TypeScript or JavaScript")
    .requiredOption("--input <shape>", "shape of one sample, such as 1x28x28 or 4", shape)
    .option("--outputs <n>", "classes, or values to predict", whole(1), 10)
    .option("--batch-size <n>", "samples in a step", whole(1), 64)
    .option("--dropout <p>", "share of units that are dropped (default: the model's own)", share)
    .addOption(hiddenOption())
    .addOption(setOption())
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, { input, outputs, batchSize, dropout, hidden, set, json }: Options) => {
      const request = { inputShape: input, classes: outputs, outputs, dropout, hidden, options: set };
      const net = await makeModel(withChoices(await findModel(name), { hidden, options: set }), request);
      const summary = nn.summary(net, input, { batchSize });
      const output = new Output(process.stdout, json);
      output.say(String(summary));
      output.event(summary);
    });
}
