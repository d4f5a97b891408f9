import type { Augmentation } from "../augment/augmentation.js";
import { check, having } from "../base/check.js";
import { typedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import type { Batch, BatchProvider } from "../data/batches.js";
import { forwardIn } from "../nn/forward.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import { costOf, keepUnlessFinite, type TrainStepResult, trainStep } from "../nn/train-step.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Compiled, compile, type Needs } from "../tensor/compile.js";
import { type Generator, withGenerator } from "../tensor/random.js";
import { adopt, checkTensor, type Tensor, zeros } from "../tensor/tensor.js";
import { type Traced, trace } from "../tensor/trace.js";
import { Feed } from "./feed.js";
import { areClasses, type BatchResult, countRight, Meter, mapped } from "./metrics.js";
import type { OwnStep, OwnStepResult, TrainerOptions } from "./options.js";
import { readBatch } from "./read-batch.js";
import type { Sharding } from "./sharding.js";

/** What the steps are made of. */
export interface Ingredients {
  readonly net: Module;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly regularize?: Regularizer;
  /** Where masks and the like come from. */
  readonly generator: Generator;
  readonly metrics?: TrainerOptions["metrics"];
  readonly step?: OwnStep;
  /** How batches are cut into shards, if they are. */
  readonly sharding?: Sharding;
}

/** The compiled steps for one data set: functions of what its batches give them. */
export class Steps {
  /** Learns from a batch. */
  readonly train: Compiled<Tensor[], void>;
  /** Measures a batch, in inference mode. */
  readonly evaluate: Compiled<Tensor[], void>;
  /** Brings batches to where the steps take them. */
  readonly feed: Feed;
  /** Where what each came to is read. */
  readonly learned = new Meter();
  readonly measured = new Meter();
  readonly #of: Ingredients;
  /** Scores that the network gives each sample, where targets are class numbers. Known once a step is traced. */
  #classes: number | undefined;
  #checked = false;

  constructor(
    readonly data: BatchProvider,
    ingredients: Ingredients,
    /** What is done to the images of a batch before a network learns from it. */
    readonly augment?: Augmentation,
  ) {
    this.feed = new Feed(data);
    this.#of = ingredients;
    this.train = compile((...given: Tensor[]) => this.#learn(given));
    this.evaluate = compile((...given: Tensor[]) => this.#measure(given));
  }

  /** Whether the targets are class numbers. */
  get classifies(): boolean {
    return this.#classes !== undefined;
  }

  /** Compiles a step for batches of so many samples, without running it, and tells what memory it needs. */
  async prepare(kind: "train" | "evaluate", samples: number): Promise<Needs> {
    await this.data.load();
    return this[kind].prepare(...this.#standIns(kind, samples));
  }

  /** Learns from a batch, and tells what it came to. @param full samples of batches but the last. */
  learn(batch: Batch, full: number): Promise<BatchResult> {
    return this.#run(this.#of.sharding?.learn(this, batch, full) ?? this.train(...this.feed.load(batch)), this.learned);
  }

  /** Measures a batch. */
  measure(batch: Batch): Promise<BatchResult> {
    return this.#run(this.evaluate(...this.feed.load(batch)), this.measured);
  }

  /** All is asked of the engine at once: what others ask meanwhile, such as another evaluation, comes before or after. */
  async #run(running: Promise<void>, meter: Meter): Promise<BatchResult> {
    if (this.#of.sharding !== undefined) await running;
    const [, result] = await Promise.all([running, meter.read()]);
    return result;
  }

  /** Checks the samples, once; a step must be prepared. */
  async check(): Promise<void> {
    if (!this.#checked) await this.data.check(this.#classes);
    this.#checked = true;
  }

  /** A training step on so many samples, followed without computing anything. */
  traced(samples: number): Traced<void> {
    return trace(() => this.#learn(this.#standIns("train", samples)));
  }

  #standIns(kind: "train" | "evaluate", samples: number): Tensor[] {
    const { sharding } = this.#of;
    const cut = kind === "train" && sharding !== undefined;
    const given = this.data
      .types(cut ? sharding.largest(samples) : samples)
      .map(({ shape, dtype }) => adopt(typedArray(dtype, sizeOf(shape)), shape));
    return cut ? [...given, zeros([]), zeros([])] : given;
  }

  #measure(given: readonly Tensor[]): void {
    const { net, loss } = this.#of;
    const { x, t } = readBatch(this.data, given, undefined);
    if (this.#own(false, x, t)) return;
    const output = forwardIn(net, false, listed(x));
    this.#see(output, t as Tensor);
    this.#note(this.measured, { output, loss: costOf(loss, output, t as Tensor) }, t as Tensor);
  }

  /** Runs the user's own step, if there is one. */
  #own(training: boolean, x: Tensor | readonly Tensor[], t: Tensor | readonly Tensor[]): boolean {
    const { step, net } = this.#of;
    if (step === undefined) return false;
    const targets = listed(t);
    const result = net.during(training, () => step({ ...this.#of, training }, listed(x), targets));
    check("step", "what it returns", result, having("a record with a loss", "loss"));
    checkTensor("step", "loss", result.loss);
    keepUnlessFinite(result.loss, () => {});
    this.#see(result.output, targets[0]);
    this.#note(training ? this.learned : this.measured, result, targets[0]);
    return true;
  }

  #learn(given: readonly Tensor[]): void {
    const { generator, sharding } = this.#of;
    withGenerator(generator, () => {
      const own = sharding?.enter(given, generator) ?? given;
      const { x, t, targets } = readBatch(this.data, own, this.augment);
      if (this.#own(true, x, t)) return;
      let wanted = t as Tensor;
      const cost = (output: Tensor): Tensor => {
        wanted = targets(wanted, this.#see(output, wanted));
        return this.#of.loss(output, wanted);
      };
      const result = (sharding?.step ?? trainStep)({ ...this.#of, loss: cost }, x, wanted);
      this.#note(this.learned, result, wanted, sharding);
    });
  }

  /** The number of classes, where targets are class numbers. */
  #see(output: Tensor | undefined, target: Tensor): number | undefined {
    this.#classes = areClasses(output, target) ? output.shape[1] : undefined;
    return this.#classes;
  }

  #note(meter: Meter, result: OwnStepResult & Partial<TrainStepResult>, wanted: Tensor, sharding?: Sharding): void {
    const { loss, output, penalty, metrics } = result;
    const right = this.classifies ? countRight(output as Tensor, wanted) : undefined;
    const own = mapped((output && this.#of.metrics) ?? {}, (of, name) => {
      const value = of(output as Tensor, wanted);
      checkTensor("Trainer", `what metrics.${name} returns`, value);
      return sharding?.mean(value) ?? value;
    });
    meter.note(loss, right && (sharding?.total(right) ?? right), penalty, { ...own, ...metrics });
  }
}

const listed = (x: Tensor | readonly Tensor[]): readonly Tensor[] => [x].flat() as Tensor[];
