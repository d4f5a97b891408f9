import { compile, Generator, type nn, tensor, trainStep, type Variable } from "tidu";
import type { Batch } from "tidu/data";
import { lossOf, optimizerOf, penaltyOf } from "./costs.js";
import type { Data } from "./data.js";
import { measure } from "./measure.js";
import { sequentialOf } from "./network.js";
import type { EpochResult, Position } from "./protocol.js";
import type { Settings } from "./settings.js";
import { type Snapshot, Snapshots } from "./snapshots.js";

/** One training: step by step what `Trainer.fit` does with the same settings, with the same bits. */
export class Session {
  readonly net: nn.Module;
  readonly generator: Generator;
  readonly #optimizer;
  readonly #step;
  readonly #evaluate;
  readonly #batches;
  readonly #snapshots = new Snapshots();
  #batch: AsyncIterator<Batch> | undefined;
  #position: Position = { epoch: 0, step: 0 };
  #sums = { samples: 0, loss: 0, right: 0 };
  #last: Int32Array;

  constructor(
    readonly settings: Settings,
    readonly data: Data,
    readonly layers: readonly nn.Module[],
  ) {
    const { seed, batch } = settings;
    const { train } = data;
    this.net = sequentialOf(layers).initialize(seed);
    this.generator = new Generator(seed);
    this.#optimizer = optimizerOf(settings);
    const batchSize = Math.min(batch, train.count);
    this.#batches = train.batches({ batchSize, shuffle: true, dropLast: false, seed });
    this.#last = Int32Array.from({ length: batchSize }, (_, i) => i);
    const [cost, penalty] = [lossOf(settings), penaltyOf(settings)];
    const { net, generator } = this;
    const parts = { net, loss: cost, optimizer: this.#optimizer, regularize: penalty, generator };
    this.#step = compile((samples) => {
      const { x, t } = train.batch(samples);
      const { output, loss } = trainStep(parts, x, t);
      return [loss, output.argmax(1).eq(t).toFloat().sum()];
    });
    this.#evaluate = measure(this.net, cost, data);
  }

  get position(): Position {
    return this.#position;
  }

  get steps(): number {
    return this.#batches.perEpoch ?? 1;
  }

  /** Epochs that can be gone back to. */
  get saved(): readonly number[] {
    return this.#snapshots.epochs;
  }

  /** Samples of the last step; before the first one, those of as large a batch. */
  get lastSamples(): Int32Array {
    return this.#last;
  }

  /** Brings the data into the engine and saves where training begins. */
  async prepare(): Promise<void> {
    await this.data.train.load();
    await this.data.test.load();
    await this.#snapshots.save(0, this.#variables);
  }

  /** The loss of one step, and the epoch's result if it was the last of one. */
  async step(): Promise<{ loss: number; result?: EpochResult }> {
    this.#batch ??= this.#batches.epoch(this.#position.epoch)[Symbol.asyncIterator]();
    const { value } = await this.#batch.next();
    const { samples } = value as Batch;
    const [loss, right] = await Promise.all((await this.#step(tensor(samples))).map((v) => v.item()));
    this.#last = samples;
    const { epoch, step } = this.#position;
    this.#sums.samples += samples.length;
    this.#sums.loss += loss * samples.length;
    this.#sums.right += right;
    this.#position = { epoch, step: step + 1 };
    if (!Number.isFinite(loss)) throw new Error(await this.#giveUp(loss));
    return step + 1 < this.steps ? { loss } : { loss, result: await this.#endEpoch() };
  }

  /** How the network does on the samples that it does not learn from. */
  evaluate = () => this.#evaluate();

  /** Goes to a saved epoch. Undefined if it is not kept. */
  restore(epoch: number): Snapshot | undefined {
    const snapshot = this.#snapshots.restore(epoch, this.#variables);
    if (snapshot !== undefined) this.#begin(epoch);
    return snapshot;
  }

  async #endEpoch(): Promise<EpochResult> {
    const { samples, loss, right } = this.#sums;
    const epoch = this.#position.epoch + 1;
    this.#begin(epoch);
    const { confusion, ...test } = await this.#evaluate();
    const result = { epoch, loss: loss / samples, accuracy: right / samples, test, confusion };
    await this.#snapshots.save(epoch, this.#variables, result);
    return result;
  }

  #begin(epoch: number): void {
    this.#position = { epoch, step: 0 };
    this.#batch = undefined;
    this.#sums = { samples: 0, loss: 0, right: 0 };
  }

  async #giveUp(loss: number): Promise<string> {
    const { epoch, step } = this.#position;
    const back = this.saved.at(-1) ?? 0;
    this.restore(back);
    return `epoch ${epoch + 1}, step ${step}: the loss is ${loss}; the weights are those after epoch ${back}: use a lower learning rate (now ${this.#optimizer.lr})`;
  }

  /** Everything that steps change; the optimiser's own once there was a step, before which they are all zeros. */
  get #variables(): Variable[] {
    const { net, generator } = this;
    return [...net.state().values(), generator.state, ...this.#optimizer.state(net.namedParameters()).values()];
  }
}
