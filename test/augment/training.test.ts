import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FitOptions, loss, nn, optim, serialize, setDevice } from "tidu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as augment from "../../packages/tidu/src/augment/index.js";
import { dataset, streamDataset } from "../../packages/tidu/src/data/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { all, failure, onDevice, pictures, trainerOf } from "../train/support.js";

/** Initial weights of a layer that adds its four inputs up. */
const ones = (shape: readonly number[]): Tensor => tensor([1, 1, 1, 1]).reshape(shape);

const small = () =>
  nn.sequential(nn.conv2d(1, 4, 3, { stride: 2 }), nn.relu(), nn.flatten(), nn.dropout(0.1), nn.linear(676, 10));
const everything = () =>
  augment.parseAugment("shift:1,rotate:5:border=nearest,flip:p=0.3,crop:1,contrast:0.2,cutout:4,mixup:0.2");

const trained = (threads: number, seed: number, options: FitOptions = {}): Promise<string> =>
  onDevice({ threads }, async () => {
    const net = small();
    await all(trainerOf(net, { seed }).fit(pictures(70), { epochs: 2, batchSize: 32, ...options }));
    return Buffer.from(await serialize(net)).toString("base64");
  });

describe("fit with an augmentation", () => {
  it("ends with the same bits on one and two threads and in every run; with others for another seed, or without", async () => {
    const options = { augment: everything() };
    const one = await trained(1, 1, options);
    expect(await trained(2, 1, options)).toBe(one);
    expect(await trained(2, 1, { augment: everything() })).toBe(one);
    expect(await trained(1, 2, options)).not.toBe(one);
    expect(await trained(1, 1)).not.toBe(one);
  });
});

describe("on one thread, fit with an augmentation", () => {
  beforeAll(() => setDevice(new WasmDevice({ threads: 1 })));
  afterAll(() => setDevice(undefined));

  it("learns", async () => {
    const trainer = trainerOf(small(), { optimizer: optim.adam({ lr: 0.01 }) });
    const options = {
      epochs: 6,
      batchSize: 20,
      augment: augment.parseAugment("shift:1,scale:0.02,contrast:0.2,mixup:0.1"),
    };
    const [first, ...rest] = await all(trainer.fit(pictures(200), { ...options, validation: pictures(100) }));
    const last = rest[rest.length - 1];
    expect(last.loss).toBeLessThan(first.loss / 2);
    expect(last.accuracy).toBeGreaterThan(0.5);
    expect(last.validation?.accuracy).toBeGreaterThan(0.9);
  });

  it("leaves measuring alone", async () => {
    const [net, data] = [small(), pictures(20)];
    const trainer = trainerOf(net, { optimizer: optim.sgd({ lr: 0 }) });
    const before = await trainer.evaluate(data);
    const blank = augment.brightness(1);
    const [report] = await all(trainer.fit(data, { augment: blank, validation: data }));
    expect(report.validation).toEqual(before);
    expect(report.loss).not.toBe(before.loss);
    expect(await trainer.evaluate(data)).toEqual(before);
  });

  it("may be given another one, or none, in a later call", async () => {
    const net = nn.sequential(nn.flatten(), nn.linear(4, 1, { bias: false, init: ones }));
    const data = dataset(Uint8Array.of(1, 2, 3, 4), [1, 2, 2], Float32Array.of(0));
    const trainer = trainerOf(net, { loss: (y: Tensor) => y.sum(), optimizer: optim.sgd({ lr: 0 }) });
    const losses: number[] = [];
    const covered = { augment: augment.cutout(4, { fill: 10 }) };
    const plain = { augment: augment.flip() };
    for (const options of [{}, covered, plain, covered, {}]) {
      for await (const report of trainer.fit(data, options)) losses.push(report.loss);
    }
    expect(losses).toEqual([10, 40, 10, 40, 10]);
  });

  it("sees the images as they are stored, before the data set's transform", async () => {
    const net = nn.sequential(nn.flatten(), nn.linear(4, 1, { bias: false, init: ones }));
    const transform = (x: Tensor) => x.toFloat().sub(7);
    const data = dataset(Uint8Array.of(7, 7, 7, 7), [1, 2, 2], Float32Array.of(0), { transform });
    const trainer = trainerOf(net, { loss: (y: Tensor) => y.sum(), optimizer: optim.sgd({ lr: 0 }) });
    // All four pixels are covered with zeros, of which the transform makes -7.
    const [report] = await all(trainer.fit(data, { augment: augment.cutout(9) }));
    expect(report.loss).toBe(-28);
  });

  it("counts of mixed samples the share of the class that the network answers", async () => {
    const bias = (shape: readonly number[]) => tensor([1, 0]).reshape([...shape]);
    const zero = (shape: readonly number[]) => tensor([0, 0]).reshape([...shape]);
    const layer = nn.linear(1, 2, { init: zero });
    layer.bias?.assign(bias([2]));
    const data = dataset(Uint8Array.of(0, 1), [1, 1, 1], Uint8Array.of(0, 1), { classes: ["a", "b"] });
    const trainer = trainerOf(nn.sequential(nn.flatten(), layer), { optimizer: optim.sgd({ lr: 0 }) });
    const reports = await all(trainer.fit(data, { epochs: 4, augment: augment.mixup(1) }));
    const [inA, inB] = [Math.log(1 + Math.exp(-1)), Math.log(1 + Math.E)];
    for (const { loss, accuracy = Number.NaN } of reports) {
      expect(accuracy % 0.5).toBeGreaterThan(0);
      expect(loss).toBeCloseTo(accuracy * inA + (1 - accuracy) * inB, 5);
    }
    expect(await trainer.evaluate(data)).toMatchObject({ accuracy: 0.5 });
  });

  it("mixes targets that are values, too", async () => {
    const nothing = (shape: readonly number[]) => tensor(new Float32Array(4), [...shape]);
    const net = nn.sequential(nn.flatten(), nn.linear(4, 1, { bias: false, init: nothing }));
    const data = dataset(new Float32Array(8), [1, 2, 2], Float32Array.of(0, 2));
    const trainer = trainerOf(net, { loss: loss.mse, optimizer: optim.sgd({ lr: 0 }) });
    const [report] = await all(trainer.fit(data, { augment: augment.mixup(1) }));
    // Of 0 and 2 it would be (0² + 2²) / 2.
    expect(report.loss).not.toBeCloseTo(2, 3);
    expect(report.loss).toBeGreaterThan(0);
    expect(report.loss).toBeLessThan(4);
    expect(report).not.toHaveProperty("accuracy");
  });

  it("changes the images of a stream, too", async () => {
    const source = async function* () {
      for (let i = 0; i < 6; i++) yield { input: Uint8Array.of(1, 2, 3, 4), target: [0] };
    };
    const stream = streamDataset(source, { inputShape: [1, 2, 2], inputType: "u8", targetShape: [1] });
    const net = nn.sequential(nn.flatten(), nn.linear(4, 1, { bias: false, init: ones }));
    const trainer = trainerOf(net, { loss: (y: Tensor) => y.sum(), optimizer: optim.sgd({ lr: 0 }) });
    const options = { batchSize: 2, augment: augment.cutout(9, { fill: 10 }) };
    const [report] = await all(trainer.fit(stream, { ...options, validation: stream }));
    expect([report.loss, report.validation?.loss]).toEqual([2 * 40, 6 * 10]);
  });

  it("goes on from a checkpoint to the same bits, and only with the augmentation that it was left with", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tidu-augment-"));
    try {
      const run = async (options: FitOptions): Promise<string> => {
        const net = small();
        await all(trainerOf(net).fit(pictures(50), { batchSize: 20, augment: everything(), ...options }));
        return Buffer.from(await serialize(net)).toString("base64");
      };
      const whole = await run({ epochs: 3 });
      const checkpoint = { directory };
      await run({ epochs: 2, checkpoint });
      const other = await failure(() => run({ epochs: 3, checkpoint, resume: true, augment: augment.flip() }));
      expect(other.message).toContain(`augment is flip, there ${everything()}`.slice(0, 80));
      expect(await run({ epochs: 3, checkpoint, resume: true })).toBe(whole);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("refuses data that are not images before the first step", async () => {
    const data = dataset(new Uint8Array(8), [4], Uint8Array.of(0, 1));
    const trainer = trainerOf(nn.linear(4, 2));
    const error = await failure(() => all(trainer.fit(data, { augment: augment.flip() })));
    expect(error.message).toContain("the batch has shape [2, 4], expected [samples, channels, height, width]");
  });
});
