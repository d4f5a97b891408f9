// Training with checkpoints. It needs files, so only Node's entry loads it (node.ts).
import {
  callback,
  checkOptions,
  either,
  type Fields,
  flag,
  needed,
  notNegative,
  oneOrMore,
  options as optionsOf,
  refuse,
  text,
} from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import type { Communicator } from "../runtime/collective/communicator.js";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint.js";
import { CheckpointFolder, type Found, findCheckpoint, newestCheckpoint } from "./checkpoint-folder.js";
import { checkpointing } from "./checkpointing.js";
import { serialize } from "./files.js";
import { type Checkpoints, Fit, type FitContext, type FitParts } from "./fit.js";
import { restoreGroups, takeGroups } from "./groups.js";
import { Guard } from "./guard.js";
import { checkIdentity, type Identity, identityOf } from "./identity.js";
import type { FitOptions } from "./options.js";
import { Progress, stateOf } from "./progress.js";
import type { Snapshot } from "./snapshot.js";

const CHECKPOINT: Fields = {
  checkpoint: optionsOf({
    directory: needed(text),
    everySteps: oneOrMore,
    everySeconds: notNegative,
    keep: oneOrMore,
    best: flag,
    note: callback,
  }),
  resume: either(flag, text),
  onResume: callback,
  onWarning: callback,
};

checkpointing.check = ({ checkpoint, resume, onResume, onWarning }) => {
  checkOptions("fit", { checkpoint, resume, onResume, onWarning }, CHECKPOINT);
  if (resume === true && checkpoint === undefined) {
    refuse("fit", "resume", true, "a path, where checkpoint.directory is not given");
  }
};

checkpointing.start = async (context, parts) => {
  const { ingredients, options, steps } = parts;
  const identity = await identityOf(ingredients, context.seed, steps, options);
  const { world } = ingredients.sharding ?? {};
  const found = await told(world, () => find(options));
  if (found !== undefined) check(identity, found, options);
  // One process writes for all.
  const folder = (world?.rank ?? 0) > 0 ? undefined : options.checkpoint && new CheckpointFolder(options.checkpoint);
  await folder?.open(found?.file);
  const keeperOf = (guard: Guard, progress: Progress) =>
    folder && new Keeper(folder, identity, parts, guard, progress, options.checkpoint?.note);
  if (found === undefined) {
    const progress = Progress.start(context.before, ingredients.optimizer.lr);
    const guard = new Guard(ingredients, steps);
    return new Fit({ ...parts, checkpoints: keeperOf(guard, progress), guard, progress });
  }
  const progress = goBack(context, parts, found);
  const { good: when, groups } = found.checkpoint;
  const good = when === undefined || groups.good === undefined ? undefined : { when, values: groups.good };
  const guard = new Guard(ingredients, steps, good);
  return new Fit({ ...parts, checkpoints: keeperOf(guard, progress), guard, progress, best: groups.best });
};

/** Writes the checkpoints of a training to a folder. */
class Keeper implements Checkpoints {
  constructor(
    readonly folder: CheckpointFolder,
    readonly identity: Identity,
    readonly parts: Pick<FitParts, "ingredients" | "steps">,
    readonly guard: Guard,
    readonly progress: Progress,
    readonly note: (() => string) | undefined,
  ) {}

  due(): boolean {
    return this.folder.due();
  }

  saveBest(): Promise<void> {
    return this.folder.writeBest(() => serialize(this.parts.ingredients.net));
  }

  async save(best: Snapshot | undefined): Promise<void> {
    const { progress, identity } = this;
    const { ingredients, steps } = this.parts;
    const { good } = this.guard;
    const groups = {
      ...(await takeGroups(ingredients, steps.beside)),
      ...(good === undefined ? {} : { good: good.values }),
      ...(best === undefined ? {} : { best }),
    };
    const state = stateOf(progress, ingredients.optimizer.lr);
    const note = this.note?.();
    await this.folder.write(progress.epoch, progress.step, {
      identity,
      progress: state,
      good: good?.when,
      note,
      groups,
    });
  }
}

async function find({ resume, checkpoint, onWarning = console.warn }: FitOptions): Promise<Found | undefined> {
  if (typeof resume !== "string")
    return resume ? newestCheckpoint(checkpoint?.directory as string, onWarning) : undefined;
  const found = await findCheckpoint(resume, onWarning);
  if (found !== undefined) return found;
  throw new ArgumentError(
    `fit: there is no checkpoint in ${resume} to resume; name another folder, or start without resume`,
  );
}

/** The checkpoint that rank 0 finds, for all processes: others may not see the file. */
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

/** Throws ArgumentError if a checkpoint belongs to another training. */
function check(identity: Identity, { file, checkpoint }: Found, { schedule }: FitOptions): void {
  checkIdentity(identity, checkpoint.identity, file);
  const { epochRate, firstRate, measured, reports, step } = new Progress(checkpoint.progress);
  const last = step > 0 ? reports.length : reports.length - 1;
  if (schedule === undefined || last < 0) return;
  const rate = schedule(last, firstRate, measured.slice(0, last));
  if (rate === epochRate) return;
  throw new ArgumentError(
    `fit: ${file} is a checkpoint of another training: the schedule gives its epoch ${last + 1} a learning rate of ${rate}, there it was ${epochRate}; give the schedule that it was started with`,
  );
}

/** Restores everything from the checkpoint. */
function goBack(
  { onEpoch }: FitContext,
  { ingredients, options, steps }: Pick<FitParts, "ingredients" | "options" | "steps">,
  found: Found,
): Progress {
  const progress = new Progress(found.checkpoint.progress);
  const { epoch, step, before, reports } = progress;
  restoreGroups(ingredients, steps.beside, found.checkpoint, found.file);
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
