import { join } from "node:path";
import {
  DataError,
  type FitOptions,
  loss,
  NumericError,
  nn,
  optim,
  type StepReport,
  setDevice,
  type Tensor,
} from "tidu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Dataset,
  type StreamOptions,
  type StreamSample,
  streamDataset,
  workerSource,
} from "../../packages/tidu/src/data/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { type Course, checkpointsIn, inFolder, ofEveryStep, outcome } from "./resume-support.js";
import { all, classifier, failure, pictures, points, trainerOf } from "./support.js";

beforeAll(() => setDevice(new WasmDevice({ threads: 1 })));
afterAll(() => setDevice(undefined));

/** The samples of a data set, read one after the other. */
async function* samplesOf(data: Dataset): AsyncGenerator<StreamSample> {
  const [inputs, targets] = [await data.inputs.data(), await data.targets.data()];
  const size = inputs.length / data.count;
  for (let i = 0; i < data.count; i++) {
    yield { input: inputs.slice(i * size, (i + 1) * size), target: targets[i] };
  }
}

const streamed = (data: Dataset, more: Partial<StreamOptions> = {}) =>
  streamDataset(() => samplesOf(data), {
    inputShape: data.inputShape,
    classes: data.classes,
    count: data.count,
    ...more,
  });

const course = (fit: FitOptions, options: Partial<StreamOptions> = {}): Course => ({
  net: () => nn.sequential(nn.linear(2, 8), nn.relu(), nn.dropout(0.5), nn.linear(8, 3)),
  trainer: () => ({ loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1, momentum: 0.9 }), seed: 3 }),
  data: () => streamed(points(18), { shuffleBuffer: 7, ...options }),
  fit: () => ({ epochs: 2, batchSize: 5, ...fit }),
});

describe("training on a stream", () => {
  it("comes to what training on the same samples in memory comes to", async () => {
    const options = { epochs: 2, batchSize: 7, shuffle: false };
    const [net, twin] = [classifier(), classifier()];
    const validation = points(9, 4);
    const reports = await all(
      trainerOf(net).fit(streamed(points(30)), { ...options, validation: streamed(validation) }),
    );
    const same = await all(trainerOf(twin).fit(points(30), { ...options, validation }));
    for (const [i, { loss, accuracy, validation }] of reports.entries()) {
      expect(loss).toBeCloseTo(same[i].loss, 5);
      expect(accuracy).toBe(same[i].accuracy);
      expect(validation?.loss).toBeCloseTo(same[i].validation?.loss as number, 5);
    }
    const values = await Promise.all([...twin.state().values()].map((v) => v.data()));
    for (const [i, v] of [...net.state().values()].entries()) {
      for (const [k, value] of (await v.data()).entries()) expect(value).toBeCloseTo(values[i][k], 5);
    }
  });

  it("learns from bytes, which are scaled inside the step, and is measured on a stream", async () => {
    const transform = (x: Tensor) => x.toFloat().div(255);
    const classes = Array.from("0123456789");
    const data = streamed(pictures(60), { inputType: "u8", classes, transform });
    const net = nn.sequential(nn.flatten(), nn.linear(784, 10));
    const trainer = trainerOf(net);
    const reports = await all(trainer.fit(data, { epochs: 5, batchSize: 10 }));
    expect(reports[4].loss).toBeLessThan(reports[0].loss / 2);
    const { loss, accuracy } = await trainer.evaluate(data, { batchSize: 7 });
    const inMemory = await trainer.evaluate(pictures(60));
    expect(accuracy).toBe(inMemory.accuracy);
    expect(loss).toBeCloseTo(inMemory.loss, 5);
  });

  it("does not know how many steps there are where the stream does not say how many samples", async () => {
    const steps: StepReport[] = [];
    const onStep = (step: StepReport) => steps.push(step);
    await all(trainerOf(classifier()).fit(streamed(points(18), { count: undefined }), { batchSize: 5, onStep }));
    await all(trainerOf(classifier()).fit(streamed(points(18)), { batchSize: 5, onStep }));
    expect(steps.map(({ step, steps }) => [step, steps])).toEqual([
      ...[1, 2, 3, 4].map((step) => [step, undefined]),
      ...[1, 2, 3, 4].map((step) => [step, 4]),
    ]);
  });

  it.each<[string, FitOptions, Partial<StreamOptions>]>([
    ["shuffled", {}, {}],
    ["in its own order, its length unknown", { shuffle: false }, { count: undefined }],
    ["without small batches, measured on another", { dropLast: true, validation: streamed(points(5, 6)) }, {}],
  ])("goes on from a checkpoint of any step with the same bits: %s", async (_, fit, options) =>
    inFolder(async (folder) => {
      const of = course(fit, options);
      const whole = await outcome(of, ofEveryStep(folder));
      expect(whole.error).toBeUndefined();
      expect(whole).toEqual(await outcome(of));
      const names = await checkpointsIn(folder);
      expect(names.length).toBeGreaterThanOrEqual(8);
      for (const name of names) expect(await outcome(of, { resume: join(folder, name) }), name).toEqual(whole);
    }),
  );

  it("does not go on with another stream", () =>
    inFolder(async (directory) => {
      await outcome(course({}), { checkpoint: { directory } });
      const error = async (options: Partial<StreamOptions>) =>
        (await outcome(course({}, options), { resume: directory })).error;
      expect(await error({ shuffleBuffer: 8 })).toMatch(/data\.shuffleBuffer is 8, there 7/);
      expect(await error({ count: undefined })).toMatch(/data\.count is not given, there 18/);
    }));

  it("holds a bounded number of samples, however long the stream is", async () => {
    let [read, used, largest] = [0, 0, 0];
    const source = function* (): Generator<StreamSample> {
      for (let i = 0; i < 400; i++) {
        largest = Math.max(largest, ++read - used);
        yield { input: Float32Array.of(i % 7, 1), target: i % 3 };
      }
    };
    const data = streamDataset(source, { inputShape: [2], classes: ["a", "b", "c"], shuffleBuffer: 20, prefetch: 3 });
    await all(trainerOf(classifier()).fit(data, { batchSize: 8, onStep: () => (used += 8) }));
    expect(read).toBe(400);
    expect(largest).toBeLessThanOrEqual(20 + (3 + 1) * 8 + 1);
  });

  it("keeps the engine's memory as it was after the first epoch", async () => {
    const device = new WasmDevice({ threads: 1 });
    setDevice(device);
    const trainer = trainerOf(classifier());
    const data = streamed(points(50));
    await all(trainer.fit(data, { batchSize: 8 }));
    const { peak } = device.memory;
    await all(trainer.fit(data, { batchSize: 8, epochs: 5 }));
    expect(device.memory.peak).toBe(peak);
    setDevice(new WasmDevice({ threads: 1 }));
  });

  it("reads in a thread of its own", async () => {
    const module = new URL("../data/sources/numbers.mjs", import.meta.url);
    const source = workerSource(module, { data: { count: 30 } });
    const transform = (x: Tensor) => x.div(60);
    const data = streamDataset(source, { inputShape: [2], classes: ["a", "b", "c"], count: 30, transform });
    const reports = await all(trainerOf(classifier()).fit(data, { epochs: 2, batchSize: 7, validation: data }));
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const { loss } of reports) expect(loss).toBeLessThan(2);
  });
});

describe("a stream that cannot be trained on", () => {
  it("is refused before the first step where that can be known", async () => {
    const steps: unknown[] = [];
    const fit = trainerOf(classifier()).fit(streamed(points(9), { classes: ["a", "b", "c", "d"] }), {
      onStep: (step) => steps.push(step),
    });
    const error = await failure(() => all(fit));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/4 classes, the network 3 outputs/);
    expect(steps).toEqual([]);
  });

  it("ends training at the sample that is wrong, with its number", async () => {
    const source = function* (): Generator<StreamSample> {
      for (let i = 0; i < 20; i++) yield { input: Float32Array.of(i === 13 ? Number.NaN : 1, 1), target: 0 };
    };
    const data = streamDataset(source, { inputShape: [2], classes: ["a", "b", "c"], prefetch: 0 });
    let steps = 0;
    const fit = trainerOf(classifier()).fit(data, { batchSize: 4, shuffle: false, onStep: () => steps++ });
    const error = await failure(() => all(fit));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/sample 13: the input is not finite: element 0 is NaN/);
    expect(steps).toBe(3);
  });

  it("names the sample of which a transform makes NaN", async () => {
    const source = function* (): Generator<StreamSample> {
      for (let i = 0; i < 12; i++) yield { input: Float32Array.of(i === 9 ? -1 : 1, 1), target: 0 };
    };
    const transform = (x: Tensor) => x.log();
    const data = streamDataset(source, { inputShape: [2], classes: ["a", "b", "c"], transform });
    const error = await failure(() => all(trainerOf(classifier()).fit(data, { batchSize: 4, shuffle: false })));
    expect(error).toBeInstanceOf(NumericError);
    expect(error.message).toMatch(/^epoch 1, step 3: .* transform turns element 0 of sample 9 into NaN/);
  });
});
