// Training on shards: the gradients of a batch as a sum over a fixed number of parts, computed one after the other or by several
// processes. The bits depend on the number of shards, never on which process computes them.

import { checkOptional, having, oneOrMore } from "../base/check.js";
import { isFloat } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import type { Batch, BatchOptions } from "../data/batches.js";
import { allReduce } from "../graph/ops/index.js";
import { sha256Hex } from "../io/digest.js";
import { forwardIn } from "../nn/forward.js";
import type { Module } from "../nn/module.js";
import { type BatchStatistics, batchStatistics } from "../nn/norm.js";
import { costOf, keepUnlessFinite, penaltyOf, type TrainStepOptions, type TrainStepResult } from "../nn/train-step.js";
import type { Optimizer } from "../optim/optimizer.js";
import { type Communicator, gatherJson } from "../runtime/collective/communicator.js";
import { Shards } from "../runtime/collective/shards.js";
import { grad } from "../tensor/grad.js";
import type { Generator } from "../tensor/random.js";
import { device } from "../tensor/realizer.js";
import { concat, Tensor, tensor, zeros } from "../tensor/tensor.js";
import { tracing } from "../tensor/trace.js";
import { checkpointing } from "./checkpointing.js";
import { type Identity, identityOf, shown } from "./identity.js";
import { mapped } from "./metrics.js";
import { type Learner, type Measured, type Sharding, sharding } from "./sharding.js";
import { takeSnapshot } from "./snapshot.js";

class BatchShards implements Sharding {
  readonly #group: Shards;
  /** In the step being traced: the number of samples of the shard, and the shard's number. */
  #count: Tensor = zeros([]);
  /** Samples of the whole batch. */
  #all: Tensor = zeros([]);

  constructor(
    readonly shards: number,
    readonly world: Communicator | undefined,
    readonly synchronizes: boolean,
  ) {
    this.#group = new Shards(shards, world);
  }

  check(batchSize: number): void {
    if (batchSize % this.shards === 0) return;
    throw new ArgumentError(
      `fit: batchSize ${batchSize} cannot be cut into ${this.shards} equal shards; use a multiple of ${this.shards}, such as ${Math.ceil(batchSize / this.shards) * this.shards}`,
    );
  }

  largest(samples: number): number {
    return Math.ceil(samples / this.shards);
  }

  enter(given: readonly Tensor[], generator: Generator): readonly Tensor[] {
    const [count, shard] = given.slice(-2);
    this.#count = count;
    this.#all = this.total(count);
    drawBy(shard, this.shards, generator);
    return given.slice(0, -2);
  }

  readonly step = (
    { net, loss, optimizer, regularize }: TrainStepOptions,
    x: Tensor | readonly Tensor[],
    t: Tensor,
  ): TrainStepResult => {
    const output = this.#together(() => forwardIn(net, true, [x].flat() as Tensor[]));
    const value = costOf(loss, output, t);
    const parameters = net.parameters();
    const penalty = penaltyOf(regularize, parameters);
    const cost = penalty === undefined ? value : value.add(penalty);
    const trained = parameters.filter((p) => p.trainable);
    const mean = (x: Tensor) => this.mean(x);
    // The cost is weighted by the shard's samples before gradients are taken: it may depend on samples of other shards,
    // and gradients are larger.
    const slopes = grad(cost.mul(this.#count), trained).map((slope) =>
      new Tensor(allReduce(slope.node, this.#group)).div(this.#all),
    );
    tracing()?.amend(
      (_, next) => (isFloat(next.dtype) ? mean(new Tensor(next)).to(next.dtype).node : next),
      () => {},
    );
    const update = () =>
      (optimizer as Optimizer).step(
        parameters,
        parameters.map((p) => {
          const at = trained.indexOf(p);
          return at < 0 ? zeros(p.shape) : slopes[at];
        }),
      );
    keepUnlessFinite(mean(cost), update);
    return { output, loss: mean(value), penalty: penalty && mean(penalty) };
  };

  /** Traces a forward pass, with batch normalization over all shards if requested. */
  #together(forward: () => Tensor): Tensor {
    const alone = batchStatistics.of;
    if (this.synchronizes) batchStatistics.of = (x, axes) => this.#statistics(x, axes);
    try {
      return forward();
    } finally {
      batchStatistics.of = alone;
    }
  }

  /** Relative to a mean that may be rounded, as `moments` is to an element, so that a mean far from 0 costs no digits. */
  #statistics(x: Tensor, axes: readonly number[]): BatchStatistics {
    const count = this.#all.mul(x.size / x.shape[0] / x.shape[1]);
    const mean = (y: Tensor) => this.total(y.sum(axes, true)).div(count);
    const shift = mean(x).detach();
    const shifted = x.sub(shift);
    const rest = mean(shifted);
    const variance = mean(shifted.square()).sub(rest.square());
    const unbiased = variance.mul(count.div(count.sub(1).maximum(1)));
    return { mean: shift.add(rest), variance, unbiased, centred: shifted.sub(rest) };
  }

  total(x: Tensor): Tensor {
    return new Tensor(allReduce(this.#count.gt(0).where(x, 0).node, this.#group));
  }

  /** Each sample counts the same, in whichever shard it is. */
  mean(x: Tensor): Tensor {
    return this.total(x.mul(this.#count)).div(this.#all);
  }

  stops(wanted: boolean): boolean {
    return this.world?.any(wanted) ?? wanted;
  }

  async compare(net: Module, epoch: number): Promise<void> {
    const { world } = this;
    if (world === undefined || world.size === 1) return;
    const digests = await digestsOf(net);
    const all = gatherJson(world, digests);
    all.forEach((other, rank) => {
      const name = Object.keys(digests).find((n) => all[0][n] !== other[n]);
      if (name === undefined) return;
      throw new ArgumentError(
        `fit: after epoch ${epoch} ${JSON.stringify(name)} of rank ${rank} on ${world.hosts[rank]} has other values than that of rank 0 on ${world.hosts[0]}; give all processes the same schedule, and change weights and learning rates in all of them alike`,
      );
    });
  }

  reads(full: number): BatchOptions["reads"] {
    const [size, { from, to }] = [this.largest(full), this.#group.own];
    return (_, place) => place >= from * size && place < to * size;
  }

  measures(n: number): boolean {
    return this.world === undefined || n % this.world.size === this.world.rank;
  }

  join(own: readonly Measured[]): readonly Measured[] {
    const { world } = this;
    if (world === undefined) return own;
    const all = gatherJson(world, own.map(toText));
    const batches = all.reduce((n, list) => n + list.length, 0);
    return Array.from({ length: batches }, (_, n) => fromText(all[n % world.size][Math.floor(n / world.size)]));
  }

  async learn(learner: Learner, batch: Batch, full: number): Promise<void> {
    const { samples } = batch;
    const size = this.largest(full);
    const part = (shard: number) => partOf(batch, shard * size, Math.min((shard + 1) * size, samples.length));
    const { from, to } = this.#group.begin(Math.ceil(samples.length / size), samples.length === size * this.shards);
    for (let shard = from; shard < to; shard++) {
      const own = part(shard);
      // If shards meet during the step, each keeps its inputs until the last meeting.
      const given = learner.feed.load(own, this.synchronizes ? shard : 0);
      await learner.train(...given, own.samples.length, shard);
    }
    // A process without a shard of this batch still takes part in the sums and the update.
    if (from === to) await learner.train(...learner.feed.load(part(0)), 0, 0);
  }
}

/** A digest of each value of a network's state. */
async function digestsOf(net: Module): Promise<Readonly<Record<string, string>>> {
  const digested = [...(await takeSnapshot(net.state()))].map(async ([name, { data }]) => [
    name,
    await sha256Hex(data),
  ]);
  return Object.fromEntries(await Promise.all(digested));
}

/** Measurements as JSON: numbers are texts, since they may not be finite. */
type MeasuredText = Readonly<Record<"loss" | "right" | "penalty" | "samples", string>> & {
  readonly own: Readonly<Record<string, string>>;
};
const toText = ({ own, ...rest }: Measured) => ({ ...mapped(rest, String), own: mapped(own, String) }) as MeasuredText;
const fromText = ({ own, ...rest }: MeasuredText) =>
  ({ ...mapped(rest, Number), own: mapped(own, Number) }) as Measured;

/** Random numbers of a step depend on the shard; with one shard they are those of a step without shards. */
function drawBy(shard: Tensor, shards: number, generator: Generator): void {
  const before = generator.state;
  const none = zeros([1]).toInt();
  const key = before.mul(tensor(Int32Array.of(1, shards))).add(concat([none, shard.toInt().reshape([1])]));
  tracing()?.generators.set(generator, key.node);
  generator.state.assign(before.add(tensor(Int32Array.of(0, 1))));
}

/** The samples of a batch from `from` to `to` (exclusive). */
function partOf({ arrays, samples }: Batch, from: number, to: number): Batch {
  const cut = <T extends Batch["arrays"][number]>(array: T): T => {
    const each = array.length / samples.length;
    return array.subarray(from * each, to * each) as T;
  };
  return { arrays: arrays.map(cut), samples: cut(samples) };
}

sharding.make = ({ shards: wanted, world, step, syncBatchNorm }) => {
  checkOptional("Trainer", "shards", wanted, oneOrMore);
  const shards = wanted ?? world?.size ?? 1;
  checkOptional("Trainer", "world", world, having("the processes of mpi()", "rank", "any"));
  if (step !== undefined) {
    throw new ArgumentError(
      "Trainer: step and shards are both given, but a step of your own takes whole batches; leave one out",
    );
  }
  if (world !== undefined && world.size > shards) {
    throw new ArgumentError(
      `Trainer: there are ${world.size} processes and only ${shards} shards; start at most ${shards}, or set shards to at least ${world.size}`,
    );
  }
  return new BatchShards(shards, world, syncBatchNorm === true);
};

checkpointing.agree = async ({ ingredients, seed }, { steps, options }) => {
  const { world } = ingredients.sharding ?? {};
  if (world === undefined || world.size === 1) return;
  const mine: Identity = {
    ...(await identityOf(ingredients, seed, steps, options)),
    "a fused multiply-add": String(
      ((ingredients.device ?? device()) as { fusedMultiplyAdd?: boolean }).fusedMultiplyAdd,
    ),
    "initial weights": Object.values(await digestsOf(ingredients.net)).join(),
  };
  const identities = gatherJson(world, mine);
  identities.forEach((other, rank) => {
    const names = [...new Set([...Object.keys(identities[0]), ...Object.keys(other)])];
    const differing = names.filter((n) => identities[0][n] !== other[n]);
    // Different data often give a different network, too, so data are named first.
    const name = differing.find((n) => n.startsWith("data.")) ?? differing[0];
    if (name === undefined) return;
    const at = (r: number) => `${shown(identities[r][name])} on rank ${r} (${world.hosts[r]})`;
    throw new ArgumentError(
      `fit: the processes do not have the same training: ${name} is ${at(0)}, ${at(rank)}; give all the same network, options and data`,
    );
  });
};
