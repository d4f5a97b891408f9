// What a training can be given of your own: metrics, a step, samples of several inputs and targets, callbacks, rates by step.

import {
  compile,
  concat,
  type FitOptions,
  loss,
  nn,
  type OwnStep,
  optim,
  setDevice,
  type Tensor,
  Trainer,
  tensor,
  trainStep,
  Variable,
} from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import { TensorDataset, tensorDataset } from "../../packages/tidu/src/data/index.js";
import "../../packages/tidu/src/node.js";
import { onOneThread } from "../support/one-thread.js";
import { type Course, checkpointsIn, inFolder, ofEveryStep, outcome } from "./resume-support.js";
import { all, classifier, failure, noise, points, trainerOf } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const numbers = (count: number, shape: readonly number[], seed: number) => tensor(noise(count, seed)).reshape(shape);
const absolute = (output: Tensor, target: Tensor) => output.sub(target).abs().mean();

/** Two inputs that are scaled apart and joined; an output of three classes and one of two numbers. */
class TwoHeads extends nn.Module {
  readonly left = nn.linear(2, 4);
  readonly right = nn.linear(3, 4);
  readonly drop = nn.dropout(0.2);
  readonly label = nn.linear(8, 3);
  readonly box = nn.linear(8, 2);

  heads(a: Tensor, b: Tensor): readonly [Tensor, Tensor] {
    const x = this.drop.forward(concat([this.left.forward(a), this.right.forward(b)], 1).relu());
    return [this.label.forward(x), this.box.forward(x)];
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return concat([...this.heads(a, b)], 1);
  }
}

const twoHeads = (count = 10) =>
  tensorDataset(
    [numbers(2 * count, [count, 2], 1), numbers(3 * count, [count, 3], 2)],
    [tensor(Int32Array.from({ length: count }, (_, i) => i % 3)), numbers(2 * count, [count, 2], 3)],
  );

const both: OwnStep = ({ net, optimizer, training }, [a, b], [label, box]) => {
  const [scores, place] = (net as TwoHeads).heads(a, b);
  const cost = loss.crossEntropy(scores, label).add(loss.mse(place, box));
  if (training) optimizer.minimize(cost, net.parameters());
  return { loss: cost, output: scores, metrics: { far: absolute(place, box) } };
};

/** A step with an optimizer for each head, and a running mean beside the network. */
function twoUpdates(): OwnStep {
  const second = optim.adam({ lr: 0.02 });
  const mean = new Variable(tensor(0));
  return ({ net, optimizer, training }, [a, b], [label, box]) => {
    const { label: first, box: other } = net as TwoHeads;
    const [scores, place] = (net as TwoHeads).heads(a, b);
    const [cost, far] = [loss.crossEntropy(scores, label), loss.mse(place, box)];
    if (training) {
      optimizer.minimize(cost, first.parameters());
      second.minimize(far, other.parameters());
      mean.assign(mean.mul(0.5).add(far.mul(0.5)));
    }
    return { loss: cost, metrics: { mean } };
  };
}

const ownCourse = (step: OwnStep = both, fit: FitOptions = {}): Course => ({
  net: () => new TwoHeads(),
  trainer: () => ({ loss: loss.mse, optimizer: optim.adam({ lr: 0.01 }), seed: 2, step }),
  data: () => twoHeads(),
  fit: () => ({ epochs: 3, batchSize: 4, ...fit }),
});

describe("metrics of your own", () => {
  const metrics = { absolute, most: (output: Tensor) => output.max() };
  const data = () => tensorDataset([numbers(10, [10, 1], 1)], [numbers(10, [10, 1], 2)]);

  it("are means over the samples, in training and on other data", async () => {
    const net = nn.linear(1, 1);
    const trainer = trainerOf(net, { loss: loss.mse, optimizer: optim.sgd({ lr: 0 }), metrics });
    const [report] = await all(trainer.fit(data(), { batchSize: 4, validation: data(), shuffle: false }));
    const [x, t] = [data().inputs[0], data().targets[0]];
    const output = await net.predict(x);
    const [y, wanted] = [[...(await output.data())], [...(await t.data())]];
    const far = y.map((v, i) => Math.abs(v - wanted[i])).reduce((a, b) => a + b) / 10;
    const [first, second, third] = [y.slice(0, 4), y.slice(4, 8), y.slice(8)].map((part) => Math.max(...part));
    expect(report.metrics?.absolute).toBeCloseTo(far, 6);
    expect(report.metrics?.most).toBeCloseTo((4 * first + 4 * second + 2 * third) / 10, 6);
    expect(report.validation?.metrics?.absolute).toBeCloseTo(far, 6);
    expect(report.validation?.metrics?.most).toBeCloseTo(Math.max(...y), 6);
    expect((await trainer.evaluate(data(), { batchSize: 3 })).metrics?.absolute).toBeCloseTo(far, 6);
  });

  it("are absent where there are none", async () => {
    const [report] = await all(trainerOf(classifier()).fit(points(6)));
    expect(report).not.toHaveProperty("metrics");
  });

  it("end a training early", async () => {
    const trainer = trainerOf(nn.linear(1, 1), { loss: loss.mse, optimizer: optim.sgd({ lr: 0 }), metrics });
    const stop = (metric: string, mode?: "min" | "max") =>
      all(trainer.fit(data(), { epochs: 9, earlyStop: { patience: 2, metric, mode, minDelta: 1e-5 } }));
    expect((await stop("absolute", "min")).map(({ best, stopped }) => [best, stopped])).toEqual([
      [true, undefined],
      [undefined, undefined],
      [undefined, true],
    ]);
    const error = await failure(() => stop("f1"));
    expect(error.message).toBe('fit: earlyStop.metric is "f1"; it must be "loss" or "absolute" or "most"');
  });

  it("that are not numbers are no improvement", async () => {
    const judged = async (...results: number[]) => {
      const trainer = trainerOf(nn.linear(1, 1), { loss: loss.mse });
      const metric = () => results.shift() as number;
      const reports = await all(trainer.fit(data(), { epochs: 4, earlyStop: { patience: 2, metric, mode: "min" } }));
      return reports.map(({ best }) => best === true);
    };
    expect(await judged(NaN, NaN, NaN, 1)).toEqual([true, false, false]);
    expect(await judged(NaN, 3, NaN, 2)).toEqual([true, true, false, true]);
    expect(await judged(3, NaN, NaN, 2)).toEqual([true, false, false]);
    const error = await failure(() => judged("low" as unknown as number));
    expect(error.message).toBe('fit: what earlyStop.metric returns is "low"; it must be a number');
  });

  it("must be one number", async () => {
    const each = { each: (output: Tensor) => output };
    const error = await failure(() => all(trainerOf(nn.linear(1, 1), { loss: loss.mse, metrics: each }).fit(data())));
    expect(error.message).toBe(
      "Trainer: what metrics.each returns is tensor f32 [10, 1]; it must be one number; reduce it, as with mean()",
    );
    const step: OwnStep = ({ net }, [x], [t]) => {
      const output = net.forward(x);
      return { loss: loss.mse(output, t), metrics: { each: output } };
    };
    const other = await failure(() => all(trainerOf(nn.linear(1, 1), { loss: loss.mse, step }).fit(data())));
    expect(other.message).toBe(
      "step: metrics.each is tensor f32 [10, 1]; it must be one number; reduce it, as with mean()",
    );
  });

  it("are to rise unless told", async () => {
    const rising: OwnStep = ({ net }, [x], [t]) => ({
      loss: loss.mse(net.forward(x), t),
      metrics: { counted: net.parameters()[0].sum() },
    });
    const net = nn.linear(1, 1);
    const trainer = trainerOf(net, { loss: loss.mse, optimizer: optim.sgd({ lr: 0 }), step: rising });
    const fit = trainer.fit(data(), { epochs: 3, earlyStop: { patience: 1, metric: "counted" }, batchSize: 10 });
    net.parameters()[0].assign(tensor([[1]]));
    const first = await fit.next();
    net.parameters()[0].assign(tensor([[2]]));
    const second = await fit.next();
    expect([first, second].map(({ value }) => value?.best)).toEqual([true, true]);
  });

  it("on shards are those of the whole batch", async () => {
    const of = async (shards?: number) => {
      const trainer = trainerOf(nn.linear(1, 1), { loss: loss.mse, metrics: { absolute }, shards });
      return (await all(trainer.fit(data(), { batchSize: 8, epochs: 2 }))).map((r) => r.metrics?.absolute as number);
    };
    const [whole, parts] = [await of(), await of(4)];
    parts.forEach((v, i) => void expect(v).toBeCloseTo(whole[i], 5));
  });

  it("go on where a checkpoint was left", () =>
    inFolder(async (directory) => {
      const whole = await outcome(ownCourse());
      expect(whole.reports.map((r) => Object.keys(r.metrics ?? {}))).toEqual([["far"], ["far"], ["far"]]);
      expect(await outcome(ownCourse(), ofEveryStep(directory))).toEqual(whole);
      for (const name of (await checkpointsIn(directory)).slice(1, 5))
        expect(await outcome(ownCourse(), { resume: `${directory}/${name}` })).toEqual(whole);
    }));
});

describe("a step of your own", () => {
  it("that is trainStep trains the same bits", async () => {
    const plain = (step?: OwnStep): Course => ({
      net: classifier,
      trainer: () => ({ loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.01 }), seed: 1, step }),
      data: () => points(10),
      fit: () => ({ epochs: 2, batchSize: 4, validation: points(6, 4) }),
    });
    const same: OwnStep = (own, inputs, [t]) => {
      if (own.training) return trainStep(own, inputs, t);
      const output = own.net.forward(...inputs);
      return { loss: own.loss(output, t), output };
    };
    expect(await outcome(plain(same))).toEqual(await outcome(plain()));
  });

  it("takes several inputs and outputs, and learns", async () => {
    const { reports } = await outcome(ownCourse(both, { epochs: 40, validation: twoHeads() }));
    const [first, last] = [reports[0], reports[39]];
    expect(last.loss).toBeLessThan(first.loss / 1.2);
    expect(last.validation?.accuracy).toBeGreaterThan(0);
    expect(last.validation?.metrics?.far).toBeLessThan(first.validation?.metrics?.far as number);
  });

  it("is told whether it is to learn: measuring changes nothing", async () => {
    const net = new TwoHeads();
    const trainer = new Trainer(net, ownCourse().trainer());
    const before = await Promise.all(net.parameters().map((p) => p.data()));
    const [one, two] = [await trainer.evaluate(twoHeads()), await trainer.evaluate(twoHeads())];
    expect(one).toEqual(two);
    expect(await Promise.all(net.parameters().map((p) => p.data()))).toEqual(before);
  });

  it("changes nothing where its loss is not finite", async () => {
    const net = new TwoHeads();
    const wild: OwnStep = (own, inputs, targets) => {
      const result = both(own, inputs, targets);
      return { ...result, loss: result.loss.mul(Number.POSITIVE_INFINITY) };
    };
    const trainer = new Trainer(net, { ...ownCourse().trainer(), step: wild });
    const before = await Promise.all(net.parameters().map((p) => p.data()));
    const error = await failure(() => all(trainer.fit(twoHeads())));
    expect(error.message).toContain("epoch 1, step 1: the loss is Infinity");
    expect(await Promise.all(net.parameters().map((p) => p.data()))).toEqual(before);
  });

  it("goes on where a checkpoint was left, with a second optimizer and a mean that it keeps", () =>
    inFolder(async (directory) => {
      const course = { ...ownCourse(), trainer: () => ({ ...ownCourse().trainer(), step: twoUpdates() }) };
      const whole = await outcome(course);
      expect(await outcome(course, ofEveryStep(directory))).toEqual(whole);
      for (const name of (await checkpointsIn(directory)).slice(2, 5))
        expect(await outcome(course, { resume: `${directory}/${name}` })).toEqual(whole);
      const { error } = await outcome(ownCourse(), { resume: `${directory}/${(await checkpointsIn(directory))[2]}` });
      expect(error).toMatch(/is a checkpoint of another training/);
    }));

  it("that fails goes back with all that it changes, and learns again", async () => {
    const second = optim.adam({ lr: 0.05 });
    const steps = new Variable(tensor(0));
    const judge = nn.linear(2, 1);
    const net = new TwoHeads();
    const step: OwnStep = ({ optimizer, training }, [a, b], [label, box]) => {
      const [scores, place] = net.heads(a, b);
      const cost = loss.crossEntropy(scores, label);
      const far = judge.forward(place.sub(box)).square().mean();
      if (training) {
        optimizer.minimize(cost, [...net.left.parameters(), ...net.label.parameters()]);
        second.minimize(far, [...net.box.parameters(), ...judge.parameters()]);
        steps.assign(steps.add(1));
      }
      return { loss: cost.add(far) };
    };
    const trainer = new Trainer(net, { loss: loss.mse, optimizer: optim.adam({ lr: 0.01 }), step, seed: 1 });
    judge.initialize(1);
    const learn = (lr: number, epochs = 1) => {
      second.lr = lr;
      return all(trainer.fit(twoHeads(), { epochs, batchSize: 5 }));
    };
    await learn(0.05, 2);
    const names = new Map([
      ...net.box.state(),
      ...[...judge.state()].map(([name, v]) => [`judge.${name}`, v] as const),
    ]);
    const kept = () => [...net.parameters(), ...judge.parameters(), steps, ...second.state(names).values()];
    const values = () => Promise.all(kept().map((v) => v.data()));
    const before = await values();
    const error = await failure(() => learn(1e30));
    expect(error.message).toMatch(/^epoch 3, step 2: .* The weights are those from before epoch 3, step 1/);
    expect(await values()).toEqual(before);
    const reports = await learn(0.02, 10);
    expect(reports[9].loss).toBeLessThan(reports[0].loss);
  });

  it("does not go with shards", async () => {
    const error = await failure(() => new Trainer(new TwoHeads(), { ...ownCourse().trainer(), shards: 2 }));
    expect(error.message).toMatch(/^Trainer: step and shards are both given, /);
  });
});

describe("samples of several inputs", () => {
  it("reach the network in their order, a loss and a metric see its output", async () => {
    const data = new TensorDataset([numbers(8, [4, 2], 1), numbers(12, [4, 3], 2)], [numbers(20, [4, 5], 3)]);
    const net = new TwoHeads();
    const trainer = trainerOf(net, { loss: loss.mse, metrics: { absolute } });
    const { loss: measured, metrics } = await trainer.evaluate(data);
    const output = await net.predict(...data.inputs);
    expect(measured).toBeCloseTo(await loss.mse(output, data.targets[0]).item(), 6);
    expect(metrics?.absolute).toBeCloseTo(await absolute(output, data.targets[0]).item(), 6);
    const reports = await all(trainer.fit(data, { epochs: 20 }));
    expect(reports[19].loss).toBeLessThan(reports[0].loss);
  });

  it("are named where a value is not finite", async () => {
    const data = tensorDataset(
      [numbers(8, [4, 2], 1), tensor([1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1]).reshape([4, 3])],
      [numbers(20, [4, 5], 3)],
      {
        transform: ([a, b]) => [a, b.log()],
      },
    );
    const error = await failure(() => all(trainerOf(new TwoHeads(), { loss: loss.mse }).fit(data)));
    expect(error.message).toContain("of sample 2 into -Infinity");
  });

  it("must be as many", () => {
    expect(() => tensorDataset([numbers(8, [4, 2], 1), numbers(6, [3, 2], 1)], [numbers(4, [4], 2)])).toThrow(
      "tensorDataset: inputs[1] is tensor f32 [3, 2]; it must be [4, …], a row for each sample",
    );
    expect(() => tensorDataset([], [])).toThrow("tensorDataset: inputs.length is 0");
  });
});

describe("callbacks", () => {
  it("are waited for, and may freeze layers before an epoch", async () => {
    const net = classifier();
    const trail: string[] = [];
    const onEpoch = async (epoch: number) => {
      await new Promise((done) => setTimeout(done, 5));
      trail.push(`epoch ${epoch}`);
      net.trainable = true;
      if (epoch === 2) (net.children()[0][1] as nn.Module).freeze();
    };
    const onStep = async ({ step }: { step: number }) => {
      await new Promise((done) => setTimeout(done, 5));
      trail.push(`step ${step}`);
    };
    const first = net.parameters()[0];
    const fit = trainerOf(net).fit(points(6), { epochs: 3, batchSize: 3, onEpoch, onStep });
    const seen: number[][] = [];
    for await (const { epoch } of fit) {
      trail.push(`after ${epoch}`);
      seen.push([...(await first.data())]);
    }
    expect(trail).toEqual([1, 2, 3].flatMap((n) => [`epoch ${n}`, "step 1", "step 2", `after ${n}`]));
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).not.toEqual(seen[1]);
  });
});

describe("learning rates by step", () => {
  it("are the schedule's at fractions of epochs", async () => {
    const optimizer = optim.sgd({ lr: 0.5 });
    const rates: number[] = [];
    const schedule = optim.schedule.oneCycle({ epochs: 2 });
    const options: FitOptions = { epochs: 2, batchSize: 3, schedule, scheduleBy: "step" };
    for await (const _ of trainerOf(classifier(), { optimizer }).fit(points(10), {
      ...options,
      onStep: () => rates.push(optimizer.lr),
    }));
    expect(rates).toEqual(Array.from({ length: 8 }, (_, i) => schedule(i / 4, 0.5)));
  });

  it("take effect in the step that they are for", async () => {
    const net = nn.linear(1, 1, { bias: false });
    const trainer = new Trainer(net, { loss: (y) => y.sum(), optimizer: optim.sgd({ lr: 1 }) });
    const [w] = net.parameters();
    const seen = [...(await w.data())];
    const data = tensorDataset([tensor([[1], [1], [1]])], [tensor([[0], [0], [0]])]);
    const schedule = (epoch: number) => 2 ** Math.round(3 * epoch);
    const onStep = async () => seen.push(...(await w.data()));
    await all(trainer.fit(data, { batchSize: 1, epochs: 2, schedule, scheduleBy: "step", onStep }));
    expect(seen.slice(1).map((v, i) => Math.round(seen[i] - v))).toEqual([1, 2, 4, 8, 16, 32]);
  });

  it("go on where a checkpoint was left", () =>
    inFolder(async (directory) => {
      const course = ownCourse(both, { schedule: optim.schedule.polynomial({ epochs: 3 }), scheduleBy: "step" });
      const whole = await outcome(course);
      expect(await outcome(course, ofEveryStep(directory))).toEqual(whole);
      for (const name of (await checkpointsIn(directory)).slice(1, 5))
        expect(await outcome(course, { resume: `${directory}/${name}` })).toEqual(whole);
      const other = ownCourse(both, { schedule: optim.schedule.polynomial({ epochs: 3 }) });
      expect((await outcome(other, { resume: directory })).error).toContain("scheduleBy is not given, there step");
    }));
});

it("what a compiled function of your own computes is what a step measures", async () => {
  const net = new TwoHeads();
  const data = twoHeads(4);
  const measure = compile((a: Tensor, b: Tensor, label: Tensor, box: Tensor) =>
    net.during(false, () => {
      const [scores, place] = net.heads(a, b);
      return loss.crossEntropy(scores, label).add(loss.mse(place, box));
    }),
  );
  const [[a, b], [label, box]] = [data.inputs, data.targets];
  const trainer = new Trainer(net, ownCourse().trainer());
  const want = await (await measure(a, b, label, box)).item();
  expect((await trainer.evaluate(data)).loss).toBeCloseTo(want, 6);
});
