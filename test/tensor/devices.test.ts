import { compile, DeviceError, loss, nn, optim, serialize, setDevice, type Tensor, tensor, Variable } from "tidu";
import { afterEach, describe, expect, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import type { Realizer } from "../../packages/tidu/src/tensor/realizer.js";

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

test("a device that cannot be read at once keeps its values, with an error that says so", async () => {
  class Slow extends WasmDevice {
    override readNow(): undefined {}
  }
  setDevice(new Slow({ threads: 1 }));
  const x = await tensor([1, 2]).add(1).realize();
  expect(await x.array()).toEqual([2, 3]);
  setDevice(new WasmDevice({ threads: 1 }));
  expect(await x.array()).toEqual([2, 3]);
  await expect(x.add(1).array()).rejects.toThrow(DeviceError);
  await expect(x.add(1).array()).rejects.toThrow(/make a new tensor of what data\(\) gives/);
  expect(
    await tensor(await x.data())
      .add(1)
      .array(),
  ).toEqual([3, 4]);
});
