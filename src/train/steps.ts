import type { Dataset } from "../data/dataset.js";
import { apply, elementwise } from "../graph/ops/index.js";
import type { Loss } from "../nn/loss.js";
import type { Module } from "../nn/module.js";
import type { Regularizer } from "../nn/regularize.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Compiled, compile, type Needs } from "../tensor/compile.js";
import { amendTraced } from "../tensor/pending.js";
import { type Generator, withGenerator } from "../tensor/random.js";
import { stretch, type Tensor, tensor } from "../tensor/tensor.js";
import { checkData } from "./checks.js";
import { areClasses, countRight, type Meter } from "./metrics.js";

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

/** The compiled steps for one data set: functions of a mini-batch's sample numbers, i32 [samples]. */
export class Steps {
  /** Learns from a batch. */
  readonly train: Compiled<[Tensor], void>;
  /** Measures a batch, in use rather than learning. */
  readonly evaluate: Compiled<[Tensor], void>;
  readonly #data: Dataset;
  readonly #of: Ingredients;
  /** Scores that the network gives each sample, where targets are class numbers. Known once a step is traced. */
  #classes: number | undefined;
  #checked = false;

  constructor(data: Dataset, ingredients: Ingredients) {
    this.#data = data;
    this.#of = ingredients;
    this.train = compile((indices: Tensor) => withGenerator(ingredients.generator, () => this.#learn(indices)));
    this.evaluate = compile((indices: Tensor) => this.#measure(indices, false));
  }

  /** Whether the targets are class numbers. */
  get classifies(): boolean {
    return this.#classes !== undefined;
  }

  /** Compiles a step for batches of so many samples, without running it, and tells what memory it needs. */
  async prepare(kind: "train" | "evaluate", samples: number): Promise<Needs> {
    // What they are computed from is not computed again in every step.
    await this.#data.inputs.realize();
    await this.#data.targets.realize();
    return this[kind].prepare(tensor(new Int32Array(samples)));
  }

  /** Checks the samples, once; a step must be prepared. */
  async check(): Promise<void> {
    if (!this.#checked) await checkData(this.#data, this.#classes);
    this.#checked = true;
  }

  /** Forward pass and loss; their results are noted once `before` has run. */
  #measure(indices: Tensor, training: boolean, before?: (cost: Tensor) => void): void {
    const { net, loss, regularize, meter } = this.#of;
    const { x, t } = this.#data.batch(indices);
    const output = net.during(training, () => net.forward(x));
    const value = loss(output, t);
    const penalty = training ? regularize?.(net.parameters()) : undefined;
    before?.(penalty === undefined ? value : value.add(penalty));
    const classifies = areClasses(output, t);
    this.#classes = classifies ? output.shape[1] : undefined;
    meter.note(value, classifies ? countRight(output, t) : undefined, penalty);
  }

  #learn(indices: Tensor): void {
    this.#measure(indices, true, (cost) => {
      this.#of.optimizer.minimize(cost, this.#of.net.parameters());
      // A cost that is not a finite number must not reach the weights: then every update keeps the old value.
      const finite = cost.sub(cost).eq(0).node;
      amendTraced((old, next) =>
        next.dtype === "f32" ? apply(elementwise.where, stretch(finite, next.shape), next, old) : next,
      );
    });
  }
}
