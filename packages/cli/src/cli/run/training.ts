// Trains a run and records it, on one process or several.
import {
  type EarlyStopOptions,
  type EpochReport,
  type FitOptions,
  NumericError,
  type Resumed,
  type StepReport,
  type Trainer,
} from "tidu";
import type { World } from "tidu/mpi";
import { Interrupted } from "../exit.js";
import type { Output } from "../output.js";
import { createReporter, silent } from "../ui/progress.js";
import { augmentOf } from "./augment.js";
import type { RunConfig } from "./config.js";
import type { RunData } from "./data.js";
import type { Engine } from "./engine.js";
import type { RunFolder } from "./folder.js";
import { Interrupt } from "./interrupt.js";
import { judge } from "./judgement.js";
import type { EpochMetrics } from "./metrics.js";
import { Recorder } from "./recorder.js";
import { makeSchedule } from "./schedules.js";
import { falls, measureOf } from "./score.js";
import { Show } from "./show.js";
import { leads } from "./world.js";

/** A run that is to be trained. */
export interface Run {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly data: RunData;
  readonly trainer: Trainer;
  readonly engine: Engine;
  readonly output: Output;
  /** The processes that train together, if mpirun or srun started them. */
  readonly world?: World;
}

/** Loaded when it is wanted, as all that draws reports. */
const boardIn = async (path: string) => new (await import("../../report/index.js")).TensorBoardWriter(path);

/**
 * Trains a run from the start, or from its newest checkpoint, and shows it.
 *
 * @param until the last epoch for now; it can go on later as if it had not ended. Default: the run's own.
 * @returns all epochs.
 * @throws Interrupted once the step under way is finished and kept, if a signal asks for it.
 */
export async function train(run: Run, resume: boolean, until = Infinity): Promise<readonly EpochMetrics[]> {
  const { config, folder, data, trainer, output, world } = run;
  const { tensorboard } = config.training;
  const epochs = Math.min(config.training.epochs, until);
  const writes = leads(world);
  const board = writes && tensorboard ? await boardIn(folder.path) : undefined;
  const recorder = writes ? new Recorder(folder, await folder.metrics(), board) : undefined;
  const reporter = output.json || output.quiet ? silent : createReporter(output.stream);
  const reports: EpochReport[] = [];
  const interrupt = new Interrupt(() => reporter.note("finishing this step; a second Ctrl-C ends at once"));
  const show = new Show(config, trainer, reporter);
  const onStep = (step: StepReport): void => {
    recorder?.step(step);
    show.step(step);
  };
  const onResume = (from: Resumed): void => {
    recorder?.resume(from);
    for (const report of from.reports) reports.push(report);
    reporter.note(`continuing in epoch ${from.epoch} of ${epochs} after step ${from.step}`);
  };
  try {
    const hooks = { onStep, onResume, onWarning: (text: string) => reporter.note(text), signal: interrupt.signal };
    for await (const report of trainer.fit(data.train, { ...fitOptions(run, resume, recorder), epochs, ...hooks })) {
      reports.push(report);
      const metrics = await recorder?.epoch(report, trainer.optimizer.lr);
      if (metrics === undefined) continue;
      show.epoch(metrics, data.validationName);
      output.event({ event: "epoch", ...metrics });
    }
    await recorder?.settle();
  } catch (error) {
    // The network then has its last good weights.
    if (writes && error instanceof NumericError) await folder.saveModels(trainer.net);
    if (writes && !resume && !show.begun) await folder.discard();
    throw error;
  } finally {
    reporter.close();
    interrupt.close();
  }
  if (writes) await folder.saveModels(trainer.net);
  const last = reports.at(-1);
  // Whichever process heard the signal, all have stopped.
  const caught = interrupt.caught ?? (world === undefined ? undefined : "SIGTERM");
  if (caught !== undefined && last?.epoch !== epochs && last?.stopped !== true) {
    output.event({ event: "stopped", directory: folder.path, epochs: reports.length });
    throw new Interrupted(caught, `stopped ${show.place}; continue with: tidu resume ${folder.path}`);
  }
  return recorder?.epochs ?? [];
}

function fitOptions(
  { config, folder, data, trainer }: Run,
  resume: boolean,
  recorder: Recorder | undefined,
): FitOptions {
  const { epochs, batchSize, schedule, augment, checkpoint } = config.training;
  return {
    batchSize,
    validation: data.validation,
    schedule: schedule === undefined ? undefined : makeSchedule(schedule, epochs),
    augment: augmentOf(augment),
    earlyStop: earlyStopOf({ config, data, trainer }),
    checkpoint: {
      directory: folder.checkpoints,
      ...checkpoint,
      note: () => recorder?.note(trainer.optimizer.lr) ?? "",
    },
    resume,
  };
}

/** When to stop, and what makes an epoch the best: without a number of epochs to bear training never stops early. */
function earlyStopOf({
  config,
  data,
  trainer,
}: Pick<Run, "config" | "data" | "trainer">): EarlyStopOptions | undefined {
  const { earlyStop, metric } = config.training;
  if (earlyStop === undefined && metric === undefined) return undefined;
  const measure = metric === undefined ? undefined : measureOf(metric);
  const own = async (): Promise<number> =>
    measure?.(await judge(trainer.net, data.validation ?? data.train, config)) ?? Number.NaN;
  return {
    patience: earlyStop ?? Number.MAX_SAFE_INTEGER,
    metric: measure === undefined ? metric : own,
    mode: metric !== undefined && falls(metric) ? "min" : undefined,
    restoreBest: earlyStop !== undefined,
  };
}
