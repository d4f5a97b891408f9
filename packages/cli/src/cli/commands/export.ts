import { basename, resolve } from "node:path";
import { saveOnnx } from "@tidu/onnx";
import { type Command, Option } from "commander";
import { save } from "tidu";
import { Output } from "../output.js";
import { openTrained, type Trained } from "../run/use.js";

/** How a network is written to a file of each format. */
const formats = {
  onnx: ({ net, config }: Trained, path: string) => saveOnnx(net, path, config.data.inputShape),
  safetensors: ({ net }: Trained, path: string) => save(net, path),
} as const;

interface Options {
  format: keyof typeof formats;
  out?: string;
  best?: true;
  json?: true;
}

const EXAMPLES = `
Examples:
  $ tidu export runs/digits --format onnx
  $ tidu export runs/digits --format safetensors --best --out digits.safetensors

The network takes inputs as it was trained on them: "preprocess" in the run's config.json says how they are made.`;

/** tidu export: a trained network as a file that other tools read. */
export function addExport(program: Command): void {
  const format = new Option(
    "--format <format>",
    "onnx for ONNX Runtime and others, safetensors for PyTorch and others",
  );
  program
    .command("export")
    .summary("write a trained network to a file for other tools")
    .description("Write a trained network to a file that other tools read.")
    .argument("<dir>", "the run's folder")
    .addOption(format.choices(Object.keys(formats)).makeOptionMandatory())
    .option("--out <file>", "the file (default: the name of the run's folder, with the format at its end)")
    .option("--best", "write the network of the best epoch, not that of the last")
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, { format, out, best, json }: Options) => {
      const trained = await openTrained(dir, best ? "best" : "model");
      const path = out ?? `${basename(resolve(dir))}.${format}`;
      await formats[format](trained, path);
      const output = new Output(process.stdout, json);
      output.event({ file: path, format });
      output.say(`written to ${path}`);
    });
}
