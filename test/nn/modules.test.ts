import {
  ArgumentError,
  compile,
  deserialize,
  grad,
  loss,
  nn,
  optim,
  regularize,
  serialize,
  type Tensor,
  Trainer,
  tensor,
} from "tidu";
import { dataset } from "tidu/data";
import { describe, expect, test } from "vitest";
import { onReference } from "./support/devices.js";

onReference();

const x = () =>
  tensor([
    [1, 2],
    [3, -1],
    [0.5, 1],
  ]);
const ones = (shape: readonly number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);

/** One layer in two places, as weights are tied. */
class Tied extends nn.Module {
  readonly first = nn.linear(2, 2);
  readonly again = this.first;
  readonly all = [this.first, nn.linear(2, 2)];

  override forward(input: Tensor): Tensor {
    return this.again.forward(this.first.forward(input));
  }
}

describe("what stands in several places counts once", () => {
  const names = (net: nn.Module) => [...net.state().keys()];

  test("in parameters, state, and names", () => {
    const layer = nn.linear(2, 2);
    const twice = nn.sequential(layer, nn.tanh(), layer);
    expect(names(twice)).toEqual(["0.weight", "0.bias"]);
    expect(twice.parameters()).toHaveLength(2);
    expect(twice.namedModules().map(([path]) => path)).toEqual(["", "0", "1"]);
    const tied = new Tied();
    expect(names(tied)).toEqual(["first.weight", "first.bias", "all.1.weight", "all.1.bias"]);
    class Parameters extends nn.Module {
      readonly w = layer.weight;
      readonly layer = layer;
      override forward(input: Tensor): Tensor {
        return input.matmul(this.w);
      }
    }
    expect(names(new Parameters())).toEqual(["w", "layer.bias"]);
    expect(new Parameters().parameters()).toHaveLength(2);
  });

  test("in updates: momentum after three steps is that of one layer", async () => {
    const run = async (parameters: (layer: nn.Linear) => nn.Parameter[]) => {
      const layer = nn.linear(2, 2, { init: ones, biasInit: ones });
      const sgd = optim.sgd({ lr: 0.01, momentum: 0.9 });
      const step = compile((input: Tensor) =>
        sgd.minimize(layer.forward(layer.forward(input)).square().mean(), parameters(layer)),
      );
      for (let i = 0; i < 3; i++) await step(x());
      const state = [...sgd.state(layer.state()).values(), ...layer.state().values()];
      return (await Promise.all(state.map((v) => v.data()))).flatMap((data) => [...data]);
    };
    const once = await run((layer) => [layer.weight, layer.bias as nn.Parameter]);
    expect(await run((layer) => nn.sequential(layer, layer).parameters())).toEqual(once);
    expect(await run((layer) => [...layer.parameters(), ...layer.parameters()])).toEqual(once);
  });

  test("in the summary, whose rows add up", () => {
    const layer = nn.linear(2, 2);
    const summary = nn.summary(nn.sequential(layer, nn.tanh(), layer), [2]);
    expect(summary.layers.map((l) => [l.name, l.parameters])).toEqual([
      ["0", 6],
      ["1", 0],
      ["0", 0],
    ]);
    expect(summary.parameters).toBe(6);
  });

  test("in regularizers and files", async () => {
    const layer = nn.linear(2, 2, { init: ones });
    const net = nn.sequential(layer, layer);
    expect(await (regularize.l2(1)(net.parameters()) as Tensor).item()).toBe(4);
    const bytes = await serialize(net);
    layer.weight.assign(ones([2, 2]).mul(5));
    deserialize(net, bytes, "net");
    expect(await layer.weight.array()).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test("and step refuses two gradients for one variable", () => {
    const { weight } = nn.linear(2, 2);
    const g = ones([2, 2]);
    expect(() => optim.sgd({ lr: 1 }).step([weight, weight], [g, g])).toThrow(
      /^sgd: step is given a variable \[2, 2\] twice/,
    );
  });
});

describe("modules are found", () => {
  class Everywhere extends nn.Module {
    readonly map = new Map<string, nn.Module>([["a", nn.linear(2, 2)]]);
    readonly record = { b: nn.linear(2, 2), more: { c: nn.linear(2, 2) } };
    readonly lists = [[nn.linear(2, 2)], [nn.linear(2, 2)]];
    readonly scale = { s: new nn.Parameter([2], ones) };
    readonly other = { number: 3, text: "x", list: new Float32Array(3), none: null, date: new Date() };

    constructor() {
      super();
      // A record that contains itself is looked through once.
      Object.assign(this.other, { self: this.other });
    }

    override forward(input: Tensor): Tensor {
      const layers = [...this.map.values(), this.record.b, this.record.more.c, ...this.lists.flat()];
      return layers.reduce((y, layer) => layer.forward(y), input).mul(this.scale.s);
    }
  }

  test("in maps, records and lists, by name", () => {
    expect([...new Everywhere().state().keys()].filter((name) => !name.endsWith("bias"))).toEqual([
      "scale.s",
      "map.a.weight",
      "record.b.weight",
      "record.more.c.weight",
      "lists.0.0.weight",
      "lists.1.0.weight",
    ]);
  });

  test("and trained, all of them", async () => {
    const net = new Everywhere();
    const before = await Promise.all(net.parameters().map((p) => p.data()));
    const sgd = optim.sgd({ lr: 0.1 });
    await compile((input: Tensor) => sgd.minimize(net.forward(input).square().sum(), net.parameters()))(x());
    const after = await Promise.all(net.parameters().map((p) => p.data()));
    after.forEach((data, i) => void expect([...data]).not.toEqual([...before[i]]));
  });

  class Hidden extends nn.Module {
    readonly #layer = nn.linear(2, 2);
    readonly head = nn.linear(2, 3);

    override forward(input: Tensor): Tensor {
      return this.head.forward(this.#layer.forward(input));
    }
  }
  const says = "Hidden: forward uses weight of linear(2, 2), which is not part of the network's state()";

  test("or named, where they cannot be: when a network predicts, is trained, measured or summed up", async () => {
    await expect(new Hidden().predict(x())).rejects.toThrow(ArgumentError);
    await expect(new Hidden().predict(x())).rejects.toThrow(says);
    expect(() => nn.summary(new Hidden(), [2])).toThrow(says);
    const data = dataset(new Float32Array(12), [2], Uint8Array.of(0, 1, 2, 0, 1, 2));
    const trainer = new Trainer(new Hidden(), { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }) });
    await expect(trainer.fit(data).next()).rejects.toThrow(says);
    await expect(trainer.evaluate(data)).rejects.toThrow(says);
    class Loose extends nn.Module {
      readonly #scale = new nn.Parameter([2], ones);
      override forward(input: Tensor): Tensor {
        return input.mul(this.#scale);
      }
    }
    await expect(new Loose().predict(x())).rejects.toThrow("Loose: forward uses a parameter [2], which is not part of");
  });
});

describe("nothing is no training", () => {
  test("an optimizer without variables, or with frozen ones only, is an error", () => {
    const cost = tensor([1]).sum();
    for (const optimizer of [optim.sgd({ lr: 0.1 }), optim.adam({ lr: 0.1 }), optim.rmsprop({ lr: 0.1 })]) {
      expect(() => optimizer.minimize(cost, [])).toThrow(ArgumentError);
      expect(() => optimizer.minimize(cost, nn.relu().parameters())).toThrow(/there are no variables to train/);
      expect(() => optimizer.step([], [])).toThrow(/there are no variables to train/);
      const { weight } = nn.linear(1, 1).freeze();
      expect(() => optimizer.minimize(cost, [weight])).toThrow(/all 1 variables are frozen; set trainable = true/);
    }
  });

  test("nor is a trainer without optimizer or loss, or of a network without parameters", async () => {
    // biome-ignore lint/suspicious/noExplicitAny: what TypeScript refuses is tried here
    const make = (options: any) => new Trainer(nn.linear(2, 3), options);
    expect(() => make({ loss: loss.crossEntropy })).toThrow(
      "Trainer: optimizer is undefined; it must be an optimizer, such as optim.adam",
    );
    expect(() => make({ optimizer: optim.sgd({ lr: 1 }) })).toThrow(
      "Trainer: loss is undefined; it must be a function",
    );
    const data = dataset(new Float32Array(4), [2], Uint8Array.of(0, 1));
    const trainer = new Trainer(nn.relu(), { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }) });
    await expect(trainer.fit(data).next()).rejects.toThrow(/sgd: there are no variables to train/);
  });

  test("and a network without parameters is nothing to save", async () => {
    await expect(serialize(nn.relu())).rejects.toThrow(ArgumentError);
    await expect(serialize(nn.relu())).rejects.toThrow(/has no parameters or buffers/);
  });
});

describe("several inputs", () => {
  class Two extends nn.Module {
    readonly layer = nn.linear(2, 2);
    override forward(a: Tensor, b: Tensor): Tensor {
      return this.layer.forward(a).add(b);
    }
  }

  test("go through forward and predict", async () => {
    const net = new Two();
    const want = await net.forward(x(), x()).array();
    expect(await (await net.predict(x(), x())).array()).toEqual(want);
  });
});

describe("frozen modules", () => {
  test("keep what their forward passes would change: running means, singular vectors", async () => {
    for (const layer of [nn.batchNorm1d(3), nn.spectralNorm(nn.linear(3, 2))]) {
      const all = async () => Promise.all([...layer.state().values()].map((v) => v.array()));
      const x = tensor([
        [1, 2, 3],
        [5, 3, 4],
      ]);
      const before = await all();
      layer.freeze().forward(x);
      expect(await all()).toEqual(before);
      layer.trainable = true;
      layer.forward(x);
      expect(await all()).not.toEqual(before);
    }
  });

  const made = () => {
    const base = nn.sequential(nn.linear(2, 4), nn.batchNorm1d(4));
    const net = nn.sequential(base, nn.relu(), nn.linear(4, 2)).initialize(1);
    return { base, net };
  };
  const contents = async (net: nn.Module) => {
    const all: Record<string, number[]> = {};
    for (const [name, v] of net.state()) all[name] = [...(await v.data())];
    return all;
  };

  test.each([true, false])(
    "stay as they are: parameters, weight decay, running statistics (compiled: %s)",
    async (compiled) => {
      const { base, net } = made();
      base.freeze();
      const before = await contents(net);
      const optimizer = optim.adamw({ lr: 0.1, weightDecay: 0.5 });
      const body = (input: Tensor) => optimizer.minimize(net.forward(input).square().sum(), net.parameters());
      const step = compiled ? compile(body) : body;
      for (let i = 0; i < 3; i++) await step(x());
      const after = await contents(net);
      for (const name of Object.keys(before)) {
        const same = expect(after[name], name);
        if (name.startsWith("0.")) same.toEqual(before[name]);
        else same.not.toEqual(before[name]);
      }
      // A trained function is traced anew when that changes.
      base.trainable = true;
      await step(x());
      const free = await contents(net);
      expect(free["0.0.weight"]).not.toEqual(before["0.0.weight"]);
      expect(free["0.1.running_mean"]).not.toEqual(before["0.1.running_mean"]);
      expect(free["0.1.num_batches_tracked"]).toEqual([1]);
    },
  );

  test("normalize as at inference, in training too", async () => {
    const norm = nn.batchNorm1d(2).freeze();
    expect(await norm.forward(x()).array()).toEqual(await norm.during(false, () => norm.forward(x())).array());
  });

  test("pass gradients on", async () => {
    const layer = nn.linear(2, 2, { init: ones }).freeze();
    const input = x();
    expect(await grad(layer.forward(input).sum(), [input])[0].array()).toEqual(Array(3).fill([2, 2]));
  });

  test("are not regularized, and are told of in the summary", async () => {
    const { base, net } = made();
    const penalty = regularize.l2(1, { all: true });
    const all = await (penalty(net.parameters()) as Tensor).item();
    base.freeze();
    expect(await (penalty(net.parameters()) as Tensor).item()).toBeLessThan(all);
    const summary = nn.summary(net, [2], { batchSize: 4 });
    expect([summary.parameters, summary.trainable]).toEqual([12 + 8 + 10, 10]);
    expect(summary.layers.map((l) => l.frozen)).toEqual([true, true, undefined, undefined]);
    expect(String(summary)).toMatch(/12 frozen\n/);
    expect(String(summary)).toMatch(/\n30 parameters, 10 of them trained; training with batches of 4 needs/);
    expect(summary.trainingBytes).toBeLessThan(nn.summary(made().net, [2], { batchSize: 4 }).trainingBytes);
  });

  test("are frozen with all that is in them, a parameter alone too", async () => {
    const { base, net } = made();
    expect(net.freeze()).toBe(net);
    expect(net.parameters().every((p) => !p.trainable)).toBe(true);
    expect([base.trainable, base.layers[0].trainable]).toEqual([false, false]);
    net.trainable = true;
    expect(base.trainable).toBe(true);
    const layer = nn.linear(2, 2, { init: ones, biasInit: ones });
    layer.weight.trainable = false;
    optim.sgd({ lr: 0.1 }).minimize(layer.forward(x()).sum(), layer.parameters());
    expect(await layer.weight.array()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(await layer.bias?.array()).not.toEqual([1, 1]);
  });

  test("a trainer leaves them alone", async () => {
    const { base, net } = made();
    base.freeze();
    const data = dataset(
      Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
      [2],
      Uint8Array.from({ length: 12 }, (_, i) => i % 2),
    );
    const trainer = new Trainer(net, {
      loss: loss.crossEntropy,
      optimizer: optim.adam({ lr: 0.1 }),
      regularize: regularize.l2(0.1),
      seed: 1,
    });
    const before = await contents(net);
    for await (const _ of trainer.fit(data, { epochs: 2, batchSize: 4 }));
    const after = await contents(net);
    for (const name of Object.keys(before)) {
      if (name.startsWith("0.")) expect(after[name], name).toEqual(before[name]);
    }
    expect(after["2.weight"]).not.toEqual(before["2.weight"]);
  });
});

test("the summary's memory is that of the real step with the real optimizer", () => {
  const net = () =>
    nn.sequential(nn.linear(784, 1024), nn.relu(), nn.linear(1024, 1024), nn.relu(), nn.linear(1024, 10));
  const bytes = (optimizer?: optim.Optimizer) =>
    nn.summary(net(), [784], { batchSize: 64, optimizer, loss: loss.crossEntropy }).trainingBytes;
  const parameters = net()
    .parameters()
    .reduce((n, p) => n + 4 * p.size, 0);
  const [plain, momentum, adam] = [
    bytes(),
    bytes(optim.sgd({ lr: 0.1, momentum: 0.9 })),
    bytes(optim.adam({ lr: 0.1 })),
  ];
  expect(plain).toBeGreaterThan(parameters);
  expect(Math.abs(momentum - plain - parameters)).toBeLessThan(1000);
  expect(Math.abs(adam - plain - 2 * parameters)).toBeLessThan(1000);
  const summary = nn.summary(net(), [784], { optimizer: optim.adam({ lr: 0.1 }), loss: loss.crossEntropy });
  expect(String(summary)).toMatch(/parameters; training with adam and batches of 64 needs 22\.\d MiB$/);
});

test("what runs during a mode may take its time", async () => {
  const net = nn.dropout(0.5);
  const seen: boolean[] = [];
  const result = await net.during(false, async () => {
    seen.push(net.training);
    await 0;
    seen.push(net.training);
    return 7;
  });
  expect([result, ...seen, net.training]).toEqual([7, false, false, true]);
  await expect(net.during(false, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(() =>
    net.during(false, () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(net.training).toBe(true);
});

test("two variables of one name are an error", () => {
  class Twins extends nn.Module {
    layers = new Map<unknown, nn.Module>([
      ["3", nn.linear(1, 1)],
      [3, nn.linear(1, 1)],
    ]);
    override forward(x: Tensor): Tensor {
      return x;
    }
  }
  for (const act of [(net: Twins) => net.state(), (net: Twins) => net.parameters()])
    expect(() => act(new Twins())).toThrow(/two variables are called "layers\.3\.weight"; give .* other names/);
});
