import type { Augmentation } from "../augment/augmentation.js";
import { ArgumentError } from "../base/errors.js";
import type { BatchProvider } from "../data/batches.js";
import { CheckpointFolder, type Found, findCheckpoint, newestCheckpoint } from "./checkpoint-folder.js";
import { checkFit, checkMemory } from "./checks.js";
import { EVALUATION_BATCH } from "./evaluate.js";
import { Fit } from "./fit.js";
import { restoreGroups } from "./groups.js";
import { Guard } from "./guard.js";
import { checkIdentity, type Identity, identityOf } from "./identity.js";
import type { FitOptions } from "./options.js";
import { Progress } from "./progress.js";
import type { Ingredients, Steps } from "./steps.js";

/** What a trainer brings to a call of `fit`. */
export interface FitContext {
  readonly ingredients: Ingredients;
  readonly seed: number;
  /** Epochs begun before. */
  readonly before: number;
  readonly stepsOf: (data: BatchProvider, augment?: Augmentation) => Steps;
  /** Told how many epochs have been begun. */
  readonly onEpoch: (begun: number) => void;
}

/** Does everything that comes before the first step of a training: checks, compiling, and going back to a checkpoint. */
export async function startFit(context: FitContext, data: BatchProvider, options: FitOptions): Promise<Fit> {
  const { ingredients, seed, before, stepsOf, onEpoch } = context;
  const { batchSize = 64, shuffle = true, dropLast = false, earlyStop } = options;
  checkFit(options);
  const batches = data.batches({ batchSize, shuffle, dropLast, seed });
  const steps = stepsOf(data, options.augment);
  const validation = options.validation && stepsOf(options.validation);
  await prepare(steps, Math.min(batchSize, data.count ?? batchSize), validation);
  if (earlyStop?.metric === "accuracy" && !(validation ?? steps).classifies) {
    throw new ArgumentError('fit: earlyStop.metric is "accuracy", but targets are not class numbers: use "loss"');
  }
  const { net, optimizer } = ingredients;
  const parts = { ingredients, options, steps, validation, batches, onEpoch };
  if (options.checkpoint === undefined && !options.resume) {
    return new Fit({ ...parts, guard: new Guard(net, optimizer), progress: Progress.start(before, optimizer.lr) });
  }
  const identity = await identityOf(ingredients, seed, steps, options);
  const found = await find(options);
  if (found !== undefined) check(identity, found, options);
  const folder = options.checkpoint && new CheckpointFolder(options.checkpoint);
  await folder?.open(found?.file);
  const checkpoints = folder && { folder, identity };
  if (found === undefined) {
    const progress = Progress.start(before, optimizer.lr);
    return new Fit({ ...parts, checkpoints, guard: new Guard(net, optimizer), progress });
  }
  const progress = await goBack(context, found, options);
  const { good: when, groups } = found.checkpoint;
  const good = when === undefined || groups.good === undefined ? undefined : { when, values: groups.good };
  return new Fit({ ...parts, checkpoints, guard: new Guard(net, optimizer, good), progress, best: groups.best });
}

/** Compiles and checks everything that can be checked before the first step. */
async function prepare(steps: Steps, samples: number, validation: Steps | undefined): Promise<void> {
  let { arenaBytes, storageBytes } = await steps.prepare("train", samples);
  if (validation !== undefined) {
    const { count = EVALUATION_BATCH, bytes } = validation.data;
    const evaluation = await validation.prepare("evaluate", Math.min(EVALUATION_BATCH, count));
    arenaBytes = Math.max(arenaBytes, evaluation.arenaBytes);
    if (validation.data !== steps.data) storageBytes += bytes;
  }
  checkMemory({ arenaBytes, storageBytes }, samples);
  await steps.check();
  await validation?.check();
}

async function find({ resume, checkpoint, onWarning = console.warn }: FitOptions): Promise<Found | undefined> {
  if (typeof resume !== "string")
    return resume ? newestCheckpoint(checkpoint?.directory as string, onWarning) : undefined;
  const found = await findCheckpoint(resume, onWarning);
  if (found !== undefined) return found;
  throw new ArgumentError(`fit: there is no checkpoint in ${resume} to resume: name another folder, or start anew`);
}

/** Throws ArgumentError where a checkpoint is of another training. */
function check(identity: Identity, { file, checkpoint }: Found, { schedule }: FitOptions): void {
  checkIdentity(identity, checkpoint.identity, file);
  const { epochRate, firstRate, measured, reports, step } = new Progress(checkpoint.progress);
  const last = step > 0 ? reports.length : reports.length - 1;
  if (schedule === undefined || last < 0) return;
  const rate = schedule(last, firstRate, measured.slice(0, last));
  if (rate === epochRate) return;
  throw new ArgumentError(
    `fit: ${file} is a checkpoint of another training: the schedule gives its epoch ${last + 1} a learning rate of ${rate}, there it was ${epochRate}: give the schedule that it was started with`,
  );
}

/** Makes everything as it was when the checkpoint was left. */
async function goBack({ ingredients, onEpoch }: FitContext, found: Found, options: FitOptions): Promise<Progress> {
  const progress = new Progress(found.checkpoint.progress);
  const { epoch, step, before, reports } = progress;
  await restoreGroups(ingredients, found.checkpoint, found.file);
  ingredients.optimizer.lr = found.checkpoint.progress.rate;
  onEpoch(before + reports.length);
  options.onResume?.({ file: found.file, epoch, step, reports: [...reports] });
  return progress;
}
