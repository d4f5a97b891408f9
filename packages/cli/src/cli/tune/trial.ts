// Trains a trial, or resumes it, and measures it on the validation part.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, DataError, FormatError } from "tidu";
import { Interrupted, isSystemError, messageOf } from "../exit.js";
import type { ModelRecord } from "../models/record.js";
import type { Output } from "../output.js";
import { type Ground, prepare, settleIn } from "../run/begin.js";
import { RunFolder } from "../run/folder.js";
import { judge } from "../run/judgement.js";
import { qualityOf } from "../run/quality.js";
import { makeTrainer } from "../run/trainer.js";
import { type Run, train } from "../run/training.js";
import { makeUntrained } from "../run/use.js";
import type { Wishes } from "../run/wishes.js";
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
 * Trains a unit's run in a folder up to the end of its rung. Where its network cannot be made, does not fit into the
 * memory or comes to numbers that are not finite, the outcome says so.
 *
 * @throws DataError for a file in the folder that is damaged; TiduError for a disk that is full; Interrupted if a signal asks for it; then training goes on from there the next time.
 */
export async function tryOut(plan: Plan, unit: Unit, path: string, ground: Ground, output: Output): Promise<Outcome> {
  const wishes = withModel({ ...wishesOfUnit(plan, unit), out: path });
  const isThere = existsSync(join(path, "config.json"));
  const run = isThere ? await again(path, ground, output) : await anew(path, ground, wishes, output);
  if ("failed" in run) return run;
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
  const prepared = await prepare(ground, wishes).catch(failed);
  return "failed" in prepared ? prepared : settleIn(path, ground, prepared, output);
}

/** The outcome of a trial that cannot be trained. Throws the error if it is not the trial's own. */
function failed(error: unknown): Outcome & { readonly failed: string } {
  if (!isOwn(error)) throw error;
  return { epochs: 0, bestEpoch: 0, seconds: 0, failed: messageOf(error) };
}

/** Whether an error comes of a trial's settings: other trials may do well. A disk or a damaged file is all trials' matter. */
function isOwn(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof Interrupted || error instanceof FormatError) return false;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) if (isSystemError(cause)) return false;
  return true;
}

async function again(path: string, { engine, data }: Ground, output: Output): Promise<Run | ReturnType<typeof failed>> {
  const { folder, config } = await opened(path);
  await folder.hold();
  try {
    const net = await makeUntrained({ folder, config });
    return { config, folder, data, trainer: makeTrainer(net, config), engine, output };
  } catch (error) {
    await folder.free();
    return failed(error);
  }
}

/** A trial's folder, whose files were read once, so that a damaged one is not taken for a trial that failed. */
async function opened(path: string) {
  try {
    const found = await RunFolder.open(path);
    await found.folder.metrics();
    return found;
  } catch (error) {
    if (!(error instanceof DataError || error instanceof FormatError)) throw error;
    throw new DataError(
      `${error.message}; in a search, remove ${path} and run tidu resume, which trains the trial again`,
    );
  }
}

async function measure(run: Run, resume: boolean, until: number): Promise<Outcome> {
  const { config, data, folder, trainer } = run;
  try {
    const epochs = await train(run, resume, until);
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    const bestEpoch = epochs.findLast(({ best }) => best)?.epoch ?? epochs.length;
    await folder.loadModel(trainer.net, await folder.chosen());
    if (data.validation === undefined) throw new ArgumentError("there are no validation data to compare trials by");
    const quality = qualityOf(await judge(trainer.net, data.validation, config));
    return { epochs: epochs.length, bestEpoch, seconds, quality };
  } catch (error) {
    const epochs = (await folder.metrics()).length;
    return { ...failed(error), epochs, bestEpoch: epochs };
  }
}
