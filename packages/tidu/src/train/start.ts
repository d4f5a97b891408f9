import { check, oneOrMore, refuse, words } from "../base/check.js";
import { DeviceError } from "../base/errors.js";
import type { BatchProvider } from "../data/batches.js";
import type { Realizer } from "../tensor/realizer.js";
import { checkpointing } from "./checkpointing.js";
import { checkMemory } from "./checks.js";
import { EVALUATION_BATCH } from "./evaluate.js";
import { Fit, type FitContext, fullBatch } from "./fit.js";
import { Guard } from "./guard.js";
import type { FitOptions } from "./options.js";
import { Progress } from "./progress.js";
import type { Steps } from "./steps.js";

/** Does everything before the first step of a training: checks, compiling, and restoring a checkpoint. */
export async function startFit(context: FitContext, data: BatchProvider, options: FitOptions): Promise<Fit> {
  const { ingredients, seed, before, stepsOf, onEpoch } = context;
  const { batchSize = 64, shuffle = true, dropLast = false, earlyStop, epochs = 1, schedule } = options;
  const reads = ingredients.sharding?.reads(fullBatch(options, data));
  const batches = data.batches({ batchSize, shuffle, dropLast, seed, reads });
  const steps = stepsOf(data, options.augment);
  const validation = options.validation && stepsOf(options.validation);
  ingredients.sharding?.check(batchSize);
  await prepare(steps, fullBatch(options, data), validation, ingredients.device);
  const judged = validation?.measured ?? steps.learned;
  const known = ["loss", ...((validation ?? steps).classifies ? ["accuracy"] : []), ...judged.names];
  if (earlyStop !== undefined && typeof earlyStop.metric !== "function")
    check("fit", "earlyStop.metric", earlyStop.metric ?? "loss", words(...known));
  const bySteps = options.scheduleBy === "step";
  if (bySteps) check("fit", "data.count", batches.perEpoch, oneOrMore);
  const most = Math.floor((schedule?.last ?? epochs) + (bySteps ? 1 / (batches.perEpoch as number) : 1));
  if (epochs > most) refuse("fit", "epochs", epochs, `at most ${most}, where the schedule ends`);
  const parts = { ingredients, options, steps, validation, batches, onEpoch };
  await checkpointing.agree?.(context, parts);
  if (options.checkpoint === undefined && !options.resume) {
    const guard = new Guard(ingredients, steps);
    return new Fit({ ...parts, guard, progress: Progress.start(before, ingredients.optimizer.lr) });
  }
  if (checkpointing.start !== undefined) return checkpointing.start(context, parts);
  throw new DeviceError(
    "fit: checkpoint and resume need Node's file system, which is not available here; store the bytes of serialize(net) yourself",
  );
}

/** Compiles and checks everything that can be checked before the first step. */
async function prepare(steps: Steps, samples: number, validation: Steps | undefined, on?: Realizer): Promise<void> {
  let { arenaBytes, storageBytes } = await steps.prepare("train", samples);
  if (validation !== undefined) {
    const { count = EVALUATION_BATCH, bytes } = validation.data;
    const evaluation = await validation.prepare("evaluate", Math.min(EVALUATION_BATCH, count));
    arenaBytes = Math.max(arenaBytes, evaluation.arenaBytes);
    if (validation.data !== steps.data) storageBytes += bytes;
  }
  checkMemory({ arenaBytes, storageBytes }, samples, on);
  await steps.check();
  await validation?.check();
}
