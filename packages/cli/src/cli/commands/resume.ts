// `tidu resume`: continues an interrupted run.
import type { Command } from "commander";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { carryOut } from "../run/carry-out.js";
import { type DeviceName, deviceOption } from "../run/engine.js";
import { reopen } from "../run/resume.js";
import { inWorld, leads } from "../run/world.js";
import { whole } from "../values.js";

interface Options {
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
  $ tidu resume runs/2025-05-01T10-20-30-lenet --epochs 20    (longer than was planned)`;

/** tidu resume: goes on with a run that was stopped, and ends with the weights of one that never was. */
export function addResume(program: Command): void {
  program
    .command("resume")
    .summary("go on with a run that was stopped")
    .description(
      "Go on with a run that was stopped, from its newest checkpoint: the weights at the end are the same bits.",
    )
    .argument("<dir>", "the run's folder")
    .option("--epochs <n>", "another number of epochs, those that are done included", whole(1))
    .option("--threads <n>", "threads to compute on; any number gives the same weights", whole(1, 64))
    .addOption(deviceOption())
    .addOption(trustOption())
    .option("--report", "write report.html, also where the run was begun without")
    .option("--no-report", "write no report.html")
    .option("--json", "a line of JSON for each event, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, { json, trust, ...changes }: Options) => {
      await inWorld(async (world) => {
        const output = new Output(process.stdout, json, !leads(world));
        await carryOut(await reopen(dir, changes, output, world, trust), true);
      });
    });
}
