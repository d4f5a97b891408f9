import {
  compile,
  DeviceError,
  device,
  loss,
  nn,
  ones,
  optim,
  serialize,
  setDevice,
  type Tensor,
  tensor,
  Variable,
} from "tidu";
import { afterEach, describe, expect, test } from "vitest";
import type { TypedArray } from "../../packages/tidu/src/base/dtype.js";
import type { Storage } from "../../packages/tidu/src/graph/node.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { overwrite } from "../../packages/tidu/src/tensor/compile.js";
import type { Realizer } from "../../packages/tidu/src/tensor/realizer.js";
import { SlowDevice } from "../support/slow-device.js";

afterEach(() => setDevice(undefined));

const pairs: [string, () => Realizer][] = [
  ["another one", () => new WasmDevice({ threads: 1 })],
  ["the reference", () => new ReferenceDevice()],
];

describe.each(pairs)("values go along to %s", (_, make) => {
  test("tensors, read or not, typed arrays and truth values", async () => {
    setDevice(new WasmDevice({ threads: 1 }));
    const x = tensor([1, 2]);
    const sum = x.add(1);
    expect(await sum.array()).toEqual([2, 3]);
    const positive = x.gt(1);
    expect(await positive.array()).toEqual([0, 1]);
    const bytes = await tensor(Uint8Array.of(3, 4)).realize();
    const unread = tensor([5, 6]);
    setDevice(make());
    expect(await sum.array()).toEqual([2, 3]);
    expect(await x.add(1).array()).toEqual([2, 3]);
    expect(await sum.add(unread).array()).toEqual([7, 9]);
    expect(await positive.where(1, 0).array()).toEqual([0, 1]);
    expect(await bytes.toFloat().array()).toEqual([3, 4]);
  });

  test("a network in training, back and forth, with its optimizer and compiled steps", async () => {
    const [x, t] = [
      tensor([
        [1, 2],
        [3, 1],
        [0, 1],
      ]),
      tensor([[1], [2], [0]]),
    ];
    const run = async (devices: readonly Realizer[]) => {
      setDevice(devices[0]);
      const net = nn.sequential(nn.linear(2, 3), nn.batchNorm1d(3), nn.tanh(), nn.linear(3, 1)).initialize(2);
      const optimizer = optim.adam({ lr: 0.05 });
      const step = compile((a: Tensor, b: Tensor) => optimizer.minimize(loss.mse(net.forward(a), b), net.parameters()));
      const losses: number[] = [];
      for (let i = 0; i < 9; i++) {
        setDevice(devices[i % devices.length]);
        if (i === 4) optimizer.lr = 0.02;
        losses.push(await (await step(x, t)).item());
      }
      const bytes = await serialize(net);
      const values = (await net.predict(x)).array();
      return { losses, bytes, values: await values };
    };
    const stays = await run([new WasmDevice({ threads: 1 })]);
    const moves = await run([new WasmDevice({ threads: 1 }), make(), new WasmDevice({ threads: 1 })]);
    expect(moves.losses).toEqual(stays.losses.map((x) => expect.closeTo(x, 4)));
    expect(moves.losses[8]).toBeLessThan(moves.losses[0]);
    expect(moves.bytes.length).toBe(stays.bytes.length);
  });

  test("what compiled code only writes", async () => {
    setDevice(new WasmDevice({ threads: 1 }));
    const [first, second] = [new Variable(tensor([0])), new Variable(tensor([0]))];
    const step = compile((x: Tensor) => {
      first.assign(x.mul(2));
      second.assign(first.add(1));
    });
    await step(tensor([1]));
    expect([await first.item(), await second.item()]).toEqual([2, 3]);
    setDevice(make());
    await step(tensor([10]));
    expect([await first.item(), await second.item()]).toEqual([20, 21]);
    const [old, reading] = [first.mul(1), second.data()];
    void step(tensor([50]));
    setDevice(undefined);
    expect([await old.item(), (await reading)[0]]).toEqual([20, 21]);
    expect([await first.item(), await second.item()]).toEqual([100, 101]);
  });

  test("what compiled code made, what waits, and what was made before a step", async () => {
    const first = new WasmDevice({ threads: 1 });
    setDevice(first);
    const v = new Variable(tensor([1, 2]));
    const step = compile((x: Tensor) => {
      v.assign(v.add(x));
      return v.mul(10);
    });
    const ten = await step(1);
    const old = v.mul(2);
    v.assign(v.mul(3));
    setDevice(make());
    expect(await ten.array()).toEqual([20, 30]);
    expect(await (await step(1)).array()).toEqual([70, 100]);
    expect(await old.array()).toEqual([4, 6]);
    setDevice(first);
    expect(await (await step(ten)).array()).toEqual([270, 400]);
    expect(await v.array()).toEqual([27, 40]);
  });
});

describe.each(pairs)("values on a device that cannot tell at once what they are go along to %s", (_, make) => {
  /** One whose results take their time, as those of native code and graphics cards do. */
  class Late extends WasmDevice {
    override readNow(): undefined {}
    override async read(storage: Storage): Promise<TypedArray> {
      const values = await super.read(storage);
      await new Promise((done) => setTimeout(done, 5));
      return values;
    }
  }

  test("by waiting", async () => {
    setDevice(new Late({ threads: 1 }));
    const x = await tensor([1, 2]).add(1).realize();
    const large = await ones([500]).mul(3).realize();
    setDevice(make());
    expect(await x.add(1).array()).toEqual([3, 4]);
    expect(await x.mul(large.sum()).array()).toEqual([3000, 4500]);
    setDevice(undefined);
    expect(await x.add(1).array()).toEqual([3, 4]);
  });

  test("in the order of calls that nobody awaits", async () => {
    const first = new Late({ threads: 1 });
    setDevice(first);
    const v = new Variable(tensor([1]));
    const step = compile((x: Tensor) => {
      v.assign(v.mul(2).add(x));
      return v.mul(1);
    });
    const other = make();
    const calls: Promise<Tensor>[] = [];
    const reads: Promise<TypedArray>[] = [];
    for (let i = 0; i < 6; i++) {
      setDevice(i % 2 === 0 ? first : other);
      calls.push(step(i));
      calls.push(step(1));
      reads.push(v.data());
      if (i === 3) v.assign(v.mul(10));
    }
    let [value, want] = [1, [] as number[]];
    const kept: number[] = [];
    for (let i = 0; i < 6; i++) {
      for (const x of [i, 1]) want.push((value = 2 * value + x));
      kept.push(value);
      if (i === 3) value *= 10;
    }
    expect((await Promise.all(reads)).map((r) => r[0])).toEqual(kept);
    expect(await Promise.all(calls.map(async (call) => (await call).item()))).toEqual(want);
    expect(await v.item()).toBe(value);
  });

  test("and those that do not come fail the program that needs them, which changes nothing", async () => {
    class Broken extends Late {
      works = true;
      override async read(storage: Storage): Promise<TypedArray> {
        if (!this.works) throw new DeviceError("the card was lost");
        return super.read(storage);
      }
    }
    const broken = new Broken({ threads: 1 });
    setDevice(broken);
    const v = await new Variable(tensor([1])).realize();
    const step = compile(() => {
      v.assign(v.add(1));
      return v.mul(1);
    });
    await step();
    broken.works = false;
    setDevice(make());
    await expect(step()).rejects.toThrow("the card was lost");
    expect(await tensor([1]).add(1).array()).toEqual([2]);
    await expect(v.mul(2).data()).rejects.toThrow("the card was lost");
    broken.works = true;
    expect(await v.mul(2).array()).toEqual([4]);
    expect(await (await step()).array()).toEqual([3]);
  });
});

describe.each<[string, () => Realizer]>([
  ["another one", () => new WasmDevice({ threads: 1 })],
  ["the reference", () => new ReferenceDevice()],
  ["the same", () => device()],
])("work that a device has not begun is not lost on %s", (_, make) => {
  /** A variable and a step that doubles it, which is asked for on a slow device. */
  const begin = (): { v: Variable; double: () => Promise<Tensor>; first: Promise<Tensor> } => {
    setDevice(new SlowDevice());
    const v = new Variable(tensor([1, 2]));
    const double = compile(() => {
      v.assign(v.mul(2));
      return v.mul(10);
    });
    const first = double();
    setDevice(make());
    return { v, double, first };
  };

  test("by reading", async () => {
    const { v, first } = begin();
    expect(await v.mul(1).array()).toEqual([2, 4]);
    expect(await v.array()).toEqual([2, 4]);
    expect(await (await first).array()).toEqual([20, 40]);
  });

  test("by a further step, after which what was read before is as it was", async () => {
    const { v, double, first } = begin();
    const before = [v.mul(1), v.detach()];
    const second = double();
    expect(await Promise.all(before.map((x) => x.array()))).toEqual([
      [2, 4],
      [2, 4],
    ]);
    expect(await (await second).array()).toEqual([40, 80]);
    expect(await (await first).array()).toEqual([20, 40]);
    expect(await v.array()).toEqual([4, 8]);
  });

  test("by assigning the variable to another one", async () => {
    const { v, double } = begin();
    const other = new Variable(v);
    void double();
    expect(await other.array()).toEqual([2, 4]);
    expect(await v.array()).toEqual([4, 8]);
  });

  test("where it only reads", async () => {
    setDevice(new SlowDevice());
    const x = tensor([1, 2]);
    const [sum, reading] = [x.add(1).data(), x.data()];
    setDevice(make());
    expect(await x.mul(3).array()).toEqual([3, 6]);
    expect([...(await sum)]).toEqual([2, 3]);
    expect([...(await reading)]).toEqual([1, 2]);
  });

  test("where arguments are overwritten", async () => {
    setDevice(new SlowDevice());
    const v = new Variable(tensor([0]));
    const add = compile((x: Tensor) => v.assign(v.add(x)));
    const x = tensor([1]);
    void add(x);
    overwrite(x, Float32Array.of(10));
    void add(x);
    setDevice(make());
    void add(x);
    expect(await x.mul(1).array()).toEqual([10]);
    expect(await v.array()).toEqual([21]);
  });
});
