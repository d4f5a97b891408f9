// One training with its settings, step by step.
import { type Compiled, compile, Generator, type nn, type Tensor, tensor, trainStep, type Variable } from "tidu";
import type { Batch } from "tidu/data";
import { type Change, sameThing, withChanges } from "./changes.js";
import { lossOf, optimizerOf, penaltyOf } from "./costs.js";
import type { Data } from "./data.js";
import { type Evaluation, measure } from "./measure.js";
import { makeLayer, sequentialOf } from "./network.js";
import type { Asked, EpochResult, Position } from "./protocol.js";
import type { Settings } from "./settings.js";
import { type Snapshot, Snapshots } from "./snapshots.js";
import { Troubled } from "./trouble.js";
import { loadWeights } from "./weights-file.js";

/** Weights from a file, which took the place of the network's before step `at`. */
interface Loaded {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly file: string;
}

/** One training: step by step what `Trainer.fit` does with the same settings, with the same bits; and its changes. */
export class Session {
  readonly generator: Generator;
  readonly #optimizer;
  readonly #batches;
  #snapshots = new Snapshots();
  #net: nn.Module;
  /** The settings as changes have made them by now. */
  #now: Settings;
  #changes: readonly Change[];
  #loaded: readonly Loaded[] = [];
  #step: Compiled<[Tensor], readonly Tensor[]> | undefined;
  #evaluate: (() => Promise<Evaluation>) | undefined;
  #version = 0;
  #batch: AsyncIterator<Batch> | undefined;
  #position: Position = { epoch: 0, step: 0 };
  #sums = { samples: 0, loss: 0, right: 0 };
  #last: Int32Array;

  /** @param changes what is to change on the way. */
  constructor(
    readonly settings: Settings,
    readonly data: Data,
    readonly layers: nn.Module[],
    changes: readonly Change[] = [],
  ) {
    const { seed, batch } = settings;
    const { train } = data;
    this.#now = settings;
    this.#changes = changes;
    this.#net = sequentialOf(layers).initialize(seed);
    this.generator = new Generator(seed);
    this.#optimizer = optimizerOf(settings);
    const batchSize = Math.min(batch, train.count);
    this.#batches = train.batches({ batchSize, shuffle: true, dropLast: false, seed });
    this.#last = Int32Array.from({ length: batchSize }, (_, i) => i);
  }

  get net(): nn.Module {
    return this.#net;
  }

  /** The settings as they are by now. */
  get now(): Settings {
    return this.#now;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  /** Whether weights were loaded into it, which neither its settings nor its changes say. */
  get hasLoaded(): boolean {
    return this.#loaded.length > 0;
  }

  /** Rises when layers are replaced: they must then be compiled again. */
  get version(): number {
    return this.#version;
  }

  get position(): Position {
    return this.#position;
  }

  get steps(): number {
    return this.#batches.perEpoch ?? 1;
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
    await this.#settle();
  }

  /** The loss of one step, and the epoch's result if it was the last of one. */
  async step(): Promise<{ loss: number; result?: EpochResult }> {
    if (this.#changes.length > 0 || this.hasLoaded) await this.#settle();
    this.#batch ??= this.#batches.epoch(this.#position.epoch)[Symbol.asyncIterator]();
    const { value } = await this.#batch.next();
    const { samples } = value as Batch;
    this.#step ??= this.#makeStep();
    const [loss, right] = await Promise.all((await this.#step(tensor(samples))).map((v) => v.item()));
    this.#last = samples;
    const { epoch, step } = this.#position;
    this.#sums.samples += samples.length;
    this.#sums.loss += loss * samples.length;
    this.#sums.right += right ?? 0;
    this.#position = { epoch, step: step + 1 };
    if (!Number.isFinite(loss)) return this.#giveUp(loss);
    return step + 1 < this.steps ? { loss } : { loss, result: await this.#endEpoch() };
  }

  /** How the network does on the samples that it does not learn from. */
  evaluate(): Promise<Evaluation> {
    this.#evaluate ??= measure(this.#net, lossOf(this.#now, this.data.classes), this.data);
    return this.#evaluate();
  }

  /** Goes to the last epoch up to `epoch` that is kept: `step` leads on from there, with the same bits as before. */
  async restore(epoch: number): Promise<Snapshot> {
    const { epoch: kept, snapshot } = this.#snapshots.restore(epoch, this.#variables);
    this.#begin(kept);
    await this.#settle();
    return snapshot;
  }

  /** Goes on, here, from the last epoch that a session of the same settings kept whose device holds nothing any more. */
  async takeOver(other: Session): Promise<Snapshot> {
    this.#snapshots = other.#snapshots;
    this.#loaded = other.#loaded;
    this.#step ??= this.#makeStep();
    // Makes what the optimizer remembers, so that it can be given back.
    this.#step.prepare(tensor(this.#last));
    return this.restore(other.position.epoch);
  }

  /** Changes a number from the next step on. What was to come later is void. */
  async change(asked: Asked): Promise<void> {
    const change = { ...asked, at: this.#at } as Change;
    const before = this.#changes.filter((other) => other.at <= change.at);
    this.#changes = [...before.filter((other) => other.at < change.at || !sameThing(other, change)), change];
    this.#loaded = this.#loaded.filter(({ at }) => at <= change.at);
    this.#forgetLater();
    await this.#settle();
  }

  /** Goes on with the weights of a file. What was to come later is void, and so are weights that were set for this step. */
  load(bytes: Uint8Array, file: string): void {
    loadWeights(this.#net, bytes, file);
    const at = this.#at;
    this.#loaded = [...this.#loaded.filter((other) => other.at < at), { at, bytes, file }];
    this.#changes = this.#changes.filter((change) => change.at < at || (change.at === at && change.what !== "weight"));
    this.#forgetLater();
  }

  /** Drops what is kept of later epochs, which no longer follow. */
  #forgetLater(): void {
    this.#snapshots.forgetAfter(this.#position.epoch);
  }

  /** Keeps only a few epochs, from which the others are found again by training. */
  rest(): void {
    this.#snapshots.keepFew();
  }

  /** Steps since the beginning. */
  get #at(): number {
    return this.#position.epoch * this.steps + this.#position.step;
  }

  #makeStep(): Compiled<[Tensor], readonly Tensor[]> {
    const { generator, data } = this;
    const [net, now] = [this.#net, this.#now];
    const cost = lossOf(now, data.classes);
    const parts = { net, loss: cost, optimizer: this.#optimizer, regularize: penaltyOf(now), generator };
    return compile((samples) => {
      const { x, t } = data.train.batch(samples);
      const { output, loss } = trainStep(parts, x, t);
      return data.classes === undefined ? [loss] : [loss, output.argmax(1).eq(t).toFloat().sum()];
    });
  }

  /** Makes the numbers those that the changes say for this step. */
  async #settle(): Promise<void> {
    const at = this.#at;
    const wanted = withChanges(
      this.settings,
      this.#changes.filter((change) => change.at <= at),
    );
    this.#optimizer.lr = wanted.lr;
    if (wanted.l1 !== this.#now.l1 || wanted.l2 !== this.#now.l2) this.#step = undefined;
    const replaced = wanted.layers.flatMap(({ values }, i) => (values.p === this.#now.layers[i].values.p ? [] : [i]));
    this.#now = wanted;
    if (replaced.length > 0) this.#replace(replaced);
    for (const { at: then, bytes, file } of this.#loaded) if (then === at) loadWeights(this.#net, bytes, file);
    for (const change of this.#changes) if (change.what === "weight" && change.at === at) await this.#setWeight(change);
  }

  /** Puts dropout layers with another share in the place of those that are there; they have no weights. */
  #replace(places: readonly number[]): void {
    for (const i of places) this.layers[i] = makeLayer(this.#now.layers[i], []);
    this.#net = sequentialOf(this.layers);
    this.#step = this.#evaluate = undefined;
    this.#version++;
  }

  async #setWeight({ layer, parameter, index, value }: Change & { what: "weight" }): Promise<void> {
    const variable = this.layers[layer]?.namedParameters().get(parameter);
    // An address may name what there is not.
    if (variable === undefined || index >= variable.size) return;
    const values = (await variable.data()).slice();
    values[index] = value;
    variable.assign(tensor(values, variable.shape));
  }

  async #endEpoch(): Promise<EpochResult> {
    const { samples, loss, right } = this.#sums;
    const epoch = this.#position.epoch + 1;
    this.#begin(epoch);
    const { confusion, ...test } = await this.evaluate();
    const accuracy = this.data.classes === undefined ? undefined : right / samples;
    const result = { epoch, loss: loss / samples, accuracy, test, confusion };
    await this.#snapshots.save(epoch, this.#variables, result);
    return result;
  }

  #begin(epoch: number): void {
    this.#position = { epoch, step: 0 };
    this.#batch = undefined;
    this.#sums = { samples: 0, loss: 0, right: 0 };
  }

  async #giveUp(loss: number): Promise<never> {
    const { epoch, step } = this.#position;
    const { lr } = this.#now;
    await this.restore(epoch);
    throw new Troubled({
      code: "notFinite",
      epoch: epoch + 1,
      step,
      loss: String(loss),
      back: this.#position.epoch,
      lr,
    });
  }

  /** Everything that steps change; the optimizer's own once there was a step, before which they are all zeros. */
  get #variables(): Variable[] {
    const { net, generator } = this;
    return [...net.state().values(), generator.state, ...this.#optimizer.state(net.namedParameters()).values()];
  }
}
