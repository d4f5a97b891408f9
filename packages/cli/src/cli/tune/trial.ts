// Trains a trial, or goes on with it, and measures it on what was set apart.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, NumericError } from "tidu";
import type { ModelRecord } from "../models/record.js";
import type { Output } from "../output.js";
import { beginOn, type Ground, type Wishes } from "../run/begin.js";
import { RunFolder } from "../run/folder.js";
import { judge } from "../run/judgement.js";
import { qualityOf } from "../run/quality.js";
import { makeNet, makeTrainer } from "../run/trainer.js";
import { type Run, train } from "../run/training.js";
import type { Plan } from "./plan.js";
import type { Outcome, Unit } from "./progress.js";

/** What a trial is trained with. */
export function wishesOfUnit({ wishes, trials, folds }: Plan, { trial, fold }: Pick<Unit, "trial" | "fold">): Wishes {
  const own = trials[trial].wishes;
  const apart = fold === 0 ? {} : { folds, fold };
  const set = wishes.set === undefined && own.set === undefined ? undefined : { ...wishes.set, ...own.set };
  return { ...wishes, ...own, set, reading: { ...wishes.reading, ...apart } };
}

/** The same, with its model as it was read when the tuning began. */
export const withModel = (wishes: Wishes): Wishes & { readonly model?: ModelRecord } => ({
  ...wishes,
  model: typeof wishes.model === "string" ? { name: wishes.model } : wishes.model,
});

/**
 * Trains a unit's run in a folder up to the end of its rung.
 *
 * @throws Interrupted if a signal asks for it; then training goes on from there the next time.
 */
export async function tryOut(plan: Plan, unit: Unit, path: string, ground: Ground, output: Output): Promise<Outcome> {
  const wishes = withModel({ ...wishesOfUnit(plan, unit), out: path });
  const isThere = existsSync(join(path, "config.json"));
  const run = isThere ? await again(path, ground, output) : await anew(path, ground, wishes, output);
  try {
    const { epochs } = run.config.training;
    const until = Math.max(1, Math.round(epochs * plan.rungs[unit.rung].share));
    return await measure(run, isThere, until);
  } finally {
    await run.folder.free();
  }
}

async function anew(path: string, ground: Ground, wishes: Wishes & { readonly model?: ModelRecord }, output: Output) {
  // A process that was killed may have left a folder in which nothing was trained.
  await rm(path, { recursive: true, force: true });
  return beginOn(ground, wishes, output);
}

async function again(path: string, { engine, data }: Ground, output: Output): Promise<Run> {
  const { folder, config } = await RunFolder.open(path);
  await folder.hold();
  const net = await makeNet(config);
  return { config, folder, data, trainer: makeTrainer(net, config), engine, output };
}

async function measure(run: Run, resume: boolean, until: number): Promise<Outcome> {
  const { config, data, folder, trainer } = run;
  try {
    const epochs = await train(run, resume, until);
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    const bestEpoch = epochs.findLast(({ best }) => best)?.epoch ?? epochs.length;
    await folder.loadModel(trainer.net, await folder.chosen());
    if (data.validation === undefined) throw new ArgumentError("nothing is set apart to compare trials by");
    const quality = qualityOf(await judge(trainer.net, data.validation, config));
    return { epochs: epochs.length, bestEpoch, seconds, quality };
  } catch (error) {
    if (!(error instanceof NumericError)) throw error;
    const epochs = (await folder.metrics()).length;
    return { epochs, bestEpoch: epochs, seconds: 0, failed: error.message };
  }
}
