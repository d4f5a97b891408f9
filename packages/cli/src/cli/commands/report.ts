// `tidu report`: writes report.html of a run.
import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { Dataset } from "tidu/data";
import { writeReport } from "../../report/index.js";
import { FINDINGS } from "../../report/read.js";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { reopenRunData } from "../run/data.js";
import { type DeviceName, usingDeviceOption } from "../run/engine.js";
import { RunFolder } from "../run/folder.js";
import { tellingPart } from "../run/parts.js";
import { makePage } from "../run/report.js";
import { openTrained, type UseOptions } from "../run/use.js";
import { reading } from "../ui/reading.js";

interface Options {
  again?: true;
  device?: DeviceName;
  trust?: true;
  json?: true;
}

const EXAMPLES = `
Examples:
  $ tidu report runs/digits
  $ tidu report runs/digits --again`;

/** tidu report: a page about a run. */
export function addReport(program: Command): void {
  program
    .command("report")
    .summary("write an HTML report of a run: curves, mistakes, weights, times")
    .description("Write report.html into a run's folder: a self-contained page that opens offline.")
    .argument("<dir>", "the run's folder")
    .option("--again", "analyze the network again, even if that was done before")
    .addOption(usingDeviceOption())
    .addOption(trustOption())
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, { again, json, ...use }: Options) => {
      const output = new Output(process.stdout, json);
      const { folder } = await RunFolder.open(dir);
      const looked = existsSync(folder.file(FINDINGS)) || !existsSync(folder.file("model.safetensors"));
      const page = looked && !again ? await writeReport(dir) : await look(dir, use, output);
      output.event({ report: page });
      output.say(`written to ${page}`);
    });
}

/** Runs the network on the run's data, and writes the findings. */
async function look(dir: string, use: UseOptions, output: Output): Promise<string> {
  const trained = await openTrained(dir, use);
  output.say(trained.says);
  const data = await reading(output, (onProgress) => reopenRunData(trained.config, onProgress));
  const epochs = await trained.folder.metrics();
  const seconds = epochs.reduce((sum, { seconds }) => sum + seconds, 0);
  const name = tellingPart(data);
  return makePage(trained, name, data[name] as Dataset, seconds, data.origin);
}
