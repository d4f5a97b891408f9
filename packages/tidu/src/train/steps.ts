import type { Augmentation } from "../augment/augmentation.js";
import { typedArray } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import { signature } from "../compile/simplify.js";
import type { BatchProvider } from "../data/batches.js";
import { apply, elementwise } from "../graph/ops/index.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Compiled, compile, type Needs } from "../tensor/compile.js";
import { amendTraced, collectPending } from "../tensor/pending.js";
import { type Generator, withGenerator } from "../tensor/random.js";
import { adopt, stretch, type Tensor } from "../tensor/tensor.js";
import { withTrace } from "../tensor/trace.js";
import { Feed } from "./feed.js";
import { areClasses, countRight, type Meter } from "./metrics.js";
import { readBatch } from "./read-batch.js";

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
    this.evaluate = compile((...given: Tensor[]) => this.#measure(given, false));
  }

  /** Whether the targets are class numbers. */
  get classifies(): boolean {
    return this.#classes !== undefined;
  }

  /** Compiles a step for batches of so many samples, without running it, and tells what memory it needs. */
  async prepare(kind: "train" | "evaluate", samples: number): Promise<Needs> {
    await this.data.load();
    return this[kind].prepare(...this.#standIns(samples));
  }

  /** Checks the samples, once; a step must be prepared. */
  async check(): Promise<void> {
    if (!this.#checked) await this.data.check(this.#classes);
    this.#checked = true;
  }

  /** What a training step on so many samples computes, written down: the same for the same computation. */
  form(samples: number): string {
    const { updates } = collectPending(() => withTrace(() => this.#learn(this.#standIns(samples))));
    const [values, storages] = [updates.map((u) => u.value), updates.map((u) => u.storage)];
    return signature(values, storages).key;
  }

  #standIns(samples: number): Tensor[] {
    return this.data.types(samples).map(({ shape, dtype }) => adopt(typedArray(dtype, sizeOf(shape)), shape));
  }

  /** Forward pass and loss; their results are noted once `before` has run. */
  #measure(given: readonly Tensor[], training: boolean, before?: (cost: Tensor) => void): void {
    const { net, loss, regularize, meter } = this.#of;
    const { x, t, targets } = readBatch(this.data, given, training ? this.augment : undefined);
    const output = net.during(training, () => net.forward(x));
    this.#classes = areClasses(output, t) ? output.shape[1] : undefined;
    const wanted = targets(t, this.#classes);
    const value = loss(output, wanted);
    const penalty = training ? regularize?.(net.parameters()) : undefined;
    before?.(penalty === undefined ? value : value.add(penalty));
    meter.note(value, this.classifies ? countRight(output, wanted) : undefined, penalty);
  }

  #learn(given: readonly Tensor[]): void {
    const { generator, net, optimizer } = this.#of;
    const update = (cost: Tensor): void => {
      optimizer.minimize(cost, net.parameters());
      // A cost that is not a finite number must not reach the weights: then every update keeps the old value.
      const finite = cost.sub(cost).eq(0).node;
      amendTraced((old, next) =>
        next.dtype === "f32" ? apply(elementwise.where, stretch(finite, next.shape), next, old) : next,
      );
    };
    withGenerator(generator, () => this.#measure(given, true, update));
  }
}
