// Tensors of f64 and i64 on the reference device, which alone has them: what they are made from, what keeps their type, what they
// come to, and how a console and files show them.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  argsort,
  bincount,
  compile,
  concat,
  cumsum,
  grad,
  interpolate,
  logsumexp,
  mod,
  nn,
  norm,
  oneHot,
  prod,
  round,
  scan,
  scatterAdd,
  sort,
  type Tensor,
  tensor,
  tril,
  unique,
  Variable,
  variance,
} from "../../packages/tidu/src/index.js";
import "../../packages/tidu/src/tensor/inspect.js";
import { onReference } from "../nn/support/devices.js";

onReference();

const numbers = (count: number) => Float64Array.from({ length: count }, (_, i) => Math.sin(i * 1.3) * 3);
const doubles = (shape: readonly number[]): Tensor => tensor(numbers(shape.reduce((n, d) => n * d, 1)), shape, "f64");
const longs = (...values: number[]): Tensor => tensor(values, [values.length], "i64");
const BIG = 2 ** 40;

test("doubles stay what they are only where f64 is asked for", async () => {
  const data = Float64Array.of(0.1, 1e300);
  const x = tensor(data, [2], "f64");
  expect([x.dtype, await x.data()]).toEqual(["f64", data]);
  expect(tensor(Float64Array.of(0.1)).dtype).toBe("f32");
  data[0] = 7;
  expect((await x.data())[0]).toBe(0.1);
  expect(await tensor([[0.1], [0.2]], undefined, "f64").array()).toEqual([[0.1], [0.2]]);
});

test("whole numbers of 64 bits are exact up to 2^53, and refused beyond", async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const x = tensor(BigInt64Array.of(BigInt(most), -BigInt(most), 5n), [3], "i64");
  expect(await x.data()).toEqual(Float64Array.of(most, -most, 5));
  expect(tensor(BigInt64Array.of(5n)).dtype).toBe("i32");
  const limits = "it must be a whole number from -9007199254740991 to 9007199254740991, as i64 has";
  expect(() => tensor(BigInt64Array.of(1n, 2n ** 53n), [2], "i64")).toThrow(
    `tensor: values[1] is 9007199254740992n; ${limits}`,
  );
  expect(() => tensor([0.5], [1], "i64")).toThrow(`tensor: values[0] is 0.5; ${limits}`);
  expect(() => tensor(Float64Array.of(Number.NaN), [1], "i64")).toThrow(limits);
});

test("arithmetic on i64 does not wrap around at 2^31", async () => {
  const x = longs(BIG, -3, 7);
  const cases: [Tensor, number[]][] = [
    [x.add(x), [2 * BIG, -6, 14]],
    [x.sub(1), [BIG - 1, -4, 6]],
    [x.mul(longs(3, BIG, 2)), [3 * BIG, -3 * BIG, 14]],
    [x.add(tensor(Int32Array.of(1, 2, 3))), [BIG + 1, -1, 10]],
    [x.maximum(5), [BIG, 5, 7]],
    [x.minimum(5), [5, -3, 5]],
    [x.neg(), [-BIG, 3, -7]],
    [x.abs(), [BIG, 3, 7]],
    [x.sign(), [1, -1, 1]],
    [x.relu(), [BIG, 0, 7]],
    [x.floor(), [BIG, -3, 7]],
    [round(x), [BIG, -3, 7]],
    [x.slice(0, 1).square(), [9, 49]],
    [x.sum(), [BIG + 4]],
    [x.max(), [BIG]],
    [x.min(), [-3]],
    [x.sub(2 * BIG).max(), [-BIG]],
    [cumsum(x), [BIG, BIG - 3, BIG + 4]],
    [mod(x, 1000), [BIG % 1000, 997, 7]],
    [mod(x, longs(BIG - 1, 2, 5)), [1, 1, 2]],
    [
      x
        .reshape([3, 1])
        .matmul(longs(BIG, 1, 2).reshape([1, 3]))
        .slice(0, 1, 3),
      [-3 * BIG, -3, -6, 7 * BIG, 7, 14],
    ],
    [sort(x, 0, true).values, [BIG, 7, -3]],
    [concat([x, tensor(Int32Array.of(1))]), [BIG, -3, 7, 1]],
    [x.gt(0).where(x, 0), [BIG, 0, 7]],
    [scatterAdd(x, tensor(Int32Array.of(1, 1, 0)), longs(BIG, 1, 2)), [BIG + 2, BIG - 2, 7]],
    [x.gather(longs(2, 0)), [7, BIG]],
    [x.toInt(), [BIG, -3, 7]],
    [(await unique(concat([x, x]))).values, [-3, 7, BIG]],
  ];
  for (const [i, [y, want]] of cases.entries()) expect([i, y.dtype, ...(await y.data())]).toEqual([i, "i64", ...want]);
  await expect(x.mul(x).data()).rejects.toThrow(
    `data: elements[0] is ${BIG * BIG}; it must be a whole number from -9007199254740991 to 9007199254740991, as i64 has`,
  );
  expect([x.argmax().dtype, await x.argmax().item()]).toEqual(["i32", 0]);
  expect([x.lt(0).dtype, ...(await x.lt(BIG).data())]).toEqual(["bool", 0, 1, 1]);
  expect(await x.eq(longs(BIG, -3, 8)).data()).toEqual(Int32Array.of(1, 1, 0));
  expect([x.div(2).dtype, x.mean().dtype, x.exp().dtype]).toEqual(["f32", "f32", "f32"]);
});

test("i64 numbers rows, classes and labels; wrong ones are found", async () => {
  const rows = longs(2, 0);
  const table = tensor([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: a table
  expect(await table.gather(rows).array()).toEqual([[5, 6], [1, 2]]); // biome-ignore format: a table
  expect(await oneHot(rows, 3).array()).toEqual([[0, 0, 1], [1, 0, 0]]); // biome-ignore format: a table
  expect(await bincount(rows, 3).array()).toEqual([1, 0, 1]);
  expect(nn.embedding(3, 4).forward(rows).shape).toEqual([2, 4]);
  expect(() => table.gather(longs(BIG))).toThrow(`gather: row ${BIG} at [0]; it must be from 0 to 2`);
  await expect(table.gather(longs(1).add(5)).data()).rejects.toThrow("gather: row 6 at [0]; it must be from 0 to 2");
  await expect(table.gather(longs(BIG).add(5)).data()).rejects.toThrow("gather: row");
});

test("what moves, chooses or computes keeps f64, to the last bit", async () => {
  const x = doubles([3, 4]);
  const all = [...numbers(12)];
  const rows = [0, 1, 2].map((i) => all.slice(4 * i, 4 * i + 4));
  const total = (list: readonly number[]) => list.reduce((a, b) => a + b);
  const cases: [Tensor, number[]][] = [
    [x.transpose().reshape([12]).slice(0, 0, 3), [rows[0][0], rows[1][0], rows[2][0]]],
    [x.flip([1]), rows.flatMap((row) => row.toReversed())],
    [x.mul(0.1), all.map((v) => v * 0.1)],
    [x.add(tensor([0.1])), all.map((v) => v + Math.fround(0.1))],
    [x.exp(), all.map(Math.exp)],
    [x.abs().sqrt(), all.map((v) => Math.sqrt(Math.abs(v)))],
    [x.pow(2), all.map((v) => v * v)],
    [x.sum(1), rows.map(total)],
    [x.max(1), rows.map((row) => Math.max(...row))],
    [cumsum(x, 1), rows.flatMap((row) => row.map((_, i) => total(row.slice(0, i + 1))))],
    [prod(x, 1), rows.map((row) => row.reduce((a, b) => a * b))],
    [sort(x, 1, true).values, rows.flatMap((row) => row.toSorted((a, b) => b - a))],
    [concat([x, tensor([[1, 2, 3, 4]])]).slice(0, 2), [...rows[2], 1, 2, 3, 4]],
    [x.gt(0).where(x, 0.1), all.map((v) => (v > 0 ? v : 0.1))],
    [tril(x), rows.flatMap((row, i) => row.map((v, j) => (j <= i ? v : 0)))],
    [x.gather(tensor(Int32Array.of(2))), rows[2]],
    [norm(x, 1), rows.map((row) => Math.sqrt(total(row.map((v) => v * v))))],
  ];
  for (const [i, [y, want]] of cases.entries()) expect([i, y.dtype, ...(await y.data())]).toEqual([i, "f64", ...want]);
  for (const y of [x.softmax(), logsumexp(x, 1), variance(x, 1), round(x), x.mean(), x.matmul(x.transpose())])
    expect(y.dtype).toBe("f64");
  const image = x.reshape([1, 1, 3, 4]);
  const wider = interpolate(image, { size: [3, 7], mode: "linear" });
  const at = (0.5 * 4) / 7 + 4 / 7 - 0.5;
  expect([wider.dtype, (await wider.data())[1]]).toEqual(["f64", expect.closeTo(all[0] * (1 - at) + all[1] * at, 15)]);
});

test("sorting f64 tells numbers apart that f32 does not, keeps the order of equal ones, and has NaN last", async () => {
  const x = tensor([1 + 1e-12, 1, Number.NaN, Number.POSITIVE_INFINITY, 1, -0, 0], undefined, "f64");
  expect(await argsort(x).array()).toEqual([5, 6, 1, 4, 0, 3, 2]);
  expect(await argsort(x, 0, true).array()).toEqual([2, 3, 0, 1, 4, 5, 6]);
});

test("gradients have the type of what they are by", async () => {
  const x = doubles([3]);
  const w = tensor([1, 2, 3]);
  const [dx, dw] = grad(x.mul(w).exp().sum(), [x, w]);
  expect([dx.dtype, dw.dtype]).toEqual(["f64", "f32"]);
  const all = [...numbers(3)];
  const slopes = all.map((v, i) => (i + 1) * Math.exp(v * (i + 1)));
  (await dx.data()).forEach((v, i) => void expect(v).toBeCloseTo(slopes[i], 12));
  expect(await dw.data()).toEqual(Float32Array.from(all, (v, i) => v * Math.exp(v * (i + 1))));
  const [none] = grad(w.sum(), [x]);
  expect([none.dtype, ...(await none.data())]).toEqual(["f64", 0, 0, 0]);
  const [ones] = grad(x.sum(), [x]);
  expect([ones.dtype, ...(await ones.data())]).toEqual(["f64", 1, 1, 1]);
  // Through conversions as if no value were rounded; the gradient by an f32 is one itself.
  const [through] = grad(x.to("f32").to("f16").to("f64").mul(0.1).sum(), [x]);
  expect([through.dtype, ...(await through.data())]).toEqual(["f64", ...new Float32Array(3).fill(0.1)]);
  expect(() => grad(x.sum(), [longs(1)])).toThrow("whole numbers have no gradient");
});

test("gradients of a loop of f64 are f64, to twelve digits", async () => {
  const w = doubles([3]);
  const xs = doubles([5, 3]);
  const [last] = scan((h, x) => [h.mul(w).add(x).sin(), h], w.mul(0), xs);
  expect(last.dtype).toBe("f64");
  const [dw, dx] = grad(last.sum(), [w, xs]);
  expect([dw.dtype, dx.dtype]).toEqual(["f64", "f64"]);
  const value = (own: readonly number[], rows: ArrayLike<number>): number =>
    own.reduce((sum, v, j) => {
      let h = 0;
      for (let t = 0; t < 5; t++) h = Math.sin(h * v + rows[3 * t + j]);
      return sum + h;
    }, 0);
  const own = [...numbers(3)];
  expect(await last.sum().item()).toBeCloseTo(value(own, numbers(15)), 14);
  const slopes = await dw.data();
  own.forEach((v, j) => {
    const at = (by: number) => value(own.with(j, v + by), numbers(15));
    const h = 1e-3;
    expect(slopes[j]).toBeCloseTo((8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h), 9);
  });
});

test("a variable holds them, and compiled code reads and writes it", async () => {
  const [sum, count] = [new Variable(tensor([0.1], [1], "f64")), new Variable(longs(BIG))];
  const step = compile((x: Tensor) => {
    sum.assign(sum.add(x));
    count.assign(count.add(1));
    return sum.mul(count);
  });
  const x = tensor([0.2], [1], "f64");
  const [first, second] = [await step(x), await step(x)];
  expect([await sum.item(), await count.item()]).toEqual([0.1 + 0.2 + 0.2, BIG + 2]);
  expect([first.dtype, await first.item(), await second.item()]).toEqual([
    "f64",
    (0.1 + 0.2) * (BIG + 1),
    (0.1 + 0.2 + 0.2) * (BIG + 2),
  ]);
  expect(() => sum.assign(tensor([1]))).toThrow("assign: value is tensor f32 [1]; it must be f64 [1]");
});

test("a console shows them", async () => {
  expect(inspect(await doubles([2]).realize())).toBe("tensor f64 [2] [0, 2.89067]");
  expect(inspect(longs(BIG, -1))).toBe(`tensor i64 [2] [${BIG}, -1]`);
  expect(String(longs(1).add(1))).toBe("tensor i64 [1]");
});
