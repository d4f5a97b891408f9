import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { type Realizer, setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { arange, tensor, zeros } from "../../packages/tidu/src/tensor/tensor.js";
import { Variable } from "../../packages/tidu/src/tensor/variable.js";

const threads = new WasmDevice({ threads: 2, observe: verifier() });
beforeAll(() => threads.ready());
afterAll(async () => {
  setDevice(undefined);
  await threads.close();
});

const devices: [string, Realizer][] = [
  ["the reference", new ReferenceDevice()],
  ["one thread", new WasmDevice({ threads: 1, observe: verifier() })],
  ["two threads", threads],
];

describe.each(devices)("variables on %s", (_, device) => {
  beforeEach(() => setDevice(device));

  test("read their old values while a step gives them new ones", async () => {
    const [a, b] = [new Variable(tensor([1, 2, 3])), new Variable(tensor([10, 20, 30]))];
    const swap = compile(() => {
      const before = a.add(0);
      a.assign(b);
      b.assign(before);
    });
    await swap();
    expect(await a.array()).toEqual([10, 20, 30]);
    expect(await b.array()).toEqual([1, 2, 3]);
    await swap();
    expect(await a.array()).toEqual([1, 2, 3]);
  });

  test("turn round in a circle of three", async () => {
    const all = [1, 2, 3].map((x) => new Variable(tensor([x, 10 * x])));
    const turn = compile(() => {
      const before = all.map((v) => v.add(0));
      all.forEach((v, i) => v.assign(before[(i + 1) % 3]));
    });
    for (let i = 0; i < 4; i++) await turn();
    expect(await Promise.all(all.map((v) => v.array()))).toEqual([
      [2, 20],
      [3, 30],
      [1, 10],
    ]);
  });

  test("may be made from other elements of themselves", async () => {
    const v = new Variable(arange(40));
    const step = compile(() => v.assign(v.flip().add(v.slice(0, 0, 20).pad([[10, 10]]))));
    await step();
    const want = Array.from({ length: 40 }, (_, i) => 39 - i + (i >= 10 && i < 30 ? i - 10 : 0));
    expect(await v.array()).toEqual(want);
  });

  test("may be multiplied by a matrix that changes, too", async () => {
    const size = 8;
    const identity = tensor(
      Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 2 : 0))),
    );
    const [v, m] = [new Variable(arange(size)), new Variable(identity)];
    const step = compile(() => {
      const next = m.matmul(v.reshape([size, 1])).reshape([size]);
      m.assign(m.transpose().add(v));
      v.assign(v.add(next));
    });
    await step();
    expect(await v.array()).toEqual(Array.from({ length: size }, (_, i) => 3 * i));
    expect((await m.data()).slice(0, 3)).toEqual(Float32Array.of(2, 1, 2));
  });

  test("may be replaced by their own product with a matrix", async () => {
    const size = 9;
    const below = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) => (j === (i + 1) % size ? 1 : 0)),
    );
    const v = new Variable(arange(size * size).reshape([size, size]));
    const step = compile(() => v.assign(tensor(below).matmul(v).add(v)));
    await step();
    const want = Array.from({ length: size * size }, (_, i) => i + ((i + size) % (size * size)));
    expect([...(await v.data())]).toEqual(want);
  });

  test("see arguments that differ from call to call", async () => {
    const v = new Variable(tensor([0, 0]));
    const step = compile((x, rate) => {
      v.assign(v.add(x.mul(rate)));
      return { twice: v.mul(2), x };
    });
    const first = await step(tensor([1, 2]), 10);
    const second = await step(tensor([3, 4]), 100);
    expect(await v.array()).toEqual([310, 420]);
    expect(await first.twice.array()).toEqual([20, 40]);
    expect(await second.twice.array()).toEqual([620, 840]);
    expect(await first.x.array()).toEqual([1, 2]);
  });
});

test("variables may be more than a function can have parameters, and equal at first", async () => {
  setDevice(new WasmDevice({ threads: 1 }));
  const all = Array.from({ length: 1001 }, () => new Variable(zeros([4])));
  await compile(() => all.forEach((v, i) => v.assign(v.add(i))))();
  expect(await all[1].array()).toEqual([1, 1, 1, 1]);
  expect(await all[1000].array()).toEqual([1000, 1000, 1000, 1000]);
});

test("small results take no engine memory until a program reads them", async () => {
  const device = new WasmDevice({ threads: 1 });
  setDevice(device);
  const next = compile((x) => ({ x: x.add(1), above: x.gt(2) }));
  const first = await next(await tensor([1, 2]).realize());
  const second = await next(first.x);
  const { used } = device.memory;
  const results = [];
  for (let i = 0; i < 100; i++) results.push(await next(first.x));
  expect(device.memory.used).toBe(used);
  results.push(await next(second.x));
  expect(device.memory.used).toBeGreaterThan(used);
  expect(await second.x.array()).toEqual([3, 4]);
  expect(await results[99].x.array()).toEqual([3, 4]);
  expect(await results[99].above.array()).toEqual([0, 1]);
  expect(await results[100].x.array()).toEqual([4, 5]);
});
