// Trainings that leave checkpoints and go on from them. They need files: only what Node gets has this (node.ts).
import { ArgumentError } from "../base/errors.js";
import type { Communicator } from "../runtime/collective/communicator.js";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.js";
import { CheckpointFolder, type Found, findCheckpoint, newestCheckpoint } from "./checkpoint-folder.js";
import { checkpointing } from "./checkpointing.js";
import { Fit, type FitContext, type FitParts } from "./fit.js";
import { restoreGroups } from "./groups.js";
import { Guard } from "./guard.js";
import { checkIdentity, type Identity, identityOf } from "./identity.js";
import type { FitOptions } from "./options.js";
import { Progress } from "./progress.js";

checkpointing.start = async (context, parts) => {
  const { ingredients, options, steps } = parts;
  const { net, optimizer } = ingredients;
  const identity = await identityOf(ingredients, context.seed, steps, options);
  const { world } = ingredients.sharding ?? {};
  const found = await told(world, () => find(options));
  if (found !== undefined) check(identity, found, options);
  // One process writes, for all.
  const folder = (world?.rank ?? 0) > 0 ? undefined : options.checkpoint && new CheckpointFolder(options.checkpoint);
  await folder?.open(found?.file);
  const checkpoints = folder && { folder, identity };
  if (found === undefined) {
    const progress = Progress.start(context.before, optimizer.lr);
    return new Fit({ ...parts, checkpoints, guard: new Guard(net, optimizer), progress });
  }
  const progress = goBack(context, parts, found);
  const { good: when, groups } = found.checkpoint;
  const good = when === undefined || groups.good === undefined ? undefined : { when, values: groups.good };
  return new Fit({ ...parts, checkpoints, guard: new Guard(net, optimizer, good), progress, best: groups.best });
};

async function find({ resume, checkpoint, onWarning = console.warn }: FitOptions): Promise<Found | undefined> {
  if (typeof resume !== "string")
    return resume ? newestCheckpoint(checkpoint?.directory as string, onWarning) : undefined;
  const found = await findCheckpoint(resume, onWarning);
  if (found !== undefined) return found;
  throw new ArgumentError(`fit: there is no checkpoint in ${resume} to resume: name another folder, or start anew`);
}

/** What rank 0 finds, for all: others may see no such file. */
async function told(
  world: Communicator | undefined,
  find: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  if (world === undefined || world.size === 1) return find();
  const found = world.rank === 0 ? await find() : undefined;
  const bytes = found === undefined ? new Uint8Array(0) : await encodeCheckpoint(found.checkpoint);
  const name = new TextEncoder().encode(found?.file ?? "");
  const [[file], [content]] = [world.gather(name), world.gather(bytes)];
  if (content.length === 0) return undefined;
  const path = new TextDecoder().decode(file);
  return { file: path, checkpoint: await decodeCheckpoint(content, path) };
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
function goBack(
  { onEpoch }: FitContext,
  { ingredients, options }: Pick<FitParts, "ingredients" | "options">,
  found: Found,
): Progress {
  const progress = new Progress(found.checkpoint.progress);
  const { epoch, step, before, reports } = progress;
  restoreGroups(ingredients, found.checkpoint, found.file);
  ingredients.optimizer.lr = found.checkpoint.progress.rate;
  onEpoch(before + reports.length);
  const { note } = found.checkpoint;
  options.onResume?.({
    file: found.file,
    epoch,
    step,
    reports: [...reports],
    ...(note === undefined ? {} : { note }),
  });
  return progress;
}
