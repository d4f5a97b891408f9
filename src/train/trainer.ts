import { ArgumentError } from "../base/errors.js";
import type { Dataset } from "../data/dataset.js";
import { Sampler } from "../data/sampler.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import type { Optimizer } from "../optim/optimizer.js";
import type { Schedule } from "../optim/schedule.js";
import { Generator } from "../tensor/random.js";
import { Batches } from "./batches.js";
import { checkMemory, checkPositive } from "./checks.js";
import { Guard } from "./guard.js";
import { Means, Meter } from "./metrics.js";
import type { EpochReport, Evaluation, StepReport } from "./reports.js";
import { type Ingredients, Steps } from "./steps.js";
import { Turns } from "./turns.js";

export interface TrainerOptions {
  /** The cost of a batch. */
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** What is added to the cost on account of the weights, such as `regularize.l2(1e-4)`; reported apart. */
  readonly regularize?: Regularizer;
  /** Decides the first values of the parameters, the order of samples and all masks. Default 0. */
  readonly seed?: number;
}

export interface FitOptions {
  /** Times that every sample is visited. Default 1. */
  readonly epochs?: number;
  /** Samples in a step; more than there are means all. Default 64. */
  readonly batchSize?: number;
  /** Samples in an order of its own for each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Leave out a last batch with fewer samples. Default false. */
  readonly dropLast?: boolean;
  /** Measured after each epoch. */
  readonly validation?: Dataset;
  /**
   * The learning rate of each epoch of this call, from the optimiser's own: `optim.schedule.cosine({ epochs: 10 })`.
   * Schedules that look at a metric are shown the validation loss, or the training loss where there is none.
   */
  readonly schedule?: Schedule;
  /** Called after each step. */
  readonly onStep?: (step: StepReport) => void;
}

export interface EvaluateOptions {
  /** Samples that are computed together; changes the memory used, not the result beyond rounding. Default 250. */
  readonly batchSize?: number;
}

const EVALUATION_BATCH = 250;

/** Trains a network on data sets, one compiled step for each mini-batch. */
export class Trainer {
  readonly net: Module;
  readonly optimizer: Optimizer;
  readonly #seed: number;
  readonly #ingredients: Ingredients;
  readonly #steps = new WeakMap<Dataset, Steps>();
  /** Begun in all calls of `fit`. */
  #epochs = 0;

  /**
   * Draws the network's parameters anew from the seed, those that were loaded or trained excepted.
   *
   * @throws ArgumentError if the seed is not a whole number from 0 to 2^53 - 1.
   */
  constructor(net: Module, options: TrainerOptions) {
    const { seed = 0, optimizer } = options;
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ArgumentError(`trainer: seed is ${seed}; it must be a whole number of at least 0`);
    }
    this.net = net;
    this.optimizer = optimizer;
    this.#seed = seed;
    this.#ingredients = { ...options, net, generator: new Generator(seed), meter: new Meter() };
    net.initialize(seed);
  }

  /**
   * Trains epoch by epoch, as the reports are asked for:
   * `for await (const epoch of trainer.fit(train, { epochs: 3 })) console.log(epoch)`. Called again, it goes on.
   *
   * @throws before the first step: ArgumentError for an option out of range, ShapeError where layers do not fit,
   *   DataError for a sample with a label that the network has no output for or a value that is not finite,
   *   MemoryError for more memory than the engine can address.
   * @throws NumericError at the first step whose loss is not finite, with the layer in which that shows. The network
   *   then has the last weights that are known to be good.
   */
  async *fit(data: Dataset, options: FitOptions = {}): AsyncGenerator<EpochReport, void, void> {
    const { epochs = 1, batchSize = 64, shuffle = true, dropLast = false, validation } = options;
    checkPositive("fit", "epochs", epochs);
    checkPositive("fit", "batchSize", batchSize);
    const sampler = new Sampler({ count: data.count, batchSize, shuffle, dropLast, seed: this.#seed });
    await this.#prepare(data, Math.min(batchSize, data.count), validation);
    const guard = new Guard(this.net, this.optimizer);
    const { lr } = this.optimizer;
    const measured: number[] = [];
    for (let i = 0; i < epochs; i++) {
      if (options.schedule !== undefined) this.optimizer.lr = options.schedule(i, lr, measured);
      const report = await this.#epoch(data, sampler, ++this.#epochs, guard, options.onStep);
      const full: EpochReport =
        validation === undefined ? report : { ...report, validation: await this.evaluate(validation) };
      measured.push(full.validation?.loss ?? report.loss);
      yield full;
    }
  }

  /**
   * Mean loss and accuracy over a data set, in use rather than learning.
   *
   * @throws as `fit` does before the first step.
   */
  async evaluate(data: Dataset, options: EvaluateOptions = {}): Promise<Evaluation> {
    const { batchSize = EVALUATION_BATCH } = options;
    checkPositive("evaluate", "batchSize", batchSize);
    const samples = Math.min(batchSize, data.count);
    const steps = this.#stepsOf(data);
    checkMemory(await steps.prepare("evaluate", samples), samples);
    await steps.check();
    const sampler = new Sampler({ count: data.count, batchSize: samples, shuffle: false, dropLast: false, seed: 0 });
    const [batches, means, turns] = [new Batches(), new Means(), new Turns()];
    for (let i = 0; i < sampler.batchesPerEpoch; i++) {
      const rows = sampler.batch(0, i);
      await steps.evaluate(await batches.load(rows));
      means.add(await this.#ingredients.meter.read(), rows.length);
      await turns.give();
    }
    return means.evaluation(steps.classifies);
  }

  #stepsOf(data: Dataset): Steps {
    let steps = this.#steps.get(data);
    if (steps === undefined) this.#steps.set(data, (steps = new Steps(data, this.#ingredients)));
    return steps;
  }

  /** Compiles and checks everything that can be checked before the first step. */
  async #prepare(data: Dataset, samples: number, validation: Dataset | undefined): Promise<void> {
    const steps = this.#stepsOf(data);
    let { arenaBytes, storageBytes } = await steps.prepare("train", samples);
    if (validation !== undefined) {
      const evaluation = await this.#stepsOf(validation).prepare(
        "evaluate",
        Math.min(EVALUATION_BATCH, validation.count),
      );
      arenaBytes = Math.max(arenaBytes, evaluation.arenaBytes);
      if (validation !== data) storageBytes += validation.bytes;
    }
    checkMemory({ arenaBytes, storageBytes }, samples);
    await steps.check();
    if (validation !== undefined) await this.#stepsOf(validation).check();
  }

  async #epoch(
    data: Dataset,
    sampler: Sampler,
    epoch: number,
    guard: Guard,
    onStep: FitOptions["onStep"],
  ): Promise<EpochReport> {
    const steps = this.#stepsOf(data);
    const [batches, means, turns] = [new Batches(), new Means(), new Turns()];
    const count = sampler.batchesPerEpoch;
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      const rows = sampler.batch(epoch - 1, i);
      const where = `epoch ${epoch}, step ${i + 1}`;
      await guard.before(i + 1, where);
      await steps.train(await batches.load(rows));
      const result = await this.#ingredients.meter.read();
      await guard.after(where, data, rows, result);
      means.add(result, rows.length);
      const accuracy = steps.classifies ? means.accuracy : undefined;
      onStep?.({ epoch, step: i + 1, steps: count, loss: result.loss, accuracy });
      await turns.give();
    }
    await guard.checkWeights(`epoch ${epoch}, step ${count}`);
    const seconds = (performance.now() - start) / 1000;
    return {
      epoch,
      ...means.evaluation(steps.classifies),
      ...(this.#ingredients.regularize === undefined ? {} : { penalty: means.penalty }),
      seconds,
      samplesPerSecond: means.samples / seconds,
    };
  }
}
