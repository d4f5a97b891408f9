// Averages of weights are PyTorch's, in every way of training; L-BFGS finds the minima that PyTorch's does.

import { compile, loss, nn, optim, setDevice, type Tensor, Trainer, tensor, Variable } from "tidu";
import { afterAll, describe, expect, it } from "vitest";
import "../../packages/tidu/src/node.js";
import { loadGolden } from "../goldens/load.js";
import { onOneThread } from "../support/one-thread.js";
import { type Course, checkpointsIn, inFolder, ofEveryStep, outcome } from "../train/resume-support.js";
import { all, classifier, failure, points } from "../train/support.js";

onOneThread();
afterAll(() => setDevice(undefined));

const { cases } = loadGolden("averages");
type Golden = (typeof cases)[number]["start"];
const tensorOf = ({ data, shape }: Golden) => tensor(data, shape);
const near = async (x: Tensor, want: Golden, within: number) =>
  (await x.data()).forEach((v: number, i: number) => void expect(Math.abs(v - want.data[i])).toBeLessThan(within));

describe("averages are PyTorch's", () => {
  it.each(cases.filter(({ kind }) => kind !== "lbfgs"))("$name", async (golden) => {
    for (const compiled of [true, false]) {
      const w = new Variable(tensorOf(golden.start));
      const inner = optim.sgd({ lr: 0.05, momentum: 0.9 });
      const o = golden.kind === "ema" ? optim.ema(inner, golden.options) : optim.swa(inner, golden.options);
      const target = tensorOf(golden.target);
      const learn = () => void o.minimize(w.sub(target).square().add(w.mul(3).sin()).sum(), [w]);
      const step = compiled ? compile(learn) : learn;
      for (let i = 0; i < golden.steps; i++) await step();
      await near(w, golden.final, 1e-5);
      await o.during([w], () => near(w, golden.average, 1e-5));
      await near(w, golden.final, 1e-5);
      await o.apply([w]);
      await near(w, golden.average, 1e-5);
    }
  });
});

describe("an average", () => {
  const course: Course = {
    net: classifier,
    trainer: () => ({
      loss: loss.crossEntropy,
      optimizer: optim.ema(optim.adam({ lr: 0.02 }), { decay: 0.8 }),
      seed: 1,
    }),
    data: () => points(12),
    fit: () => ({ epochs: 3, batchSize: 5, schedule: optim.schedule.exponential({ gamma: 0.9 }) }),
  };

  it("changes nothing of the training, and goes on with a checkpoint", () =>
    inFolder(async (directory) => {
      const whole = await outcome(course, ofEveryStep(directory));
      const plain = await outcome({
        ...course,
        trainer: () => ({ ...course.trainer(), optimizer: optim.adam({ lr: 0.02 }) }),
      });
      for (const [name, values] of Object.entries(plain.values)) expect(whole.values[name]).toEqual(values);
      expect(Object.keys(whole.values)).toContain("0.weight.average");
      for (const name of (await checkpointsIn(directory)).slice(1, 4))
        expect(await outcome(course, { resume: `${directory}/${name}` })).toEqual(whole);
      const other = {
        ...course,
        trainer: () => ({ ...course.trainer(), optimizer: optim.ema(optim.adam({ lr: 0.02 })) }),
      };
      expect((await outcome(other, { resume: directory })).error).toContain("optimizer.decay is 0.999, there 0.8");
    }));

  it("is evaluated without being lost, also where the evaluation fails", async () => {
    const net = classifier();
    const optimizer = optim.swa(optim.sgd({ lr: 0.5 }), { start: 3 });
    const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer, seed: 1 });
    await all(trainer.fit(points(30), { epochs: 4, batchSize: 10 }));
    const before = await trainer.evaluate(points(30));
    const averaged = await optimizer.during(net.parameters(), () => trainer.evaluate(points(30)));
    expect(averaged.loss).not.toBe(before.loss);
    await failure(() => optimizer.during(net.parameters(), () => Promise.reject(new Error("no"))));
    expect(await trainer.evaluate(points(30))).toEqual(before);
  });

  it("that does not exist yet is refused", async () => {
    const w = new Variable(tensor([1]));
    const o = optim.swa(optim.sgd({ lr: 1 }), { start: 3 });
    o.step([w], [tensor([1])]);
    const error = await failure(() => o.apply([w]));
    expect(error.message).toBe("apply: swa of sgd has made 1 steps, and averages from step 3 on; train for longer");
  });

  it.each([true, false])("is applied in the order of calls, awaited or not (compiled: %s)", async (compiled) => {
    const course = () => {
      const w = new Variable(tensor([4]));
      const o = optim.ema(optim.sgd({ lr: 0.25 }), { decay: 0.5 });
      const learn = () => void o.minimize(w.square().sum(), [w]);
      return { w, o, step: compiled ? compile(learn) : learn };
    };
    const [one, two] = [course(), course()];
    for (const { step } of [one, two]) for (let i = 0; i < 2; i++) await step();
    await one.o.apply([one.w]);
    await one.step();
    const applied = two.o.apply([two.w]);
    const stepped = two.step();
    await Promise.all([applied, stepped]);
    // Weights 4, 2, 1; their average (2 + 1) / 2 is halved by the step that comes after it.
    expect([await one.w.item(), await two.w.item()]).toEqual([0.75, 0.75]);
  });

  it("that one variable lacks changes no other", async () => {
    const [w, v] = [new Variable(tensor([4])), new Variable(tensor([3]))];
    const o = optim.ema(optim.sgd({ lr: 0.25 }), { decay: 0.5 });
    for (let i = 0; i < 2; i++) o.minimize(w.square().sum(), [w]);
    const error = await failure(() => o.apply([w, v]));
    expect(error.message).toMatch(/^apply: ema of sgd has made 0 steps, and averages from step 1 on/);
    expect([await w.item(), await v.item()]).toEqual([1, 3]);
  });

  it.each([true, false])(
    "in use refuses a step in between, and loses nothing older (compiled: %s)",
    async (compiled) => {
      const w = new Variable(tensor([4]));
      const o = optim.ema(optim.sgd({ lr: 0.25 }), { decay: 0.5 });
      const learn = () => void o.minimize(w.square().sum(), [w]);
      const step = compiled ? compile(learn) : learn;
      for (let i = 0; i < 2; i++) await step();
      for (const body of [() => w.item(), () => new Promise((done) => setTimeout(done, 5))]) {
        const during = failure(() => o.during([w], body));
        await step();
        expect((await during).message).toMatch(
          /^during: the variables were changed before body ended; await during before the next step$/,
        );
        expect(await w.item()).toBe(1);
      }
    },
  );

  it("leaves frozen layers as they are", async () => {
    const net = nn.linear(2, 2).freeze();
    const head = nn.linear(2, 1);
    const o = optim.ema(optim.sgd({ lr: 0.1 }));
    const before = await net.weight.data();
    o.minimize(head.forward(net.forward(tensor([[1, 2]]))).sum(), [...net.parameters(), ...head.parameters()]);
    await o.apply(net.parameters());
    expect(await net.weight.data()).toEqual(before);
  });
});

describe("L-BFGS", () => {
  const [valley, regression] = cases.filter(({ kind }) => kind === "lbfgs");

  it("finds the minimum of Rosenbrock's function", async () => {
    const x = new Variable(tensorOf(valley.start));
    const n = x.size;
    const cost = () => {
      const [a, b] = [x.slice(0, 0, n - 1), x.slice(0, 1, n)];
      return b.sub(a.square()).square().mul(100).add(a.neg().add(1).square()).sum();
    };
    const found = await optim.lbfgs(cost, [x], { iterations: 200, tolerance: 1e-4 });
    expect(found.cost).toBeLessThan(1e-8);
    expect(found.evaluations).toBeLessThan(200);
    await near(x, valley.final, 1e-3);
  });

  it("fits a regression, to variables of any shape", async () => {
    const [x, t] = [tensorOf(regression.inputs), tensorOf(regression.targets)];
    const [a, b] = [new Variable(tensor([[0], [0]])), new Variable(tensor([0, 0]))];
    const cost = () => {
      const scores = x
        .slice(1, 0, 2)
        .matmul(a)
        .reshape([60])
        .add(x.slice(1, 2, 4).mul(b).sum(1));
      return loss.bceWithLogits(scores, t).add(a.square().sum().add(b.square().sum()).mul(0.01));
    };
    const found = await optim.lbfgs(cost, [a, b]);
    expect(found.converged).toBe(true);
    expect(found.iterations).toBeLessThan(20);
    expect(Math.abs(found.cost - regression.cost)).toBeLessThan(1e-6);
    const want = regression.final.data;
    await near(a, { ...regression.final, data: want.slice(0, 2) }, 1e-4);
    await near(b, { ...regression.final, data: want.slice(2) }, 1e-4);
  });

  it("ends at once where it starts at a minimum, and where iterations run out", async () => {
    const v = new Variable(tensor([0, 0]));
    const cost = () => v.square().sum();
    expect(await optim.lbfgs(cost, [v])).toEqual({ cost: 0, iterations: 0, evaluations: 1, converged: true });
    const w = new Variable(tensor([3, -4]));
    const skewed = () =>
      w
        .square()
        .mul(tensor([1, 50]))
        .sum();
    expect(await optim.lbfgs(skewed, [w], { iterations: 1 })).toMatchObject({ iterations: 1, converged: false });
  });

  it("comes back from places without a finite cost", async () => {
    const v = new Variable(tensor([2]));
    const found = await optim.lbfgs(() => v.sub(v.log().mul(0.01)).sum(), [v], { tolerance: 1e-3 });
    expect(found.converged).toBe(true);
    expect(await v.item()).toBeCloseTo(0.01, 4);
  });

  it("refuses what it cannot do", async () => {
    const v = new Variable(tensor([0]));
    expect((await failure(() => optim.lbfgs(() => v.log().sum(), [v]))).message).toContain("the cost is -Infinity");
    expect((await failure(() => optim.lbfgs(() => v.sum(), []))).message).toContain("variables.length is 0");
    expect((await failure(() => optim.lbfgs((() => 3) as never, [v]))).message).toContain("what cost returns is 3");
  });
});
