// Compiles the steps of training and evaluation.
import type { Augmentation } from "../augment/augmentation.js";
import { check, having, refuseShape } from "../base/check.js";
import { typedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import type { Batch, BatchProvider } from "../data/batches.js";
import { forwardIn } from "../nn/forward.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import { costOf, keepUnlessFinite, type TrainStepResult, trainStep } from "../nn/train-step.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Arguments, type Compiled, compile, type Needs } from "../tensor/compile.js";
import { type Generator, withGenerator } from "../tensor/random.js";
import { type Realizer, within } from "../tensor/realizer.js";
import { adopt, checkTensor, type Tensor, zeros } from "../tensor/tensor.js";
import { type Traced, trace, tracing } from "../tensor/trace.js";
import { Variable } from "../tensor/variable.js";
import { Feed } from "./feed.js";
import { areClasses, type BatchResult, countRight, Meter, mapped } from "./metrics.js";
import type { OwnStep, OwnStepResult, TrainerOptions } from "./options.js";
import { readBatch } from "./read-batch.js";
import type { Sharding } from "./sharding.js";

/** The ingredients of the steps. */
export interface Ingredients {
  readonly net: Module;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly regularize?: Regularizer;
  /** The generator of dropout masks and the like. */
  readonly generator: Generator;
  readonly metrics?: TrainerOptions["metrics"];
  readonly step?: OwnStep;
  /** How batches are cut into shards, if they are. */
  readonly sharding?: Sharding;
  /** The device that computes the steps, if not the one in use. */
  readonly device?: Realizer;
}

/** The compiled steps for one data set: functions of its batches. */
export class Steps {
  /** Trains on a batch. */
  readonly train: Compiled<Tensor[], void>;
  /** Measures a batch, in inference mode. */
  readonly evaluate: Compiled<Tensor[], void>;
  /** Loads batches into the steps' inputs. */
  readonly feed: Feed;
  /** The results of each step are read here. */
  readonly learned = new Meter();
  readonly measured = new Meter();
  /**
   * What the user's own step assigns beside the network, its optimizer's state and the state of random numbers, such as
   * the state of a second optimizer, by number. Known once a step is traced.
   */
  beside = new Map<string, Variable>();
  readonly #of: Ingredients;
  /** The number of scores for each sample, where targets are class numbers. Known once a step is traced. */
  #classes: number | undefined;
  #checked = false;

  constructor(
    readonly data: BatchProvider,
    ingredients: Ingredients,
    /** The changes to the images of training batches. */
    readonly augment?: Augmentation,
  ) {
    const { device } = ingredients;
    this.feed = new Feed(data, device);
    this.#of = ingredients;
    this.train = on(
      device,
      compile((...given: Tensor[]) => this.#learn(given)),
    );
    this.evaluate = on(
      device,
      compile((...given: Tensor[]) => this.#measure(given)),
    );
  }

  /** Whether the targets are class numbers. */
  get classifies(): boolean {
    return this.#classes !== undefined;
  }

  /** Compiles a step for batches of this many samples, without running it; returns the memory that it needs. */
  async prepare(kind: "train" | "evaluate", samples: number): Promise<Needs> {
    await this.data.load();
    return this[kind].prepare(...this.#standIns(kind, samples));
  }

  /** Trains on a batch, and returns its results. @param full the number of samples of all batches but the last. */
  learn(batch: Batch, full: number): Promise<BatchResult> {
    return this.#run(this.#of.sharding?.learn(this, batch, full) ?? this.train(...this.feed.load(batch)), this.learned);
  }

  /** Measures a batch. */
  measure(batch: Batch): Promise<BatchResult> {
    return this.#run(this.evaluate(...this.feed.load(batch)), this.measured);
  }

  /** Everything is asked of the engine at once, so other calls, such as another evaluation, come before or after. */
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

  /** A training step on this many samples, traced without computing anything. */
  traced(samples: number): Traced<void> {
    return trace(() => this.#learn(this.#standIns("train", samples)));
  }

  #standIns(kind: "train" | "evaluate", samples: number): Tensor[] {
    const { sharding } = this.#of;
    const cut = kind === "train" && sharding !== undefined;
    const given = this.data
      .types(cut ? sharding.largest(samples) : samples)
      .map(({ shape, dtype }) => adopt(typedArray(dtype, sizeOf(shape)), shape, dtype));
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
    const { step, net, optimizer, generator } = this.#of;
    if (step === undefined) return false;
    const targets = listed(t);
    const result = net.during(training, () => step({ ...this.#of, training }, listed(x), targets));
    check("step", "what it returns", result, having("a record with a loss", "loss"));
    checkTensor("step", "loss", result.loss);
    for (const [name, value] of Object.entries(result.metrics ?? {})) checkOne("step", `metrics.${name}`, value);
    keepUnlessFinite(result.loss, () => {});
    if (training) {
      const known = [generator.state, ...net.state().values(), ...optimizer.state(net.namedParameters()).values()];
      const isOther = (v: object): v is Variable => v instanceof Variable && !known.includes(v);
      const owners = [...(tracing()?.written ?? [])].map(({ owner }) => owner);
      this.beside = new Map(owners.filter(isOther).map((v, i) => [String(i), v]));
    }
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
      checkOne("Trainer", `what metrics.${name} returns`, value);
      return sharding?.mean(value) ?? value;
    });
    meter.note(loss, right && (sharding?.total(right) ?? right), penalty, { ...own, ...metrics });
  }
}

/** Throws unless a metric is a tensor of one number. */
function checkOne(where: string, name: string, value: Tensor): void {
  checkTensor(where, name, value);
  if (value.size !== 1) refuseShape(where, name, value, "one number; reduce it, as with mean()");
}

/** A compiled function that runs on the given device, or on the one in use. */
function on<A extends readonly Tensor[], R>(device: Realizer | undefined, run: Compiled<A, R>): Compiled<A, R> {
  const start = (...args: Arguments<A>) => within(device, () => run(...args));
  return Object.assign(start, {
    prepare: (...args: Arguments<A>) => within(device, () => run.prepare(...args)),
  });
}

const listed = (x: Tensor | readonly Tensor[]): readonly Tensor[] => [x].flat() as Tensor[];
