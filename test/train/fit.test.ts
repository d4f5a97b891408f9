import { type FitOptions, loss, nn, optim, regularize, type StepReport, setDevice, tensor } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { dataset } from "../../packages/tidu/src/data/index.js";
import { onOneThread } from "../support/one-thread.js";
import { all, classifier, pictures, points, trainerOf } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

/** Four samples of one number, whose squares are to be learned by a constant. */
const squares = () => dataset(Float32Array.of(1, 2, 3, 4), [1], Float32Array.of(1, 4, 9, 16));
/** A network that always answers 0 and, at a learning rate of 0, goes on doing so. */
const zero = () => nn.linear(1, 1, { init: (shape) => tensor([0]).reshape(shape), bias: false });
const still = { loss: loss.mse, optimizer: optim.sgd({ lr: 0 }) };

describe("fit", () => {
  it("yields a report after each epoch, as it is asked for", async () => {
    const steps: StepReport[] = [];
    const fit = trainerOf(classifier()).fit(points(10), { epochs: 3, batchSize: 4, onStep: (s) => steps.push(s) });
    expect(steps).toHaveLength(0);
    const first = await fit.next();
    expect(first).toMatchObject({ done: false, value: { epoch: 1 } });
    expect(steps.map(({ epoch, step, steps }) => [epoch, step, steps])).toEqual([1, 2, 3].map((s) => [1, s, 3]));
    expect((await fit.next()).value).toMatchObject({ epoch: 2 });
    expect((await fit.next()).value).toMatchObject({ epoch: 3 });
    expect(await fit.next()).toEqual({ done: true, value: undefined });
  });

  it("stops early where the loop is left", async () => {
    const net = classifier();
    let steps = 0;
    for await (const _ of trainerOf(net).fit(points(8), { epochs: 9, batchSize: 4, onStep: () => steps++ })) break;
    expect(steps).toBe(2);
  });

  it("learns", async () => {
    const trainer = trainerOf(classifier());
    const [first, ...rest] = await all(
      trainer.fit(points(90), { epochs: 15, batchSize: 10, validation: points(60, 7) }),
    );
    const last = rest[rest.length - 1];
    expect(last.loss).toBeLessThan(first.loss / 2);
    expect(last.accuracy).toBeGreaterThan(0.95);
    expect(last.validation?.accuracy).toBeGreaterThan(0.95);
    expect(last.samplesPerSecond).toBeCloseTo(90 / last.seconds);
    expect(await trainer.evaluate(points(60, 7))).toEqual(last.validation);
  });

  it.each([1, 4, 99])("reports the mean over samples in batches of %i", async (batchSize) => {
    const [report] = await all(trainerOf(zero(), still).fit(squares(), { batchSize }));
    expect(report.loss).toBeCloseTo((1 + 16 + 81 + 256) / 4, 4);
    expect(report).not.toHaveProperty("accuracy");
    expect(report).not.toHaveProperty("penalty");
  });

  it("weights a last batch with fewer samples by their number, or leaves it out", async () => {
    const seen: number[] = [];
    const onStep = ({ loss }: StepReport) => seen.push(loss);
    const trainer = trainerOf(zero(), still);
    const order = { batchSize: 3, shuffle: false, onStep };
    const [whole] = await all(trainer.fit(squares(), order));
    expect(seen).toEqual([98 / 3, 256].map(Math.fround));
    expect(whole.loss).toBeCloseTo(354 / 4, 4);
    const [cut] = await all(trainer.fit(squares(), { ...order, dropLast: true }));
    expect(cut.loss).toBeCloseTo(98 / 3, 4);
  });

  it("visits the samples in another order in each epoch, over all calls, unless told not to", async () => {
    const visited = async (shuffle: boolean): Promise<string[]> => {
      const orders = ["", "", ""];
      const onStep = ({ epoch, loss }: StepReport) => (orders[epoch - 1] += ` ${loss}`);
      const trainer = trainerOf(zero(), still);
      await all(trainer.fit(squares(), { epochs: 2, batchSize: 1, shuffle, onStep }));
      await all(trainer.fit(squares(), { batchSize: 1, shuffle, onStep }));
      return orders;
    };
    expect(await visited(false)).toEqual(Array(3).fill(" 1 16 81 256"));
    const shuffled = await visited(true);
    expect(new Set(shuffled).size).toBe(3);
    for (const order of shuffled) expect(order.split(" ").sort()).toEqual(["", "1", "16", "256", "81"]);
  });

  it("goes on where it stopped: two epochs and one are three", async () => {
    const [together, apart] = [classifier(), classifier()];
    const options = { batchSize: 7 };
    await all(trainerOf(together).fit(points(30), { ...options, epochs: 3 }));
    const trainer = trainerOf(apart);
    await all(trainer.fit(points(30), { ...options, epochs: 2 }));
    await all(trainer.fit(points(30), { ...options, epochs: 1 }));
    for (const [name, v] of apart.state()) expect(await v.data()).toEqual(await together.state().get(name)?.data());
  });

  it("reports the loss without the penalty, and the penalty apart", async () => {
    const net = () => nn.linear(1, 1, { init: (shape) => tensor([3]).reshape(shape), bias: false });
    const [plain] = await all(trainerOf(net(), still).fit(squares()));
    const [report] = await all(trainerOf(net(), { ...still, regularize: regularize.l2(0.5) }).fit(squares()));
    expect(report.loss).toBe(plain.loss);
    expect(report.penalty).toBeCloseTo(0.5 * 3 ** 2, 5);
  });

  it("lets the penalty pull at the weights", async () => {
    const net = nn.linear(1, 1, { init: (shape) => tensor([3]).reshape(shape), bias: false });
    const nothing = dataset(Float32Array.of(0), [1], Float32Array.of(0));
    const options = { loss: loss.mse, optimizer: optim.sgd({ lr: 0.1 }), regularize: regularize.l2(0.5) };
    await all(trainerOf(net, options).fit(nothing));
    expect(await net.weight.array()).toEqual([[Math.fround(3 - 0.1 * 0.5 * 2 * 3)].map((v) => expect.closeTo(v, 5))]);
  });

  it("takes a learning rate that changes from step to step", async () => {
    const optimizer = optim.sgd({ lr: 1 });
    const net = nn.linear(1, 1, { init: (shape) => tensor([0]).reshape(shape), bias: false });
    const sum = dataset(Float32Array.of(1), [1], Float32Array.of(0));
    const rates = [0.5, 0.25, 0, 0];
    const weights: number[] = [];
    const cost = (y: ReturnType<typeof tensor>) => y.sum();
    const trainer = trainerOf(net, { loss: cost, optimizer });
    for await (const { epoch } of trainer.fit(sum, { epochs: 4 })) {
      weights.push(await net.weight.sum().item());
      optimizer.lr = rates[epoch - 1];
    }
    expect(weights).toEqual([-1, -1.5, -1.75, -1.75]);
  });

  it.each<[string, FitOptions, number]>([
    ["cosine", { epochs: 4, schedule: optim.schedule.cosine({ epochs: 2 }) }, 3],
    ["one cycle by epochs", { epochs: 4, schedule: optim.schedule.oneCycle({ epochs: 2 }) }, 3],
    ["one cycle by steps", { epochs: 3, schedule: optim.schedule.oneCycle({ epochs: 2 }), scheduleBy: "step" }, 2],
    [
      "cosine after a warm-up",
      { epochs: 9, schedule: optim.schedule.warmup({ epochs: 2, next: optim.schedule.cosine({ epochs: 3 }) }) },
      6,
    ],
  ])("refuses a schedule that ends too soon before the first step: %s", async (_, options, most) => {
    let steps = 0;
    const run = (epochs: number) =>
      all(trainerOf(classifier()).fit(points(8), { ...options, epochs, batchSize: 2, onStep: () => steps++ }));
    await expect(run(options.epochs as number)).rejects.toThrow(
      `fit: epochs is ${options.epochs}; it must be at most ${most}, where the schedule ends`,
    );
    expect(steps).toBe(0);
    expect(await run(most)).toHaveLength(most);
  });

  it("follows a schedule, which starts from the optimizer's learning rate and sees what was measured", async () => {
    const trainer = trainerOf(classifier());
    const seen: number[][] = [];
    const rates: number[] = [];
    const schedule = (epoch: number, lr: number, metrics: readonly number[] = []) => {
      seen.push([...metrics]);
      return lr / 2 ** epoch;
    };
    const start = trainer.optimizer.lr;
    const reports = [];
    for await (const report of trainer.fit(points(10), { epochs: 3, schedule, validation: points(5) })) {
      rates.push(trainer.optimizer.lr);
      reports.push(report.validation?.loss);
    }
    expect(rates).toEqual([start, start / 2, start / 4]);
    expect(seen).toEqual([[], reports.slice(0, 1), reports.slice(0, 2)]);
  });

  it("learns from part of a data set", async () => {
    const some = pictures(40).slice(10, 30);
    expect(some.count).toBe(20);
    expect(await some.targets.data()).toEqual((await pictures(40).targets.data()).slice(10, 30));
    const net = nn.sequential(nn.flatten(), nn.linear(784, 10));
    const [report] = await all(trainerOf(net).fit(some, { validation: pictures(40) }));
    expect(report.accuracy).toBeGreaterThanOrEqual(0);
    expect(() => some.slice(20)).toThrow(/slice/);
  });
});

describe("evaluate", () => {
  it("gives the same for any batch size, and leaves out dropout", async () => {
    const net = nn.sequential(nn.linear(2, 8), nn.dropout(0.9), nn.linear(8, 3));
    const trainer = trainerOf(net);
    const whole = await trainer.evaluate(points(23));
    for (const batchSize of [1, 5, 23, 1000]) {
      const { loss, accuracy } = await trainer.evaluate(points(23), { batchSize });
      expect(accuracy).toBe(whole.accuracy);
      expect(loss).toBeCloseTo(whole.loss, 5);
    }
  });

  it("tells accuracy only where there are classes", async () => {
    expect(await trainerOf(zero(), still).evaluate(squares())).toEqual({ loss: expect.closeTo(354 / 4, 4) });
  });
});

describe("predict", () => {
  it("gives the scores that evaluate judges", async () => {
    const [net, data] = [classifier(), points(20)];
    const { accuracy } = await trainerOf(net).evaluate(data);
    const scores = await net.predict(data.inputs);
    expect(scores.shape).toEqual([20, 3]);
    const right = (await scores.argmax(1).data()).filter((c, i) => c === i % 3).length;
    expect(right / 20).toBeCloseTo(accuracy as number, 6);
  });

  it("sees the weights of now", async () => {
    const net = nn.linear(1, 1, { bias: false });
    net.weight.assign(tensor([[2]]));
    expect(await (await net.predict(tensor([[3]]))).array()).toEqual([[6]]);
    net.weight.assign(tensor([[5]]));
    expect(await (await net.predict(tensor([[3]]))).array()).toEqual([[15]]);
  });
});
