// `Trainer`: compiled training and evaluation of a network.
import type { Augmentation } from "../augment/augmentation.js";
import {
  anything,
  callback,
  check,
  checkOptions,
  flag,
  instance,
  isPlain,
  needed,
  oneOrMore,
  options as optionsOf,
  whole,
} from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import type { BatchProvider } from "../data/batches.js";
import { checkNet, type Module } from "../nn/module.js";
import { Optimizer } from "../optim/optimizer.js";
import { Generator } from "../tensor/random.js";
import { aDevice } from "../tensor/realizer.js";
import { checkData, checkFit, checkMemory } from "./checks.js";
import { EVALUATION_BATCH, evaluate } from "./evaluate.js";
import type { EvaluateOptions, FitOptions, TrainerOptions } from "./options.js";
import type { EpochReport, Evaluation } from "./reports.js";
import { makeSharding } from "./sharding.js";
import { startFit } from "./start.js";
import { type Ingredients, Steps } from "./steps.js";

const TRAINER = optionsOf({
  loss: needed(callback),
  metrics: { says: "functions by name", ok: (v) => isPlain(v) && Object.values(v as object).every(callback.ok) },
  step: callback,
  optimizer: needed(instance(Optimizer, "an optimizer, such as optim.adam({ lr: 1e-3 })")),
  regularize: callback,
  seed: whole(0),
  // Checked where there are shards.
  shards: anything,
  syncBatchNorm: flag,
  world: anything,
  device: aDevice,
});

const FITTING =
  "fit: the trainer is in another call of fit; wait until its loop ends, leave it by break or return(), or make another";

/**
 * Trains a network on data sets, one compiled step for each mini-batch.
 *
 * @example
 * ```ts
 * import { loss, nn, optim, Trainer } from "tidu";
 * import { dataset } from "tidu/data";
 *
 * const data = dataset(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [2], Uint8Array.of(0, 1, 1, 0));
 * const net = nn.sequential(nn.linear(2, 8), nn.tanh(), nn.linear(8, 2));
 * const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.05 }), seed: 1 });
 * for await (const { epoch, accuracy } of trainer.fit(data, { epochs: 100, batchSize: 4 })) {
 *   if (epoch === 100) console.log(accuracy); // 1
 * }
 * ```
 */
export class Trainer {
  readonly net: Module;
  readonly optimizer: Optimizer;
  readonly #seed: number;
  readonly #ingredients: Ingredients;
  /** By data set and augmentation. */
  readonly #steps = new WeakMap<BatchProvider, Map<string, Steps>>();
  /** Epochs begun in all calls of `fit`. */
  #epochs = 0;
  /** Whether a call of `fit` has begun and not ended. */
  #fitting = false;

  /**
   * Draws the network's parameters from the seed, except those that were loaded or trained.
   *
   * @throws ArgumentError if the seed is not a whole number from 0 to 2^53 - 1, or there is no loss or optimizer.
   */
  constructor(net: Module, options: TrainerOptions) {
    checkNet("Trainer", net);
    check("Trainer", "options", options, TRAINER);
    const { seed = 0, optimizer, shards, world, ...rest } = options;
    this.net = net;
    this.optimizer = optimizer;
    this.#seed = seed;
    this.#ingredients = {
      ...rest,
      optimizer,
      net,
      generator: new Generator(seed),
      sharding: shards === undefined && world === undefined ? undefined : makeSharding(options),
    };
    net.initialize(seed);
  }

  /**
   * Trains epoch by epoch, as the loop asks for reports: `for await (const epoch of trainer.fit(train, { epochs: 3 }))
   * console.log(epoch)`. A further call continues training.
   *
   * @param data a data set in memory, or a stream.
   * @throws before the first step: ArgumentError for an option out of range, a checkpoint of another training, a schedule
   *   that ends too soon, or while another call of `fit` has not ended,
   *   ShapeError where layers do not fit, DataError for a sample with a label that the network has no output for or a
   *   value that is not finite, MemoryError for more memory than the engine can address, FormatError if the checkpoint
   *   to resume from is damaged and no other is valid.
   * @throws NumericError at the first step whose loss is not finite, with the layer where that begins. The network then
   *   has the last weights that are known to be good.
   * @throws DataError for a wrong sample of a stream, when it is read; TiduError if a checkpoint cannot be written.
   */
  async *fit(data: BatchProvider, options: FitOptions = {}): AsyncGenerator<EpochReport, void, void> {
    checkData("fit", data);
    checkFit(options);
    if (this.#fitting) throw new ArgumentError(FITTING);
    this.#fitting = true;
    const context = {
      ingredients: this.#ingredients,
      seed: this.#seed,
      before: this.#epochs,
      stepsOf: (data: BatchProvider, augment?: Augmentation) => this.#stepsOf(data, augment),
      onEpoch: (begun: number) => {
        this.#epochs = begun;
      },
    };
    try {
      yield* (await startFit(context, data, options)).reports();
    } finally {
      this.#fitting = false;
    }
  }

  /**
   * Mean loss and accuracy over a data set, in inference mode. It may run while `fit` trains; each batch then uses the
   * present weights.
   *
   * @throws as `fit` does before the first step, and DataError for a wrong sample of a stream.
   */
  async evaluate(data: BatchProvider, options: EvaluateOptions = {}): Promise<Evaluation> {
    checkData("evaluate", data);
    checkOptions("evaluate", options, { batchSize: oneOrMore });
    const { batchSize = EVALUATION_BATCH } = options;
    const samples = Math.min(batchSize, data.count ?? batchSize);
    const steps = this.#stepsOf(data);
    checkMemory(await steps.prepare("evaluate", samples), samples, this.#ingredients.device);
    await steps.check();
    return (await evaluate(steps, this.#ingredients, samples)) as Evaluation;
  }

  #stepsOf(data: BatchProvider, augment?: Augmentation): Steps {
    const key = String(augment ?? "");
    let known = this.#steps.get(data);
    if (known === undefined) this.#steps.set(data, (known = new Map()));
    let steps = known.get(key);
    if (steps === undefined) known.set(key, (steps = new Steps(data, this.#ingredients, augment)));
    return steps;
  }
}
