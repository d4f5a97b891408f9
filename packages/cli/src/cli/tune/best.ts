// The best trial as a run of its own: its copy or, where trials had parts of the data, a training on all.
import { existsSync } from "node:fs";
import { cp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { LOCK } from "../../runs/lock.js";
import type { Output } from "../output.js";
import { begin } from "../run/begin.js";
import { carryOut } from "../run/carry-out.js";
import { reopenRunData } from "../run/data.js";
import type { Engine } from "../run/engine.js";
import { finish } from "../run/finish.js";
import { RunFolder } from "../run/folder.js";
import { reopen } from "../run/resume.js";
import { makeNet, makeTrainer } from "../run/trainer.js";
import type { Plan } from "./plan.js";
import type { Progress } from "./progress.js";
import { wishesOfUnit } from "./trial.js";

/** Makes the run of the best trial, and tests it. The folder is that of the tuning. */
export async function makeBest(
  folder: string,
  plan: Plan,
  progress: Progress,
  trial: number,
  engine: Engine,
  output: Output,
): Promise<string> {
  const path = join(folder, "best");
  if (plan.folds === undefined) await copied(progress.runOf({ trial, fold: 0 }), path, engine, output);
  else await trained(plan, trial, path, output);
  return path;
}

async function copied(from: string, path: string, engine: Engine, output: Output): Promise<void> {
  const half = `${path}.part`;
  for (const old of [half, path]) await rm(old, { recursive: true, force: true });
  await cp(from, half, { recursive: true, filter: (file) => !basename(file).startsWith(LOCK) });
  await rename(half, path);
  const { folder, config } = await RunFolder.open(path);
  await folder.hold();
  try {
    const data = await reopenRunData(config);
    const net = await makeNet(config, folder.path);
    await folder.loadModel(net, "model");
    const run = { config, folder, data, trainer: makeTrainer(net, config), engine, output };
    await finish(run, await folder.metrics());
  } finally {
    await folder.free();
  }
}

async function trained(plan: Plan, trial: number, path: string, output: Output): Promise<void> {
  output.say(`training with the settings of trial ${trial + 1}\n`);
  if (existsSync(join(path, "config.json"))) return carryOut(await reopen(path, {}, output), true);
  await rm(path, { recursive: true, force: true });
  const wishes = { ...wishesOfUnit(plan, { trial, fold: 0 }), out: path };
  await carryOut(await begin(wishes, output), false);
}
