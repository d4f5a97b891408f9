import type { Augmentation } from "../augment/augmentation.js";
import { typedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import { signature } from "../compile/simplify.js";
import type { Batch, BatchProvider } from "../data/batches.js";
import { forwardIn } from "../nn/forward.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import { costOf, trainStep } from "../nn/train-step.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Compiled, compile, type Needs } from "../tensor/compile.js";
import { type Generator, withGenerator } from "../tensor/random.js";
import { resolve } from "../tensor/stored.js";
import { adopt, type Tensor, zeros } from "../tensor/tensor.js";
import { trace } from "../tensor/trace.js";
import { Feed } from "./feed.js";
import { areClasses, countRight, type Meter } from "./metrics.js";
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
  /** Where the results of a step are read. */
  readonly meter: Meter;
  /** How batches are cut into shards, if they are. */
  readonly sharding?: Sharding;
}

/** The compiled steps for one data set: functions of what its batches give them. */
export class Steps {
  /** Learns from a batch. */
  readonly train: Compiled<Tensor[], void>;
  /** Measures a batch, in use rather than learning. */
  readonly evaluate: Compiled<Tensor[], void>;
  /** Brings batches to where the steps take them. */
  readonly feed: Feed;
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

  /** Learns from a batch. @param full samples of batches but the last. */
  async learn(batch: Batch, full: number): Promise<void> {
    const { sharding } = this.#of;
    if (sharding !== undefined) return sharding.learn(this, batch, full);
    await this.train(...(await this.feed.load(batch)));
  }

  /** Checks the samples, once; a step must be prepared. */
  async check(): Promise<void> {
    if (!this.#checked) await this.data.check(this.#classes);
    this.#checked = true;
  }

  /** What a training step on so many samples computes, written down: the same for the same computation. */
  form(samples: number): string {
    const { updates, trace: made } = trace(() => this.#learn(this.#standIns("train", samples)));
    const { values } = resolve(
      updates.map((u) => u.value),
      made,
    );
    return signature(
      values,
      updates.map((u) => u.storage),
    ).key;
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
    const { x, t, targets } = readBatch(this.data, given, undefined);
    const output = forwardIn(net, false, [x]);
    const wanted = targets(t, this.#see(output, t));
    this.#note(output, wanted, costOf(loss, output, wanted));
  }

  #learn(given: readonly Tensor[]): void {
    const { generator, sharding } = this.#of;
    withGenerator(generator, () => {
      const own = sharding?.enter(given, generator) ?? given;
      const { x, t, targets } = readBatch(this.data, own, this.augment);
      let wanted = t;
      const cost = (output: Tensor): Tensor => {
        wanted = targets(t, this.#see(output, t));
        return this.#of.loss(output, wanted);
      };
      const { output, loss, penalty } = (sharding?.step ?? trainStep)({ ...this.#of, loss: cost }, x, t);
      this.#note(output, wanted, loss, penalty, sharding);
    });
  }

  /** The number of classes, where targets are class numbers. */
  #see(output: Tensor, target: Tensor): number | undefined {
    this.#classes = areClasses(output, target) ? output.shape[1] : undefined;
    return this.#classes;
  }

  #note(output: Tensor, wanted: Tensor, loss: Tensor, penalty?: Tensor, sharding?: Sharding): void {
    const right = this.classifies ? countRight(output, wanted) : undefined;
    this.#of.meter.note(loss, right && (sharding?.total(right) ?? right), penalty);
  }
}
