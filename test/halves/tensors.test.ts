// Tensors of halves: from what they are made, what keeps their type, and what their gradients are.
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Half, nearestHalf } from "../../packages/tidu/src/base/half.js";
import { dataset } from "../../packages/tidu/src/data/index.js";
import {
  argsort,
  concat,
  cumsum,
  grad,
  nn,
  roll,
  round,
  scatterAdd,
  setDevice,
  sort,
  type Tensor,
  tensor,
  tril,
  Variable,
  WasmDevice,
} from "../../packages/tidu/src/index.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import "../../packages/tidu/src/tensor/inspect.js";

const BOTH: readonly Half[] = ["f16", "bf16"];
const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.3) * 3);
const halves = (dtype: Half, shape: readonly number[]): Tensor =>
  tensor(numbers(shape.reduce((n, d) => n * d, 1)), shape).to(dtype);
const as = (dtype: Half, values: ArrayLike<number>): number[] => Array.from(values, (x) => nearestHalf(dtype, x));

/** A Float16Array as newer engines have it, as far as anybody asks. */
class Float16Array extends Float32Array {
  override get [Symbol.toStringTag](): "Float32Array" {
    return "Float16Array" as "Float32Array";
  }
}
const newer = (...values: number[]) => Float16Array.from(values) as unknown as Parameters<typeof dataset>[0];

describe.each([
  ["WebAssembly", () => new WasmDevice({ threads: 1 })],
  ["the reference device", () => new ReferenceDevice()],
] as const)("on %s", (_, make) => {
  beforeAll(() => setDevice(make()));
  afterAll(() => setDevice(undefined));

  test("a Float16Array makes f16, and a data set of it takes two bytes for each", async () => {
    const x = tensor(newer(1, 0.1, -2));
    expect([x.dtype, ...(await x.data())]).toEqual(["f16", 1, nearestHalf("f16", 0.1), -2]);
    const data = dataset(newer(1, 2, 3, 0.1), [2], newer(5, 0.1));
    expect([data.inputs.dtype, data.targets.dtype, data.bytes]).toEqual(["f16", "f32", 16]);
    const { x: inputs, t } = data.batch(tensor(Int32Array.of(1)));
    expect([inputs.dtype, ...(await inputs.data())]).toEqual(["f32", 3, nearestHalf("f16", 0.1)]);
    expect(await t.data()).toEqual(Float32Array.of(0.1));
  });

  test.each(BOTH)("whole numbers in an Uint16Array are numbers, not the bits of %s", async (dtype) => {
    expect(await tensor(Uint16Array.of(1, 300), [2], dtype).array()).toEqual([1, 300]);
  });

  test.each(BOTH)("what moves or chooses keeps %s", async (dtype) => {
    const x = halves(dtype, [3, 5]);
    const all = as(dtype, numbers(15));
    const row = (i: number) => all.slice(5 * i, 5 * i + 5);
    const cases: [Tensor, number[]][] = [
      [
        x.transpose().reshape([15]).slice(0, 1, 15, 3),
        [1, 4, 7, 10, 13].map((i) => all[Math.floor(i / 3) + 5 * (i % 3)]),
      ],
      [x.slice(1, 1, 4), [0, 1, 2].flatMap((i) => row(i).slice(1, 4))],
      [
        x
          .pad([
            [0, 0],
            [1, 0],
          ])
          .slice(0, 0, 1),
        [0, ...row(0)],
      ],
      [x.flip([1]), [0, 1, 2].flatMap((i) => row(i).reverse())],
      [roll(x, 1, 0), [2, 0, 1].flatMap(row)],
      [x.gather(tensor(Int32Array.of(2, 0, 2))), [2, 0, 2].flatMap(row)],
      [concat([x, x.slice(0, 0, 1)]), [...all, ...row(0)]],
      [x.gt(0).where(x, x.flip([0])), all.map((v, i) => (v > 0 ? v : all[5 * (2 - Math.floor(i / 5)) + (i % 5)]))],
      [sort(x, 1).values, [0, 1, 2].flatMap((i) => row(i).sort((p, q) => p - q))],
      [tril(x), all.map((v, i) => (i % 5 <= Math.floor(i / 5) ? v : 0))],
      [x.broadcastTo([2, 3, 5]), [...all, ...all]],
      [x.detach(), all],
    ];
    for (const [y, want] of cases) expect([y.dtype, ...(await y.data())]).toEqual([dtype, ...want]);
  });

  test.each(BOTH)("arithmetic on %s is that on f32", async (dtype) => {
    const x = halves(dtype, [4, 6]);
    const f = x.toFloat();
    const functions: ((x: Tensor) => Tensor)[] = [
      (x) => x.neg(),
      (x) => x.abs(),
      (x) => x.sign(),
      (x) => x.floor(),
      (x) => x.relu(),
      (x) => x.exp(),
      (x) => x.add(1),
      (x) => x.mul(x),
      (x) => x.sum(0),
      (x) => x.max(1),
      (x) => x.mean(),
      (x) => x.softmax(),
      (x) => cumsum(x, 0),
      (x) => round(x),
      (x) => x.matmul(x.transpose()),
      (x) => scatterAdd(x, x.gt(0).toInt(), x, 1),
    ];
    for (const [i, apply] of functions.entries()) {
      const [got, want] = [apply(x), apply(f)];
      expect([i, got.dtype]).toEqual([i, "f32"]);
      expect(await got.data(), `function ${i}`).toEqual(await want.data());
    }
    expect(await argsort(x).data()).toEqual(await argsort(f).data());
    expect(await x.argmax(1).data()).toEqual(await f.argmax(1).data());
  });

  test.each(BOTH)("gradients by %s are f32, and flow through conversions as if nothing were rounded", async (dtype) => {
    const x = halves(dtype, [2, 3]);
    const [dx] = grad(x.square().sum(), [x]);
    expect([dx.dtype, ...(await dx.data())]).toEqual(["f32", ...as(dtype, numbers(6)).map((v) => Math.fround(2 * v))]);
    const w = tensor([0.1, 1, 3]);
    const [dw] = grad(
      w
        .to(dtype)
        .to("f32")
        .to(dtype)
        .mul(tensor([1, 2, 3]))
        .sum(),
      [w],
    );
    expect([dw.dtype, ...(await dw.data())]).toEqual(["f32", 1, 2, 3]);
    // Rows that are picked, joined and chosen.
    const table = halves(dtype, [3, 2]);
    const rows = table.gather(tensor(Int32Array.of(0, 2, 0)));
    const [dt] = grad(
      concat([rows, table])
        .gt(0)
        .where(concat([rows, table]), 0)
        .sum(),
      [table],
    );
    const positive = as(dtype, numbers(6)).map((v) => Number(v > 0));
    const times = [3, 3, 1, 1, 2, 2];
    expect([dt.dtype, ...(await dt.data())]).toEqual(["f32", ...positive.map((p, i) => p * times[i])]);
  });

  test.each(BOTH)("variables of %s, and values that are shown", async (dtype) => {
    const v = new Variable(halves(dtype, [3]));
    v.assign(v.mul(2).to(dtype));
    const twice = as(dtype, numbers(3)).map((x) => 2 * x);
    expect([...(await v.data())]).toEqual(twice);
    expect(await v.slice(0, 1, 2).item()).toBe(twice[1]);
    expect(inspect(tensor([0.5, -2], [2], dtype))).toBe(`tensor ${dtype} [2] [0.5, -2]`);
    await v.realize();
    expect(inspect(v)).toContain(String(Number(twice[1].toPrecision(6))));
    const table = nn.embedding(4, 3).to(dtype);
    const picked = table.forward(tensor(Int32Array.of(3, 1)));
    const all = await table.weight.data();
    expect([...(await picked.data())]).toEqual([...all.slice(9, 12), ...all.slice(3, 6)]);
  });
});
