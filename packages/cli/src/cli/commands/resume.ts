// `tidu resume`: continues an interrupted run.
import type { Command } from "commander";
import { ArgumentError } from "tidu";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { carryOut } from "../run/carry-out.js";
import { type DeviceName, deviceOption } from "../run/engine.js";
import { reopen } from "../run/resume.js";
import { inWorld, leads } from "../run/world.js";
import { tune } from "../tune/carry-out.js";
import { isTuning } from "../tune/plan.js";
import { whole } from "../values.js";

interface Options {
  jobs?: number;
  epochs?: number;
  threads?: number;
  device?: DeviceName;
  trust?: true;
  report?: boolean;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ tidu resume runs/2025-05-01T10-20-30-lenet
  $ tidu resume runs/2025-05-01T10-20-30-lenet --epochs 20    (longer than was planned)
  $ tidu resume runs/2025-05-01T11-00-00-tune --jobs 2`;

/** tidu resume: goes on with a run that was stopped, and ends with the weights of one that never was. */
export function addResume(program: Command): void {
  program
    .command("resume")
    .summary("go on with a run, or a search of tidu tune, that was stopped")
    .description(
      "Go on with a run that was stopped, from its newest checkpoint: the weights at the end are the same bits. Of tidu tune's folder: train the trials that are left, also side by side with other processes that do.",
    )
    .argument("<dir>", "the run's folder")
    .option("--epochs <n>", "another number of epochs, those that are done included", whole(1))
    .option("--jobs <n>", "of tidu tune: trials that are trained at the same time", whole(1, 64))
    .option("--threads <n>", "threads to compute on; any number gives the same weights", whole(1, 64))
    .addOption(deviceOption())
    .addOption(trustOption())
    .option("--report", "write report.html, also where the run was begun without")
    .option("--no-report", "write no report.html")
    .option("--json", "a line of JSON for each event, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, { json, trust, jobs, ...changes }: Options) => {
      if (isTuning(dir)) return goOn(dir, { ...changes, jobs, trust }, new Output(process.stdout, json));
      if (jobs !== undefined) throw new ArgumentError("--jobs: it is for a folder of tidu tune; a run has --threads");
      await inWorld(async (world) => {
        const output = new Output(process.stdout, json, !leads(world));
        await carryOut(await reopen(dir, changes, output, world, trust), true);
      });
    });
}

async function goOn(
  dir: string,
  { jobs, threads, device, trust, ...others }: Omit<Options, "json">,
  output: Output,
): Promise<void> {
  const [name] = Object.keys(others);
  if (name !== undefined)
    throw new ArgumentError(`--${name}: it cannot be changed for tidu tune's folder; leave it out`);
  await tune(dir, { jobs, threads, device, trust }, output);
}
