import {
  loss,
  nn,
  ones,
  optim,
  regularize,
  setDevice,
  type Tensor,
  Trainer,
  type TrainerOptions,
  Variable,
  zeros,
} from "tidu";
import { afterEach, expect, it } from "vitest";
import "../../packages/tidu/src/node.js";
import * as augment from "../../packages/tidu/src/augment/index.js";
import type { Observer, Program } from "../../packages/tidu/src/compile/program.js";
import { dataset } from "../../packages/tidu/src/data/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { inFolder, outcome } from "./resume-support.js";
import { all, classifier, failure, lenet, pictures, points, trainerOf } from "./support.js";

afterEach(() => setDevice(undefined));

const course = (net: () => nn.Module, options: Partial<TrainerOptions> = {}, count = 40) => ({
  net,
  data: () => pictures(count),
  trainer: (): TrainerOptions => ({
    loss: loss.crossEntropy,
    optimizer: optim.sgd({ lr: 0.1, momentum: 0.9 }),
    ...options,
  }),
  fit: () => ({ epochs: 2, batchSize: 16, augment: augment.shift(2) }),
});

/** Moves inputs far from 0. */
class Far extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.add(100);
  }
}

const normed = (): nn.Module =>
  nn.sequential(
    nn.conv2d(1, 4, 3),
    nn.batchNorm2d(4),
    nn.relu(),
    nn.maxPool2d(2),
    nn.flatten(),
    nn.dropout(0.5),
    nn.linear(676, 10),
  );

it("training on one shard has the bits of training without", async () => {
  const whole = await outcome(course(lenet));
  expect(await outcome(course(lenet, { shards: 1 }))).toEqual(whole);
});

it("on shards the loss and the gradients are those of the whole batch, but for roundings", async () => {
  setDevice(new ReferenceDevice());
  const net = () => nn.sequential(nn.flatten(), nn.linear(784, 10));
  const plain = {
    ...course(net, { regularize: regularize.l2(1e-3) }, 37),
    fit: () => ({ batchSize: 16, shuffle: true }),
  };
  const sharded = { ...plain, trainer: () => ({ ...plain.trainer(), shards: 4 }) };
  const [one, many] = [await outcome(plain), await outcome(sharded)];
  for (const [name, values] of Object.entries(one.values))
    values.forEach((v, i) => void expect(many.values[name][i]).toBeCloseTo(v, 6));
  expect(many.reports[0].loss).toBeCloseTo(one.reports[0].loss, 5);
  expect(many.reports[0].accuracy).toBe(one.reports[0].accuracy);
  expect(many.reports[0].penalty).toBeCloseTo(one.reports[0].penalty as number, 6);
});

it("synchronized batch norm is that of the whole batch: values, gradients and running statistics", async () => {
  setDevice(new ReferenceDevice());
  // Far from 0, where digits get lost; and a last batch of 5, which fills a shard and a part of the next.
  const net = () =>
    nn.sequential(new Far(), nn.conv2d(1, 3, 3), nn.batchNorm2d(3), nn.relu(), nn.flatten(), nn.linear(2028, 10));
  const plain = { ...course(net, {}, 37), fit: () => ({ epochs: 2, batchSize: 16 }) };
  const more = { shards: 4, syncBatchNorm: true };
  const sharded = { ...plain, trainer: () => ({ ...plain.trainer(), ...more }) };
  const [one, many] = [await outcome(plain), await outcome(sharded)];
  expect(Object.keys(one.values).filter((name) => name.includes("running"))).toHaveLength(2);
  for (const [name, values] of Object.entries(one.values))
    values.forEach(
      (v, i) => void expect(Math.abs(many.values[name][i] - v), name).toBeLessThan(2e-5 * (1 + Math.abs(v))),
    );
  expect(many.reports[1].loss).toBeCloseTo(one.reports[1].loss, 4);
  // Without it shards have statistics of their own.
  const apart = await outcome({ ...plain, trainer: () => ({ ...plain.trainer(), shards: 4 }) });
  const farthest = Math.max(
    ...Object.keys(one.values).flatMap((name) => one.values[name].map((v, i) => Math.abs(apart.values[name][i] - v))),
  );
  expect(farthest).toBeGreaterThan(1e-3);
});

it("synchronized batch norm has the same bits on any number of threads, and is told from the other by checkpoints", async () => {
  const net = () =>
    nn.sequential(
      nn.flatten(),
      nn.linear(784, 12),
      nn.batchNorm1d(12),
      nn.relu(),
      nn.batchNorm1d(12),
      nn.dropout(0.5),
      nn.linear(12, 10),
    );
  const sync = course(net, { shards: 4, syncBatchNorm: true }, 37);
  const runs = [];
  for (const threads of [1, 2]) {
    const device = new WasmDevice({ threads });
    setDevice(device);
    runs.push(await outcome(sync));
    await device.close();
  }
  expect(runs[1]).toEqual(runs[0]);
  setDevice(undefined);
  await inFolder(async (directory) => {
    await outcome(sync, { checkpoint: { directory } });
    const other = { ...sync, trainer: () => ({ ...sync.trainer(), syncBatchNorm: false }) };
    expect((await outcome(other, { checkpoint: { directory }, resume: true })).error).toMatch(
      /syncBatchNorm is not given, there true/,
    );
  });
});

it("any number of threads gives the same bits, with dropout, augmentation and batch norm", async () => {
  const runs = [];
  for (const threads of [1, 2]) {
    const device = new WasmDevice({ threads });
    setDevice(device);
    runs.push(await outcome(course(normed, { shards: 4, optimizer: optim.adam({ lr: 1e-3, clipNorm: 1 }) })));
    await device.close();
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[0].reports).toHaveLength(2);
});

it("each shard has masks of its own", async () => {
  class Seen extends nn.Module {
    readonly mask = new Variable(zeros([8, 64]));
    readonly drop = nn.dropout(0.5);
    override forward(x: Tensor): Tensor {
      if (this.training) this.mask.assign(this.drop.forward(ones([8, 64])));
      return x;
    }
  }
  const seen = new Seen();
  const net = nn.sequential(seen, classifier());
  await all(trainerOf(net, { shards: 2 }).fit(points(16), { batchSize: 16 }));
  // The mean of two masks of 0 and 2: 1 where they differ, which half of them do.
  const ofOnes = (await seen.mask.data()).filter((v) => v === 1).length;
  expect(ofOnes).toBeGreaterThan(200);
  expect(ofOnes).toBeLessThan(312);
});

it("goes on from a checkpoint to the bits of the run that was never stopped", async () => {
  await inFolder(async (directory) => {
    const whole = course(normed, { shards: 4 });
    const full = await outcome(whole);
    const part = { ...whole, fit: () => ({ ...whole.fit(), checkpoint: { directory, everySteps: 1, keep: 100 } }) };
    await outcome(part);
    expect(
      await outcome(part, { resume: `${directory}/epoch-0001-step-0000002.safetensors`, checkpoint: undefined }),
    ).toEqual(full);
    const other = { ...part, trainer: () => ({ ...part.trainer(), shards: 8 }) };
    expect((await outcome(other, { resume: true })).error).toMatch(/shards is 8, there 4/);
  });
});

it("a step is one program for a shard, one for a sum of two, and one for the update, whatever their number", async () => {
  const programs = async (shards: number): Promise<number> => {
    const device = new NullDevice();
    setDevice(device);
    const before = device.programs.length;
    const net = classifier();
    await all(trainerOf(net, { shards }).fit(points(32), { batchSize: 16 })).catch(() => {});
    return device.programs.length - before;
  };
  expect(await programs(8)).toBe(await programs(4));
});

it("shards go through one program that reads the weights once, where these are most of what a step reads", async () => {
  const together = async (net: nn.Module, shards: number, batchSize: number): Promise<Program[]> => {
    const programs: Program[] = [];
    const observe: Observer = (pass, product) => pass === "program" && programs.push(product as Program);
    const device = new WasmDevice({ threads: 1, observe });
    setDevice(device);
    const options = { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }), shards };
    await all(new Trainer(net, options).fit(pictures(batchSize), { batchSize, epochs: 1 }));
    return programs.filter((p) => p.runs !== undefined);
  };
  const wide = nn.sequential(nn.flatten(), nn.linear(784, 300), nn.relu(), nn.linear(300, 200), nn.linear(200, 10));
  const [program, ...more] = await together(wide, 4, 32);
  expect([program.runs, more.length]).toEqual([4, 0]);
  // Operands that do not move with the loop over shards: three layers' weights forward, and two backward.
  const shared = program.kernels.flatMap((k) =>
    k.kind === "contract" ? [k.a, k.b].flatMap(({ buffer, index }) => (index.coef[0] === 0 ? [buffer] : [])) : [],
  );
  const weights = ["300x784", "200x300", "200x300", "10x200", "10x200"];
  expect(shared.map(({ shape }) => shape.join("x")).sort()).toEqual(weights.sort());
  // Convolutions have more values than weights.
  expect(await together(lenet(), 4, 256)).toEqual([]);
});

it("says what does not go", async () => {
  const wrong = (options: object, fit: object = {}) =>
    failure(() => all(trainerOf(classifier(), options).fit(points(12), fit)));
  expect((await wrong({ shards: 5 }, { batchSize: 12 })).message).toBe(
    "fit: batchSize 12 cannot be cut into 5 equal shards; use a multiple of 5, such as 15",
  );
  expect((await wrong({ shards: 0 })).message).toMatch(/^Trainer: shards is 0/);
});

it("refuses a step that assigns what differs between shards and has no mean", async () => {
  class Remembers extends nn.Module {
    readonly best = new Variable(zeros([]).toInt(), "best");
    override forward(x: Tensor): Tensor {
      this.best.assign(this.best.add(x.sum().toInt()));
      return x;
    }
  }
  const net = nn.sequential(new Remembers(), classifier());
  const error = await failure(() => all(trainerOf(net, { shards: 2 }).fit(points(16), { batchSize: 16 })));
  expect(error.message).toMatch(/^shards: best: the step assigns what differs between shards/);
});

it("a loss that is not finite on one shard is told with the sample that makes it so", async () => {
  const net = nn.sequential(nn.linear(1, 2));
  const inputs = Float32Array.from({ length: 16 }, (_, i) => (i === 13 ? 0 : 1 + i));
  const data = dataset(inputs, [1], new Uint8Array(16), { classes: ["a", "b"], transform: (x) => x.log() });
  net.initialize(1);
  const before = [...(await net.parameters()[0].data())];
  const error = await failure(() => all(trainerOf(net, { shards: 4 }).fit(data, { batchSize: 16 })));
  expect(error.message).toMatch(/transform turns element 0 of sample 13 into -Infinity/);
  expect([...(await net.parameters()[0].data())]).toEqual(before);
});
