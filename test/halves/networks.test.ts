// Networks whose weights are stored as halves: what they compute, against PyTorch's rounding and against float32 weights of the same
// numbers, in what memory; files of them; and what refuses them.
import { describe, expect, test } from "vitest";
import { type Half, nearestHalf } from "../../packages/tidu/src/base/half.js";
import { readSafetensors } from "../../packages/tidu/src/io/reader.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import * as optim from "../../packages/tidu/src/optim/index.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { retype } from "../../packages/tidu/src/tensor/variable.js";
import { deserialize, serialize } from "../../packages/tidu/src/train/files.js";
import { type HalvesCase, loadGolden, readGoldenBytes } from "../goldens/load.js";
import { build, fill } from "../nn/support/build.js";
import { expectClose } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";

const { cases } = loadGolden("halves");
const { cases: layers } = loadGolden("layers");
const BOTH: readonly Half[] = ["f16", "bf16"];

const made = ({ architecture = [] }: HalvesCase) =>
  nn.sequential(...architecture.map((l) => build(l.layer, l.options)));
const bitsOf = (data: ArrayLike<number>): number[] => [...new Uint32Array(Float32Array.from(data).buffer)];

onEveryDevice(() => {
  describe.each(cases.map((golden) => [golden.name, golden] as const))("weights in %s", (name, golden) => {
    const input = () => tensor(golden.input.data, golden.input.shape);

    test("are rounded as PyTorch rounds them, and come to the same", async () => {
      const net = fill(made(golden), golden.state).to(name);
      const file = await readSafetensors(readGoldenBytes(golden));
      for (const [parameter, v] of net.namedParameters()) {
        const stored = await file.read(parameter);
        expect([stored.dtype, v.dtype]).toEqual([name, name]);
        expect(bitsOf(await v.data()), parameter).toEqual(bitsOf(stored.data as Float32Array));
      }
      await expectClose("output", await net.predict(input()), golden.output);
    });

    test("are read from a file into halves and into f32", async () => {
      for (const dtype of [name, "f32"] as const) {
        const net = deserialize(made(golden).to(dtype), readGoldenBytes(golden), golden.file);
        await expectClose("output", await net.predict(input()), golden.output);
      }
    });
  });

  test.each(BOTH)("every layer with weights in %s computes as with f32 weights of the same numbers", async (dtype) => {
    for (const golden of layers.filter((l) => Object.keys(l.params).length > 0)) {
      const make = () => build(golden.layer, golden.options, { ...golden.params, ...golden.buffers });
      const net = make().to(dtype);
      const same = make();
      for (const [name, v] of same.namedParameters()) v.assign(net.namedParameters().get(name)?.toFloat() as Tensor);
      const x = tensor(golden.input.data, golden.input.shape);
      const [got, want] = [await net.predict(x), await same.predict(x)];
      await expectClose(golden.name, got, { shape: want.shape, data: (await want.data()) as Float32Array });
    }
  });
});

describe("in memory", () => {
  const sizes = { inputs: 300, hidden: 500, outputs: 70 };
  const make = () =>
    nn.sequential(
      nn.linear(sizes.inputs, sizes.hidden, { bias: false }),
      nn.relu(),
      nn.linear(sizes.hidden, sizes.outputs, { bias: false }),
    );
  const weights = sizes.inputs * sizes.hidden + sizes.hidden * sizes.outputs;

  /** Bytes that a prediction for so many samples needs: of what is stored, and of what is in between. */
  const needs = (net: nn.Module, samples: number) => {
    const x = tensor(new Float32Array(samples * sizes.inputs), [samples, sizes.inputs]);
    return compile((x: Tensor) => net.during(false, () => net.forward(x))).prepare(x);
  };

  test.each(BOTH)("%s takes two bytes for each weight, and no copy in f32", (dtype) => {
    for (const samples of [1, 7, 200]) {
      const [full, half] = [needs(make(), samples), needs(make().to(dtype), samples)];
      expect(full.storageBytes - half.storageBytes).toBe(2 * weights);
      expect(half.arenaBytes).toBe(full.arenaBytes);
    }
  });

  test("a summary tells", () => {
    const bytesOf = (net: nn.Module) => nn.summary(net.freeze(), [sizes.inputs], { batchSize: 1 }).trainingBytes;
    expect(bytesOf(make()) - bytesOf(make().to("f16"))).toBe(2 * weights);
  });
});

describe("to", () => {
  test("traces compiled code again, keeps the parameters themselves, and goes back", async () => {
    const net = nn.linear(2, 1, { bias: false });
    const { weight } = net;
    weight.assign(tensor([[0.1, 1 + 2 ** -11]]));
    const x = tensor([
      [1, 0],
      [0, 1],
    ]);
    const used = compile((x: Tensor) => net.forward(x));
    const full = [Math.fround(0.1), 1 + 2 ** -11];
    const rounded = [nearestHalf("f16", 0.1), 1];
    for (const [dtype, want] of [
      ["f32", full],
      ["f16", rounded],
      ["f32", rounded],
    ] as const) {
      expect(net.to(dtype).weight).toBe(weight);
      expect(weight.dtype).toBe(dtype);
      expect([...(await (await net.predict(x)).data())]).toEqual(want);
      expect([...(await (await used(x)).data())]).toEqual(want);
    }
  });

  test("leaves buffers, and what was computed before", async () => {
    const net = nn.sequential(nn.linear(2, 2), nn.batchNorm1d(2));
    const before = net.forward(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    net.to("bf16");
    expect([...net.state()].filter(([, v]) => v.dtype === "f32").map(([name]) => name)).toEqual([
      "1.running_mean",
      "1.running_var",
      "1.num_batches_tracked",
    ]);
    expect((await before.data()).every(Number.isFinite)).toBe(true);
  });

  test("draws first values anew in the type", async () => {
    const [half, full] = [nn.linear(3, 2).to("f16").initialize(7), nn.linear(3, 2).initialize(7)];
    const want = Array.from(await full.weight.data(), (x: number) => nearestHalf("f16", x));
    expect([...(await half.weight.data())]).toEqual(want);
  });

  test("refuses what is no float", () => {
    expect(() => nn.linear(1, 1).to("i32" as "f16")).toThrow(
      /^to: dtype is "i32"; it must be "f32" or "f16" or "bf16"/,
    );
  });
});

describe("files", () => {
  test.each(BOTH)("have weights in %s, which come back as they were", async (dtype) => {
    const net = nn.sequential(nn.linear(3, 4), nn.batchNorm1d(4)).to(dtype);
    const bytes = await serialize(net);
    const types = [...(await readSafetensors(bytes)).tensors].map(([name, { dtype }]) => [name, dtype]);
    expect(Object.fromEntries(types)).toMatchObject({ "0.weight": dtype.toUpperCase(), "1.running_mean": "F32" });
    for (const to of [dtype, "f32"] as const) {
      const other = deserialize(nn.sequential(nn.linear(3, 4), nn.batchNorm1d(4)).to(to), bytes);
      for (const [name, v] of net.state()) expect(await other.state().get(name)?.data()).toEqual(await v.data());
    }
  });

  test("of f32 are rounded where the network has halves", async () => {
    const full = nn.linear(5, 3);
    const half = deserialize(nn.linear(5, 3).to("f16"), await serialize(full));
    const want = Array.from(await full.weight.data(), (x: number) => nearestHalf("f16", x));
    expect([...(await half.weight.data())]).toEqual(want);
  });
});

describe("training", () => {
  const master = (dtype: Half) => {
    const w = new nn.Parameter([3, 2], () =>
      tensor([
        [0.1, 0.2],
        [0.3, 0.4],
        [0.5, 0.7],
      ]),
    );
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6.5],
    ]);
    const cost = (w: Tensor) => x.matmul(w.to(dtype)).square().sum();
    return { w, x, cost };
  };

  test.each(BOTH)("with weights in f32 and copies in %s has the gradient of the rounded weights", async (dtype) => {
    const { w, x, cost } = master(dtype);
    const [slope] = grad(cost(w), [w]);
    expect(slope.dtype).toBe("f32");
    const rounded = tensor(
      Array.from(await w.data(), (v: number) => nearestHalf(dtype, v)),
      [3, 2],
      "f32",
    );
    const [want] = grad(x.matmul(rounded).square().sum(), [rounded]);
    expect(bitsOf(await slope.data())).toEqual(bitsOf(await want.data()));
    const optimizer = optim.sgd({ lr: 1e-3 });
    const step = compile(() => optimizer.minimize(cost(w), [w]));
    const before = await (await step()).item();
    expect(await (await step()).item()).toBeLessThan(before);
  });

  test("by weights that are halves themselves has gradients, f32, that optimizers do not take", async () => {
    const net = nn.linear(3, 2).to("f16");
    const cost = () =>
      net
        .forward(tensor([[1, 2, 3]]))
        .square()
        .sum();
    expect(grad(cost(), [net.weight])[0].dtype).toBe("f32");
    expect((await grad(cost(), [net.weight])[0].data()).every(Number.isFinite)).toBe(true);
    const optimizer = optim.adam({ lr: 1e-3 });
    const refusal =
      'adam: a variable is f16 [2, 3], which rounds small updates away; store it as f32, as net.to("f32") does, and use w.to("f16") in forward';
    expect(() => optimizer.minimize(cost(), net.parameters())).toThrow(refusal);
    expect(() => optimizer.step([net.weight], grad(cost(), [net.weight]))).toThrow(refusal);
  });

  test("goes on in a head behind halves that are frozen", async () => {
    const net = nn.sequential(nn.linear(3, 4).to("bf16").freeze(), nn.tanh(), nn.linear(4, 1));
    const optimizer = optim.sgd({ lr: 0.1 });
    const step = compile((x: Tensor) => optimizer.minimize(net.forward(x).sub(1).square().mean(), net.parameters()));
    const x = tensor([
      [1, 2, 3],
      [0, -1, 1],
    ]);
    const first = await (await step(x)).item();
    for (let i = 0; i < 20; i++) await step(x);
    expect(await (await step(x)).item()).toBeLessThan(first / 2);
  });

  test("assigns halves in place", async () => {
    const v = new nn.Parameter([5], () => tensor([1, 2, 3, 4, 5]));
    retype(v, "f16");
    const step = compile(() => v.assign(v.mul(1.5).to("f16")));
    for (let i = 0; i < 3; i++) await step();
    let want = [1, 2, 3, 4, 5];
    for (let i = 0; i < 3; i++) want = want.map((x) => nearestHalf("f16", 1.5 * x));
    expect([...(await v.data())]).toEqual(want);
    expect(() => v.assign(v.mul(2))).toThrow(/f16 \[5\], as the variable is; use to\(\)/);
  });
});
