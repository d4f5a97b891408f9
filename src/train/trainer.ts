import { ArgumentError, DataError, NumericError } from "../base/errors.js";
import type { Dataset } from "../data/dataset.js";
import { Sampler } from "../data/sampler.js";
import { apply, elementwise } from "../graph/ops/index.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Compiled, compile, overwrite } from "../tensor/compile.js";
import { amendTraced } from "../tensor/pending.js";
import { Generator, withGenerator } from "../tensor/random.js";
import { stretch, type Tensor, tensor } from "../tensor/tensor.js";
import { firstNonFinite, hasNonFinite } from "./diagnose.js";
import { countRight, Totals } from "./metrics.js";

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
  /** Samples in a step. Default 64. */
  readonly batchSize?: number;
  /** Samples in an order of its own for each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Leave out a last batch with fewer samples. Default false. */
  readonly dropLast?: boolean;
  /** Measured after each epoch. */
  readonly validation?: Dataset;
  /** Called after each step. */
  readonly onStep?: (step: StepReport) => void;
}

export interface StepReport {
  /** From 1. */
  readonly epoch: number;
  /** Steps done in this epoch, from 1, and how many it has. */
  readonly step: number;
  readonly steps: number;
  /** Loss of this batch, without the regulariser's share. */
  readonly loss: number;
  /** Share of right answers so far in this epoch; undefined where the targets are not class numbers. */
  readonly accuracy?: number;
}

export interface Evaluation {
  /** Mean loss of a sample. */
  readonly loss: number;
  /** Share of samples put into the right class; undefined where the targets are not class numbers. */
  readonly accuracy?: number;
}

export interface EpochReport extends Evaluation {
  /** From 1. */
  readonly epoch: number;
  /** Mean of what the regulariser added. */
  readonly penalty?: number;
  readonly validation?: Evaluation;
  /** Time of the training steps alone. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

type Step = Compiled<[Tensor], void>;

/** Trains a network on data sets, one compiled step for each mini-batch. */
export class Trainer {
  readonly net: Module;
  readonly optimizer: Optimizer;
  readonly #options: TrainerOptions;
  readonly #generator: Generator;
  readonly #totals = new Totals();
  readonly #classify: { known: boolean } = { known: false };
  readonly #steps = new WeakMap<Dataset, { train: Step; evaluate: Step }>();

  constructor(net: Module, options: TrainerOptions) {
    const seed = options.seed ?? 0;
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ArgumentError(`trainer: seed is ${seed}; it must be a whole number of at least 0`);
    }
    this.net = net;
    this.optimizer = options.optimizer;
    this.#options = options;
    this.#generator = new Generator(seed);
    net.initialize(seed);
  }

  /**
   * Trains epoch by epoch: `for await (const epoch of trainer.fit(train, { epochs: 3 })) console.log(epoch)`.
   *
   * @throws NumericError at the first step whose loss is not finite, naming the layer; the weights stay as they were
   *   before that step.
   */
  async *fit(data: Dataset, options: FitOptions = {}): AsyncGenerator<EpochReport, void, void> {
    const { epochs = 1, batchSize = 64, shuffle = true, dropLast = false, validation } = options;
    const seed = this.#options.seed ?? 0;
    const sampler = new Sampler({ count: data.count, batchSize, shuffle, dropLast, seed });
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const report = await this.#epoch(data, sampler, epoch, options.onStep);
      yield validation === undefined ? report : { ...report, validation: await this.evaluate(validation) };
    }
  }

  async #epoch(data: Dataset, sampler: Sampler, epoch: number, onStep: FitOptions["onStep"]): Promise<EpochReport> {
    const { train } = this.#stepsOf(data);
    const batches = new Batches();
    const steps = sampler.batchesPerEpoch;
    const backup = await this.#backup();
    this.#totals.reset();
    const start = performance.now();
    let samples = 0;
    for (let i = 0; i < steps; i++) {
      const indices = await batches.load(sampler.batch(epoch - 1, i));
      await train(indices);
      samples += indices.size;
      const { lastLoss, accuracy } = await this.#totals.read();
      if (!Number.isFinite(lastLoss)) await this.#stop(data, indices, epoch, i + 1, lastLoss, backup);
      onStep?.({ epoch, step: i + 1, steps, loss: lastLoss, accuracy: this.#classify.known ? accuracy : undefined });
    }
    const seconds = (performance.now() - start) / 1000;
    const { loss, accuracy, penalty } = await this.#totals.read();
    return {
      epoch,
      loss,
      ...(this.#classify.known ? { accuracy } : {}),
      ...(this.#options.regularize === undefined ? {} : { penalty }),
      seconds,
      samplesPerSecond: samples / seconds,
    };
  }

  /** Mean loss and accuracy over a data set, in use rather than learning. */
  async evaluate(data: Dataset, options: { batchSize?: number } = {}): Promise<Evaluation> {
    const { evaluate } = this.#stepsOf(data);
    const sampler = new Sampler({
      count: data.count,
      batchSize: Math.min(options.batchSize ?? 250, data.count),
      shuffle: false,
      dropLast: false,
      seed: 0,
    });
    const batches = new Batches();
    this.#totals.reset();
    for (let i = 0; i < sampler.batchesPerEpoch; i++) await evaluate(await batches.load(sampler.batch(0, i)));
    const { loss, accuracy } = await this.#totals.read();
    return this.#classify.known ? { loss, accuracy } : { loss };
  }

  #stepsOf(data: Dataset): { train: Step; evaluate: Step } {
    let steps = this.#steps.get(data);
    if (steps === undefined) {
      const train = compile((indices: Tensor) => withGenerator(this.#generator, () => this.#trainStep(data, indices)));
      const evaluate = compile((indices: Tensor) => {
        this.#measure(data, indices, false);
      });
      this.#steps.set(data, (steps = { train, evaluate }));
    }
    return steps;
  }

  /** Forward pass and loss, added to the totals once `before` has run. */
  #measure(data: Dataset, indices: Tensor, training: boolean, before?: (cost: Tensor, loss: Tensor) => void): void {
    const { x, t } = data.batch(indices);
    const output = this.net.during(training, () => this.net.forward(x));
    checkClasses(data, output);
    const loss = this.#options.loss(output, t);
    const penalty = training ? this.#options.regularize?.(this.net.parameters()) : undefined;
    before?.(penalty === undefined ? loss : loss.add(penalty), loss);
    const right = countRight(output, t);
    this.#classify.known = right !== undefined;
    this.#totals.add(loss, right, penalty, indices.size);
  }

  #trainStep(data: Dataset, indices: Tensor): void {
    this.#measure(data, indices, true, (cost) => {
      this.optimizer.minimize(cost, this.net.parameters());
      // A cost that is not a number must not reach the weights: then every update keeps the old value.
      const finite = cost.sub(cost).eq(0).node;
      amendTraced((old, next) =>
        next.dtype === "f32" ? apply(elementwise.where, stretch(finite, next.shape), next, old) : next,
      );
    });
  }

  /** Copies of the weights, to return to if a gradient overflows without the loss showing it. */
  async #backup(): Promise<Map<string, Awaited<ReturnType<Tensor["data"]>>>> {
    const copies = new Map();
    for (const [name, v] of this.net.state()) copies.set(name, await v.data());
    return copies;
  }

  async #stop(
    data: Dataset,
    indices: Tensor,
    epoch: number,
    step: number,
    loss: number,
    backup: ReadonlyMap<string, Awaited<ReturnType<Tensor["data"]>>>,
  ): Promise<never> {
    const place = await firstNonFinite(this.net, data.batch(indices).x);
    let spoiled = false;
    for (const [, p] of this.net.namedParameters()) spoiled ||= await hasNonFinite(p);
    if (spoiled) {
      for (const [name, v] of this.net.state()) {
        const copy = backup.get(name);
        if (copy !== undefined) v.assign(tensor(copy, v.shape));
      }
    }
    const kept = spoiled ? `of the start of epoch ${epoch}` : "of before this step";
    throw new NumericError(
      `epoch ${epoch}, step ${step}: the loss is ${loss}; the first value that is not finite is in ${place}. The weights ${kept} are kept: use a lower learning rate (now ${this.optimizer.lr}) or check the data`,
    );
  }
}

function checkClasses(data: Dataset, output: Tensor): void {
  const { classes } = data;
  if (classes !== undefined && output.rank === 2 && output.shape[1] < classes.length) {
    throw new DataError(
      `trainer: the data set has ${classes.length} classes, the network's output ${output.shape[1]}: give its last layer ${classes.length} outputs`,
    );
  }
}

/** One tensor of sample numbers for each batch size, filled again for every batch. */
class Batches {
  readonly #tensors = new Map<number, Tensor>();

  async load(rows: Int32Array): Promise<Tensor> {
    let indices = this.#tensors.get(rows.length);
    if (indices === undefined) {
      indices = await tensor(rows).realize();
      this.#tensors.set(rows.length, indices);
    } else overwrite(indices, rows);
    return indices;
  }
}
