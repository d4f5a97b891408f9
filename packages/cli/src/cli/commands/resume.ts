// `tidu resume`: continues an interrupted run.
import { type Command, Option } from "commander";
import { ArgumentError } from "tidu";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { carryOut } from "../run/carry-out.js";
import { DEVICES, type DeviceName, deviceOption } from "../run/engine.js";
import { reopen } from "../run/resume.js";
import { inWorld, leads } from "../run/world.js";
import { endWithLeader, tune } from "../tune/carry-out.js";
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
  led?: true;
}

const EXAMPLES = `
Examples:
  $ tidu resume runs/2025-05-01T10-20-30-lenet
  $ tidu resume runs/2025-05-01T10-20-30-lenet --epochs 20    (longer than was planned)
  $ tidu resume runs/2025-05-01T11-00-00-tune --jobs 2`;

/** tidu resume: continues a run that was stopped; the final weights are those of a run that never was. */
export function addResume(program: Command): void {
  program
    .command("resume")
    .summary("continue a run, or a search of tidu tune, that was stopped")
    .description(
      "Continue a run that was stopped, from its newest checkpoint. The final weights are bit-identical to those of a run that was never stopped. With a folder of tidu tune, train the trials that are left; several processes may do so side by side.",
    )
    .argument("<dir>", "the run's folder")
    .option("--epochs <n>", "new total number of epochs", whole(1))
    .option("--jobs <n>", "tidu tune: trials to train at the same time", whole(1, 64))
    .option("--threads <n>", "threads to compute on; the weights do not depend on them", whole(1, 64))
    .addOption(deviceOption(DEVICES, "that of the run"))
    .addOption(trustOption())
    .option("--report", "write report.html even if the run was started without it")
    .option("--no-report", "write no report.html")
    .option("--json", "a line of JSON for each event, for scripts")
    .addOption(new Option("--led", "tidu tune: end when the process that started this one ends").hideHelp())
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, { json, trust, jobs, led, ...changes }: Options) => {
      if (led) endWithLeader();
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
  { jobs, threads, device, trust, ...others }: Omit<Options, "json" | "led">,
  output: Output,
): Promise<void> {
  const [name] = Object.keys(others);
  if (name !== undefined)
    throw new ArgumentError(`--${name}: it cannot be changed for tidu tune's folder; leave it out`);
  await tune(dir, { jobs, threads, device, trust }, output);
}
