// `tidu summary`: layers, shapes and memory of a model.
import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { ArgumentError, nn } from "tidu";
import type { Shape } from "tidu/internal";
import { findModel, isModel, makeModel, withChoices } from "../models/model.js";
import { hiddenOption, setOption } from "../models/options.js";
import { loadNetwork } from "../models/pretrained.js";
import type { ModelOptions } from "../models/request.js";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { isRunFolder } from "../run/folder.js";
import { findTrained, makeTrained } from "../run/use.js";
import { shape, share, whole } from "../values.js";

interface Options {
  input?: Shape;
  dtype: "f32" | "i32";
  trust?: true;
  features?: string;
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
  $ tidu summary ./model.ts --input 4 --outputs 3 --batch-size 16
  $ tidu summary resnet18.onnx
  $ tidu summary runs/flowers`;

/** tidu summary: the layers of a model, their shapes and the memory of training. */
export function addSummary(program: Command): void {
  program
    .command("summary")
    .summary("show a model's layers, shapes and memory")
    .description("Show a model's layers, the shapes of their outputs, their parameters and the memory of training.")
    .argument(
      "<model>",
      "lenet, mlp, cnn, resnet, a file of TypeScript or JavaScript, an ONNX file, TensorFlow.js' model.json, or a run's folder",
    )
    .option(
      "--input <shape>",
      "shape of one sample, such as 1x28x28 or 4 (default: what a trained network takes)",
      shape,
    )
    .addOption(
      new Option("--dtype <type>", "element type of the input: i32 for a network that begins with an embedding")
        .choices(["f32", "i32"])
        .default("f32"),
    )
    .option("--outputs <n>", "classes, or values to predict", whole(1), 10)
    .option("--batch-size <n>", "samples in a step", whole(1), 64)
    .option("--dropout <p>", "probability that a unit is dropped (default: the model's own)", share)
    .addOption(hiddenOption())
    .addOption(setOption())
    .option("--features <name>", "for a file with several outputs: the one to show")
    .addOption(trustOption())
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, { batchSize, dtype, json, ...options }: Options) => {
      const { net, input } = await found(name, options);
      const summary = nn.summary(net, input, { batchSize, dtype });
      const output = new Output(process.stdout, json);
      output.say(String(summary));
      output.event(summary);
    });
}

type Choices = Omit<Options, "batchSize" | "dtype" | "json">;

/** A network, and the shape of a sample for it. */
interface Found {
  readonly net: nn.Module;
  readonly input: Shape;
}

async function found(name: string, { input, trust, features, ...choices }: Choices): Promise<Found> {
  if (isRunFolder(name)) {
    const run = await findTrained(name, { trust });
    return { net: await makeTrained(run), input: input ?? run.config.data.inputShape };
  }
  if (existsSync(name) && !isModel(name)) return read(name, input, features);
  return made(name, needed(name, input), choices);
}

/** Of a file of another tool: its inputs say what they are. */
async function read(name: string, input: Shape | undefined, features: string | undefined): Promise<Found> {
  const net = await loadNetwork(name, features, name);
  const [, ...sizes] = net.onnx.inputs[0]?.shape ?? [];
  const declared = sizes.length > 0 && sizes.every((size) => size !== undefined) ? sizes : undefined;
  return { net, input: needed(name, input ?? declared) };
}

async function made(name: string, input: Shape, { outputs, dropout, hidden, set }: Choices): Promise<Found> {
  const request = { inputShape: input, classes: outputs, outputs, dropout, hidden, options: set };
  return { net: await makeModel(withChoices(await findModel(name), { hidden, options: set }), request), input };
}

function needed(name: string, input: Shape | undefined): Shape {
  if (input !== undefined) return input;
  throw new ArgumentError(`--input: ${name} does not say what it takes; give the shape of a sample, such as 1x28x28`);
}
