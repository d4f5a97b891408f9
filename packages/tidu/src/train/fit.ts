import type { Augmentation } from "../augment/augmentation.js";
import { check, real } from "../base/check.js";
import type { Batches, BatchProvider } from "../data/batches.js";
import { EVALUATION_BATCH, evaluate } from "./evaluate.js";
import type { Guard } from "./guard.js";
import { Judge } from "./judge.js";
import type { FitOptions } from "./options.js";
import type { Progress } from "./progress.js";
import type { EpochReport, Evaluation } from "./reports.js";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.js";
import type { Ingredients, Steps } from "./steps.js";

/** Samples of each batch but the last of an epoch. */
export const fullBatch = ({ batchSize = 64 }: FitOptions, { count = batchSize }: BatchProvider): number =>
  Math.min(batchSize, count);

/** A trainer's part in a call of `fit`. */
export interface FitContext {
  readonly ingredients: Ingredients;
  readonly seed: number;
  /** Epochs begun before this call. */
  readonly before: number;
  readonly stepsOf: (data: BatchProvider, augment?: Augmentation) => Steps;
  /** Called with the number of epochs begun. */
  readonly onEpoch: (begun: number) => void;
}

/** The writer of a call's checkpoints. */
export interface Checkpoints {
  /** Whether to write one after this step. */
  due(): boolean;
  /** @param best the best epoch's network so far, if it is to be restored at the end. */
  save(best: Snapshot | undefined): Promise<void>;
  /** Keeps the network as the best so far. */
  saveBest(): Promise<void>;
}

/** The parts of a call of `fit`. */
export interface FitParts {
  readonly ingredients: Ingredients;
  readonly options: FitOptions;
  readonly steps: Steps;
  readonly validation?: Steps;
  readonly batches: Batches;
  readonly guard: Guard;
  readonly progress: Progress;
  /** The best epoch's network so far, if it is to be restored at the end. */
  readonly best?: Snapshot;
  readonly checkpoints?: Checkpoints;
  /** Called with the number of epochs begun. */
  readonly onEpoch: (begun: number) => void;
}

/** One call of `fit`, from its first step or from a checkpoint. */
export class Fit {
  readonly #of: FitParts;
  readonly #judge: Judge;
  #best: Snapshot | undefined;
  #stopped = false;

  constructor(parts: FitParts) {
    this.#of = parts;
    this.#judge = new Judge(parts.options.earlyStop, parts.progress.reports);
    this.#best = parts.best;
  }

  /** The reports of the epochs, each after its epoch and after its checkpoint has been written. */
  async *reports(): AsyncGenerator<EpochReport, void, void> {
    if (this.#ended) this.#restoreBest();
    while (!this.#ended && !this.#stops()) {
      const report = await this.#epoch();
      if (report === undefined) return;
      if (this.#ended) this.#restoreBest();
      yield report;
    }
  }

  get #ended(): boolean {
    const { reports } = this.#of.progress;
    return reports.length >= (this.#of.options.epochs ?? 1) || reports.at(-1)?.stopped === true;
  }

  /** Whether training must stop here; once true, it stays true. */
  #stops(): boolean {
    const { ingredients, options } = this.#of;
    const wanted = options.signal?.aborted === true;
    this.#stopped ||= ingredients.sharding?.stops(wanted) ?? wanted;
    return this.#stopped;
  }

  /** Runs the rest of an epoch; undefined if training ends here. */
  async #epoch(): Promise<EpochReport | undefined> {
    const { ingredients, validation, progress, options, onEpoch, checkpoints } = this.#of;
    onEpoch(progress.epoch);
    await options.onEpoch?.(progress.epoch);
    await this.#train();
    await ingredients.sharding?.compare(ingredients.net, progress.epoch);
    const measured =
      validation === undefined || this.#stopped
        ? undefined
        : await evaluate(validation, ingredients, EVALUATION_BATCH, options.signal);
    const complete = !this.#stopped && !this.#stops();
    const metric = options.earlyStop?.metric;
    const own = typeof metric === "function" ? metric : undefined;
    if (complete) await this.#complete(this.#report(measured, own && (await this.#ask(own))));
    await checkpoints?.save(this.#best);
    return complete ? progress.reports.at(-1) : undefined;
  }

  /** What the user's own metric measures. */
  async #ask(metric: () => number | Promise<number>): Promise<number> {
    const value = await metric();
    check("fit", "what earlyStop.metric returns", value, real);
    return value;
  }

  /** Sets the schedule's learning rate for the epoch, or the step. */
  #setRate(): void {
    const { batches, ingredients, progress, options } = this.#of;
    const { step, reports, firstRate, measured } = progress;
    if (options.schedule === undefined || (step > 0 && options.scheduleBy !== "step")) return;
    const rate = options.schedule(reports.length + step / (batches.perEpoch ?? 1), firstRate, measured);
    if (step === 0) progress.epochRate = rate;
    ingredients.optimizer.lr = rate;
  }

  /** Runs the remaining steps of the epoch. */
  async #train(): Promise<void> {
    const { batches, checkpoints, guard, options, progress, steps } = this.#of;
    const full = fullBatch(options, steps.data);
    let start = performance.now();
    for await (const batch of batches.epoch(progress.epoch - 1, progress.step)) {
      this.#setRate();
      progress.step++;
      await guard.before(progress.step, progress.where);
      const result = await steps.learn(batch, full);
      await guard.after(progress.where, steps.feed, batch, result);
      progress.means.add(result, batch.samples.length);
      progress.seconds += (performance.now() - start) / 1000;
      await this.#tell(result.loss);
      if (checkpoints?.due()) await checkpoints.save(this.#best);
      if (this.#stops()) return;
      start = performance.now();
    }
    await guard.checkWeights(progress.where);
  }

  #tell(loss: number): unknown {
    const { batches, options, progress, steps } = this.#of;
    const { epoch, step, means } = progress;
    const { accuracy } = means.evaluation(steps.classifies);
    return options.onStep?.({ epoch, step, steps: batches.perEpoch, loss, accuracy });
  }

  /** The report of the current epoch, compared with those before. */
  #report(validation: Evaluation | undefined, measured: number | undefined): EpochReport {
    const { ingredients, progress, steps } = this.#of;
    const told = progress.report(steps.classifies, ingredients.regularize !== undefined, validation);
    const report = measured === undefined ? told : { ...told, measured };
    const { best, stops } = this.#judge.next(report);
    return { ...report, ...(best && { best }), ...(stops && { stopped: stops }) };
  }

  /** Ends the current epoch. */
  async #complete(report: EpochReport): Promise<void> {
    const { ingredients, progress, options, checkpoints } = this.#of;
    const { net } = ingredients;
    if (report.best && options.earlyStop?.restoreBest) this.#best = await takeSnapshot(net.state());
    if (report.best) await checkpoints?.saveBest();
    progress.complete(report);
  }

  #restoreBest(): void {
    if (this.#best !== undefined) restoreSnapshot(this.#of.ingredients.net.state(), this.#best);
  }
}
