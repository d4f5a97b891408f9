// Values that the gradient computes again: the same bits, less memory.
import { afterAll, describe, expect, test } from "vitest";
import { compileProgram, type Observer, observers, type Stages } from "../../packages/tidu/src/compile/program.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import { fromStorage } from "../../packages/tidu/src/graph/ops/index.js";
import {
  compile,
  full,
  grad,
  loss,
  manualSeed,
  nn,
  ones,
  optim,
  recompute,
  scan,
  setDevice,
  Tensor,
  tensor,
  Variable,
  WasmDevice,
  zeros,
} from "../../packages/tidu/src/index.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { resolve } from "../../packages/tidu/src/tensor/stored.js";
import { trace } from "../../packages/tidu/src/tensor/trace.js";
import { weigh, worstSlope } from "../support/gradients.js";

const devices = [1, 2].map((threads) => new WasmDevice({ threads }));
afterAll(async () => {
  setDevice(undefined);
  await Promise.all(devices.map((d) => d.close()));
});

type Wrap = <L extends nn.Module>(layer: L) => L;
const wave = (shape: readonly number[], by = 1): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * by + 1)),
    shape,
  );

const NETS: Readonly<Record<string, { bits?: true; shape: number[]; make: (wrap: Wrap) => nn.Module }>> = {
  "dense layers with dropout": {
    bits: true,
    shape: [8, 12],
    make: (wrap) => {
      const block = () =>
        wrap(nn.sequential(nn.linear(12, 12), nn.gelu(), nn.dropout(0.3), nn.linear(12, 12), nn.tanh()));
      return nn.sequential(block(), block(), block(), nn.linear(12, 3));
    },
  },
  "convolutions with batch normalization": {
    shape: [4, 3, 8, 8],
    make: (wrap) => {
      const block = () => wrap(nn.sequential(nn.conv2d(3, 3, 3, { padding: 1 }), nn.batchNorm2d(3), nn.relu()));
      return nn.sequential(block(), block(), nn.maxPool2d(2), block(), nn.flatten(), nn.linear(48, 3));
    },
  },
  "a part that begins with an activation": {
    shape: [8, 12],
    make: (wrap) => {
      const block = () => wrap(nn.sequential(nn.relu(), nn.linear(12, 12)));
      return nn.sequential(nn.linear(12, 12), block(), block(), nn.linear(12, 3));
    },
  },
  "residual blocks": {
    shape: [8, 12],
    make: (wrap) => {
      const block = () => wrap(nn.residual(nn.layerNorm(12), nn.linear(12, 12), nn.silu()));
      return nn.sequential(block(), block(), block(), nn.linear(12, 3));
    },
  },
  "parts in parts": {
    shape: [8, 12],
    make: (wrap) => {
      const small = () => wrap(nn.sequential(nn.linear(12, 12), nn.tanh()));
      const block = () => wrap(nn.sequential(small(), small(), nn.sigmoid()));
      return nn.sequential(block(), block(), nn.linear(12, 3));
    },
  },
  "transformer blocks": {
    shape: [2, 5, 8],
    make: (wrap) =>
      nn.sequential(wrap(nn.transformerBlock(8, 2)), wrap(nn.transformerBlock(8, 2)), nn.flatten(), nn.linear(40, 3)),
  },
  "recurrent layers": {
    shape: [2, 5, 8],
    make: (wrap) => nn.sequential(wrap(nn.lstm(8, 8)), wrap(nn.gru(8, 8)), nn.flatten(), nn.linear(40, 3)),
  },
};

async function trained(make: (wrap: Wrap) => nn.Module, shape: number[], wrap: Wrap, compiled: boolean) {
  manualSeed(3);
  const net = make(wrap).initialize(1);
  const optimizer = optim.sgd({ lr: 0.1, momentum: 0.9 });
  const x = wave(shape);
  const t = tensor(Int32Array.from({ length: shape[0] }, (_, i) => i % 3));
  const step = () => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters());
  const call: () => unknown = compiled ? compile(step) : step;
  for (let i = 0; i < 3; i++) {
    const cost = (await call()) as Tensor;
    await cost.realize();
  }
  const state = new Map<string, number[]>();
  for (const [name, v] of net.state()) state.set(name, Array.from(await v.data()));
  return state;
}

describe.each(Object.entries(NETS))("%s", (_, { shape, make, bits }) => {
  test.each([
    [1, true],
    [2, true],
    [1, false],
  ])("learn the same, %d threads, compiled: %s", async (threads, compiled) => {
    setDevice(devices[threads - 1]);
    const kept = await trained(make, shape, (layer) => layer, compiled);
    const again = await trained(make, shape, nn.recompute, compiled);
    expect([...again.keys()]).toEqual([...kept.keys()]);
    for (const [name, values] of kept) {
      const found = again.get(name) as number[];
      if (bits && compiled) expect(found, name).toEqual(values);
      // Sums are in another order where values lie in memory in another one.
      const largest = Math.max(...values.map(Math.abs));
      values.forEach((v, i) => void expect(Math.abs(v - found[i]) / largest, name).toBeLessThan(2e-6));
    }
  });
});

test("gradients are those of finite differences, second ones, too", async () => {
  setDevice(new ReferenceDevice());
  const storages = [makeStorage([3, 4], "f32"), makeStorage([4, 4], "f32")];
  const [x, w] = storages.map((s) => new Tensor(fromStorage(s)));
  const y = recompute(() =>
    recompute(() => x.matmul(w).tanh())
      .mul(x)
      .matmul(w)
      .sigmoid(),
  );
  const contents = new Map(
    storages.map((s, k) => [s, Float32Array.from({ length: s.shape[0] * 4 }, (_, i) => Math.cos(i + k))]),
  );
  expect(worstSlope(weigh(y.node), [x.node, w.node], contents)).toBeLessThan(1e-6);
  const [first] = gradient(weigh(y.node), [x.node]);
  expect(worstSlope(weigh(first), [x.node, w.node], contents)).toBeLessThan(1e-6);
});

test("what is outside keeps its gradient, what is computed already is read", async () => {
  setDevice(devices[0]);
  const v = new Variable(wave([4]));
  const a = v.mul(2);
  const y = recompute(() => a.exp().mul(v).sum());
  await y.realize();
  await a.realize();
  const [byV, byA] = grad(y, [v, a]);
  const values = await v.data();
  const want = Array.from(values, (x) => Math.exp(2 * x) * (1 + 2 * x));
  Array.from(await byV.data()).forEach((g, i) => void expect(g).toBeCloseTo(want[i], 4));
  Array.from(await byA.data()).forEach((g, i) => void expect(g).toBeCloseTo(Math.exp(2 * values[i]) * values[i], 4));
  const same = recompute(() => a);
  expect(same.node).toBe(a.node);
});

const LENGTH = 16;
/** A deep network in parts of four layers. */
function deep(wrap: Wrap): nn.Module {
  const part = () => wrap(nn.sequential(...Array.from({ length: 4 }, () => [nn.linear(32, 32), nn.tanh()]).flat()));
  return nn.sequential(...Array.from({ length: LENGTH / 4 }, part));
}

test("a step needs less memory, which the summary counts", () => {
  const bytes = [(layer: nn.Module) => layer, nn.recompute].map((wrap) =>
    nn.summary(deep(wrap as Wrap), [32], { batchSize: 256 }),
  );
  // Of sixteen values there are four, and those of one part.
  const one = 256 * 32 * 4;
  const [kept, again] = bytes.map((s) => s.trainingBytes);
  expect(kept - again).toBeGreaterThan(6 * one);
  expect(String(bytes[1])).toContain("tanh");
});

test("the arena is as small as parts allow: each is computed again when its gradient is due", () => {
  const [kept, again] = [(layer: nn.Module) => layer, nn.recompute].map((wrap) => {
    const net = deep(wrap as Wrap);
    const x = new Tensor(fromStorage(makeStorage([256, 32], "f32")));
    const { updates, trace: made } = trace(() => {
      optim.sgd({ lr: 0.1 }).minimize(net.forward(x).square().sum(), net.parameters());
    });
    const { values } = resolve(
      updates.map((u) => u.value),
      made,
    );
    return compileProgram(updates.map(({ storage }, i) => ({ storage, value: values[i] }))).program.memory.arenaBytes;
  });
  expect(again / kept).toBeLessThan(0.65);
});

test("predictions have nothing of it", async () => {
  setDevice(devices[0]);
  const seen: Stages["simplified"][] = [];
  const observe: Observer = (pass, product) =>
    void (pass === "simplified" && seen.push(product as Stages["simplified"]));
  observers.add(observe);
  try {
    const net = nn.recompute(nn.sequential(nn.linear(4, 4), nn.relu())).initialize(1);
    await (await net.predict(wave([2, 4]))).data();
  } finally {
    observers.delete(observe);
  }
  expect(seen.flat().some((node) => node.op.name === "recompute")).toBe(false);
});

test("a body that is no function, or gives no tensor, is refused", () => {
  expect(() => recompute(3 as never)).toThrow(/recompute: body/);
  expect(() => recompute((() => 3) as never)).toThrow(/recompute: the result of body/);
  expect(() => nn.recompute(3 as never)).toThrow(/recompute: layer/);
});

test("gradients go to equal numbers that were there before, too", async () => {
  setDevice(devices[0]);
  for (const x of [ones([2]), full([2], 3), zeros([1, 2])]) {
    const cost = (body: () => Tensor) => body().sum();
    const body = () =>
      x
        .square()
        .add(full([2], 1))
        .mul(x);
    const [again, kept] = [cost(() => recompute(body)), cost(body)].map((y) => grad(y, [x])[0]);
    expect(await again.array()).toEqual(await kept.array());
    expect(await again.sum().item()).not.toBe(0);
  }
});

test("second derivatives through a loop that is computed again are those of the loop", async () => {
  setDevice(devices[0]);
  const [x, first, slope] = [tensor([2, 3]), tensor(5), tensor(0.5)];
  const body = () => {
    const [last, all] = scan(
      (h, x) => {
        const next = h.mul(x).add(slope.mul(h.square()));
        return [next, next];
      },
      first,
      x,
    );
    return all.square().sum().add(last);
  };
  const second = (cost: Tensor) => {
    const all = [x, first, slope];
    const found = grad(cost, all);
    const total = found.reduce(
      (sum, g, i) =>
        sum.add(
          g
            .square()
            .sum()
            .mul(i + 1),
        ),
      tensor(0),
    );
    return Promise.all(grad(total, all).map((g) => g.data()));
  };
  const [kept, again] = [await second(body()), await second(recompute(body))];
  again.forEach((g, i) => {
    const off = g.map((v, k) => Math.abs(v - kept[i][k]) / Math.abs(kept[i][k]));
    expect(Math.max(...off)).toBeLessThan(1e-5);
  });
});
