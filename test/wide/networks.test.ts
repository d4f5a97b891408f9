// Networks in f64 on the reference device: layers, losses and optimizers as in float64 arithmetic, training, and files of them.
import { describe, expect, test } from "vitest";
import { dropoutEnsemble } from "../../packages/tidu/src/insight/index.js";
import { readSafetensors } from "../../packages/tidu/src/io/reader.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import * as loss from "../../packages/tidu/src/nn/losses.js";
import * as optim from "../../packages/tidu/src/optim/index.js";
import type { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { atan2 } from "../../packages/tidu/src/tensor/functions/index.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { device } from "../../packages/tidu/src/tensor/realizer.js";
import { storedIn } from "../../packages/tidu/src/tensor/stored.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { Variable } from "../../packages/tidu/src/tensor/variable.js";
import { deserialize, serialize } from "../../packages/tidu/src/train/files.js";
import { Trainer } from "../../packages/tidu/src/train/index.js";
import { loadGolden } from "../goldens/load.js";
import { build } from "../nn/support/build.js";
import { expectClose, expectNumbers } from "../nn/support/close.js";
import { onReference } from "../nn/support/devices.js";
import { makeOptimizer } from "../optim/support/make.js";
import { type Course, checkpointsIn, inFolder, ofEveryStep, outcome } from "../train/resume-support.js";
import { points } from "../train/support.js";

onReference();

const { cases: layers } = loadGolden("layers");
const runs = loadGolden("optimizers").cases.filter((c) => c.kind === "run");

/** What the reference device holds of an f32 value, which it has computed in float64. */
async function held(x: Tensor): Promise<Float64Array> {
  const { node } = await x.realize();
  return (device() as ReferenceDevice).readExact(storedIn(node) as never);
}

describe("layers", () => {
  test.each(layers.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const make = () => build(golden.layer, golden.options, { ...golden.params, ...golden.buffers });
    const [net, plain] = [make().to("f64"), make()];
    for (const v of net.state().values()) expect(v.dtype).toBe("f64");
    for (const own of [net, plain]) own.train(golden.mode !== "eval");
    if (golden.layer === "dropout") for (const own of [net, plain]) own.eval();
    const x = tensor(golden.input.data, golden.input.shape);
    const input = x.dtype === "f32" ? x.to("f64") : x;
    const [y, want] = [net.forward(input), plain.forward(x)];
    expect(y.dtype).toBe("f64");
    const [found, exact] = [await y.data("f64"), await held(want)];
    expectNumbers("output", found, exact, 1e-15);
    const by = (own: nn.Module, x: Tensor) => [...own.parameters(), ...(x.dtype === "i32" ? [] : [x])];
    const shares = tensor(golden.gradOutput.data, golden.gradOutput.shape);
    const slopes = grad(y.mul(shares).sum(), by(net, input));
    const others = grad(want.mul(shares).sum(), by(plain, x));
    for (const [i, s] of slopes.entries()) {
      expect(s.dtype).toBe("f64");
      expectNumbers(`slope ${i}`, await s.data(), await held(others[i]), 1e-14);
    }
    for (const [name, v] of net.state()) {
      const after = golden.buffersAfter?.[name];
      if (after !== undefined) await expectClose(name, v, after);
    }
  });

  test.each([
    ["rnn", nn.rnn],
    ["lstm", nn.lstm],
    ["gru", nn.gru],
  ] as const)("%s, with and without a state", async (_, make) => {
    const net = make(3, 4).to("f64");
    const x = tensor(
      Float64Array.from({ length: 30 }, (_, i) => Math.sin(i)),
      [2, 5, 3],
      "f64",
    );
    const { output, state } = net.run(x);
    expect([output.dtype, ...state.map((s) => s.dtype)]).toEqual(["f64", ...state.map(() => "f64")]);
    const [again, first] = [net.run(x, { state }), net.run(x.toFloat(), { state: state.map((s) => s.to("f32")) })];
    expect([again.output.dtype, first.output.dtype]).toEqual(["f64", "f64"]);
    expectNumbers("outputs", await again.output.data(), await first.output.data(), 1e-6);
  });

  test("a network of f32 takes inputs in f64, and keeps its statistics", async () => {
    const net = nn.sequential(nn.linear(2, 3), nn.batchNorm1d(3));
    const y = net.forward(tensor([[0.1, 0.2], [0.3, 0.5]], undefined, "f64")); // biome-ignore format: a table
    expect([y.dtype, (net.state().get("1.running_mean") as Variable).dtype]).toEqual(["f64", "f32"]);
    expect((await y.data()).every(Number.isFinite)).toBe(true);
  });

  test("to f64 and back changes all floats", () => {
    const net = nn.sequential(nn.linear(2, 2), nn.batchNorm1d(2));
    const types = (dtype: "f32" | "f64" | "f16") => [
      ...new Set([...net.to(dtype).state().values()].map((v) => v.dtype)),
    ];
    expect([types("f64"), types("f32")]).toEqual([["f64"], ["f32"]]);
    expect([types("f64"), types("f16")]).toEqual([["f64"], ["f16", "f32"]]);
  });

  test("a summary counts eight bytes", () => {
    const bytesOf = (net: nn.Module) => nn.summary(net.freeze(), [300], { batchSize: 1 }).trainingBytes;
    const make = () => nn.linear(300, 500, { bias: false });
    expect(bytesOf(make().to("f64")) - bytesOf(make())).toBeGreaterThanOrEqual(4 * 300 * 500);
  });
});

describe("a convolutional network has the gradient that differences have, to nine digits", () => {
  const net = () =>
    nn.sequential(nn.conv2d(1, 2, 3), nn.tanh(), nn.avgPool2d(2), nn.flatten(), nn.linear(8, 3)).to("f64");
  const x = () =>
    tensor(
      Float64Array.from({ length: 72 }, (_, i) => Math.sin(i * 1.7)),
      [2, 1, 6, 6],
      "f64",
    );
  const labels = () => tensor([2, 0], [2], "i64");

  test("by each parameter", async () => {
    const made = net();
    const cost = () => loss.crossEntropy(made.forward(x()), labels());
    const parameters = made.parameters();
    const slopes = grad(cost(), parameters);
    for (const [k, p] of parameters.entries()) {
      const found = await slopes[k].data();
      const values = (await p.data("f64")).slice();
      const h = 1e-3;
      for (const i of [0, values.length - 1]) {
        const at = async (by: number) => {
          p.assign(tensor(values.with(i, values[i] + by), p.shape, "f64"));
          return cost().item();
        };
        const near = [await at(h), await at(-h), await at(2 * h), await at(-2 * h)];
        p.assign(tensor(values, p.shape, "f64"));
        const slope = (8 * (near[0] - near[1]) - (near[2] - near[3])) / (12 * h);
        expect(Math.abs(found[i] - slope)).toBeLessThan(1e-9);
      }
    }
  });
});

describe("optimizers", () => {
  const names = ["a", "b"] as const;
  test.each(runs.map((golden) => [golden.name, golden] as const))("%s is as PyTorch's", async (_, golden) => {
    const make = (from: typeof golden.start) => names.map((n) => tensor(from[n].data, from[n].shape, "f64"));
    const [w, c, t] = [make(golden.start).map((v) => new Variable(v)), make(golden.c), make(golden.t)];
    const optimizer = makeOptimizer(golden, { a: w[0], b: w[1] });
    const step = compile(() => {
      const value = w.map((v, i) => v.sin().mul(c[i]).add(v.sub(t[i]).square()).sum()).reduce((a, b) => a.add(b));
      return optimizer.minimize(value, w);
    });
    const values: number[] = [];
    for (let done = 1; done <= 10; done++) {
      values.push(await (await step()).item());
      const want = (golden.after as Record<string, typeof golden.start>)[done];
      if (want === undefined) continue;
      for (const [i, name] of names.entries()) await expectClose(`${name} after ${done}`, w[i], want[name]);
    }
    expectNumbers("values", values, golden.values);
    for (const v of optimizer.state(new Map(names.map((n, i) => [n, w[i]]))).values()) expect(v.dtype).toBe("f64");
  });

  test("Adam has the bits of its definition in float64, at a rate that changes", async () => {
    const w = new Variable(tensor([0.3, -2], undefined, "f64"));
    const optimizer = optim.adam({ lr: 0.1 });
    const step = compile(() => optimizer.minimize(w.square().sum(), [w]));
    const x = [0.3, -2];
    const [m, v] = [
      [0, 0],
      [0, 0],
    ];
    let [ones, squares] = [0, 0];
    for (let k = 0; k < 20; k++) {
      const lr = k < 10 ? 0.1 : 0.03;
      optimizer.lr = lr;
      await step();
      ones = ones * 0.9 + (1 - 0.9);
      squares = squares * 0.999 + (1 - 0.999);
      x.forEach((now, i) => {
        const g = 2 * now;
        m[i] = m[i] * 0.9 + g * (1 - 0.9);
        v[i] = v[i] * 0.999 + g * g * (1 - 0.999);
        x[i] = now - (m[i] * (lr / ones)) / (Math.sqrt(v[i]) * (1 / Math.sqrt(squares)) + 1e-8);
      });
    }
    expect([...(await w.data("f64"))]).toEqual(x);
  });

  test("L-BFGS finds a minimum to more digits than f32 has", async () => {
    const w = new Variable(tensor([-1.2, 1], undefined, "f64"));
    const at = (i: number) => w.slice(0, i, i + 1);
    const rosenbrock = () => at(1).sub(at(0).square()).square().mul(100).add(at(0).sub(1).square()).sum();
    const { converged } = await optim.lbfgs(rosenbrock, [w], { tolerance: 1e-10, iterations: 200 });
    expect(converged).toBe(true);
    for (const value of await w.data()) expect(value).toBeCloseTo(1, 10);
  });

  test("gradients that are given have the variable's type", () => {
    const w = new Variable(tensor([1], undefined, "f64"));
    expect(() => optim.sgd({ lr: 1 }).step([w], [tensor([1])])).toThrow("it must be a tensor f64 [1], as its variable");
  });
});

describe("numbers are of the network's type", () => {
  const wide = (...values: number[]) => tensor(values, undefined, "f64");
  const scores = () => tensor([[0.3, -0.2, 0.7], [1.1, 0.4, -0.6]], undefined, "f64"); // biome-ignore format: a table
  const shares = [0.1, 0.7, 1 / 3];

  test("as arguments of compiled functions, whatever is made of them", async () => {
    const w = new Variable(wide(1, 3));
    const scaled = compile((a: Tensor, b: Tensor) => w.mul(a.mul(b).sin()));
    for (const [a, b] of [[0.1, 0.3], [1 / 3, 0.7]] as const) // biome-ignore format: a table
      expect(await (await scaled(a, b)).array()).toEqual([Math.sin(a * b), 3 * Math.sin(a * b)]);
    const learn = compile((lr: Tensor) => void w.assign(w.sub(w.mul(lr))));
    await learn(0.1);
    expect(await w.array()).toEqual([1 - 0.1, 3 - 3 * 0.1]);
  });

  test("and do not change those of f32", async () => {
    const w = new Variable(tensor([1, 3]));
    const scaled = compile((a: Tensor) => void w.assign(w.mul(a)));
    await scaled(0.1);
    expect([w.dtype, await w.array()]).toEqual(["f32", [Math.fround(0.1), Math.fround(3 * 0.1)]]);
  });

  test.each([
    ["crossEntropy", (w: number[] | Tensor) => loss.crossEntropy(scores(), tensor(Int32Array.of(2, 1)), { weight: w })],
    ["bceWithLogits", (w: number[] | Tensor) => loss.bceWithLogits(scores(), scores().square(), { posWeight: w })],
  ])("as weights of classes (%s)", async (_, cost) => {
    expect(await cost(shares).item()).toBe(await cost(wide(...shares)).item());
    expect(cost(shares).dtype).toBe("f64");
  });

  test("as encodings of positions", async () => {
    const x = tensor(new Float64Array(24), [1, 4, 6], "f64");
    const layer = nn.sinusoidalPositions(4, 6);
    const y = await layer.forward(x).data("f64");
    expect([y[6], y[7], y[23]]).toEqual([Math.sin(1), Math.cos(1), Math.cos(3 / 10000 ** (4 / 6))]);
    expect((await layer.forward(x.to("f32")).data("f32"))[6]).toBe(Math.fround(Math.sin(1)));
    const turned = await nn.rotary(x.add(1)).data("f64");
    expect(turned[6]).toBe(Math.cos(1) - Math.sin(1));
  });

  test("as the other side of an angle", async () => {
    expect(await atan2(wide(0.3), 0.1).item()).toBe(await atan2(wide(0.3), wide(0.1)).item());
  });

  test("as means of predictions under masks", async () => {
    const net = nn.sequential(nn.dropout(0.5), nn.linear(2, 1)).to("f64");
    const { mean, spread } = await net.predict(wide(1, 2).reshape([1, 2]), { dropout: true, samples: 8 });
    const all = await dropoutEnsemble(net, wide(1, 2).reshape([1, 2]));
    expect([mean, spread, all.mean, all.outputs].map(({ dtype }) => dtype)).toEqual(["f64", "f64", "f64", "f64"]);
    expect(await all.outputs.sum(0).div(4).array()).toEqual(await all.mean.array());
  });

  test("gradients of both types are clipped together, each as its own", async () => {
    const [v, w] = [new Variable(tensor([1])), new Variable(wide(1))];
    const [a, b] = optim.clipByNorm([tensor([3]), wide(4)], 2.5);
    expect([a.dtype, b.dtype]).toEqual(["f32", "f64"]);
    expect(await b.item()).toBeCloseTo(2, 5);
    optim.sgd({ lr: 1, clipNorm: 2.5 }).minimize(v.mul(3).sum().add(w.mul(4).sum()), [v, w]);
    expect([await v.item(), await w.item()].map((x) => x.toFixed(5))).toEqual(["-0.50000", "-1.00000"]);
  });
});

describe("training in f64", () => {
  const course: Course = {
    net: () => nn.sequential(nn.linear(2, 4), nn.batchNorm1d(4), nn.tanh(), nn.dropout(0.2), nn.linear(4, 3)).to("f64"),
    trainer: () => ({ loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.1 }), seed: 3 }),
    data: () => points(12),
    fit: () => ({ epochs: 2, batchSize: 6 }),
  };

  test("learns, and goes on from any checkpoint with the same bits", () =>
    inFolder(async (folder) => {
      const whole = await outcome(course, ofEveryStep(folder));
      expect(whole.error).toBeUndefined();
      expect(
        Object.values(whole.values)
          .flat()
          .some((v) => v !== Math.fround(v)),
      ).toBe(true);
      for (const name of await checkpointsIn(folder))
        expect(await outcome(course, { resume: `${folder}/${name}` }), name).toEqual(whole);
    }));

  test("returns to the last good weights", async () => {
    const net = course.net();
    const trainer = new Trainer(net, { ...course.trainer(), optimizer: optim.sgd({ lr: 1e200, momentum: 0.9 }) });
    const run = async () => {
      for await (const _ of trainer.fit(course.data(), course.fit()));
    };
    await expect(run()).rejects.toThrow(/not finite/);
    for (const v of net.state().values()) expect((await v.data()).every(Number.isFinite)).toBe(true);
  });
});

describe("files", () => {
  class Counted extends nn.Module {
    readonly layer = nn.linear(2, 1);
    readonly seen = new Variable(tensor([2 ** 40], undefined, "i64"));
    readonly small = new Variable(tensor(Int32Array.of(2 ** 30 + 1)));
    readonly on = new Variable(tensor([true, false]));
    override forward(x: Tensor): Tensor {
      return this.layer.forward(x);
    }
  }

  test("have every type as it is, and give it back", async () => {
    const net = new Counted().to("f64");
    net.layer.weight.assign(tensor([[0.1, 1 / 3]], undefined, "f64"));
    const bytes = await serialize(net);
    const file = await readSafetensors(bytes);
    expect(Object.fromEntries([...file.tensors].map(([name, { dtype }]) => [name, dtype]))).toEqual({
      "layer.weight": "F64",
      "layer.bias": "F64",
      seen: "I64",
      small: "I32",
      on: "BOOL",
    });
    const other = deserialize(new Counted().to("f64"), bytes);
    expect(await other.layer.weight.array()).toEqual([[0.1, 1 / 3]]);
    expect([await other.seen.item(), await other.small.item(), await other.on.array()]).toEqual([
      2 ** 40,
      2 ** 30 + 1,
      [1, 0],
    ]);
    // Into f32 doubles are rounded.
    expect(await deserialize(new Counted(), bytes).layer.weight.array()).toEqual([
      [Math.fround(0.1), Math.fround(1 / 3)],
    ]);
  });

  test("of f32 are read into f64", async () => {
    const [from, to] = [nn.linear(2, 1), nn.linear(2, 1).to("f64")];
    deserialize(to, await serialize(from));
    expect([to.weight.dtype, await to.weight.array()]).toEqual(["f64", await from.weight.array()]);
  });

  test("are refused a whole number whose last digits are lost", async () => {
    const net = new Counted();
    net.seen.assign(net.seen.mul(2 ** 20));
    await expect(serialize(net)).rejects.toThrow(
      "data: elements[0] is 1152921504606847000; it must be a whole number from",
    );
  });
});
