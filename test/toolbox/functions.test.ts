import { inspect } from "node:util";
import { expect, test } from "vitest";
import "../../packages/tidu/src/tensor/inspect.js";
import { loadGolden } from "../goldens/load.js";
import { checkCases, type Subject } from "./check.js";
import * as td from "./tidu.js";

const bool = (x: td.Tensor): td.Tensor => x.to("bool");

const SUBJECTS: Readonly<Record<string, Subject>> = {
  clip: (x) => td.clip(x, -0.5, 0.7),
  "clip by tensors": (x, y) => td.clip(x, y.sub(0.5), y.add(0.5)),
  round: td.round,
  ceil: td.ceil,
  trunc: (x) => td.trunc(x.mul(3)),
  rsqrt: td.rsqrt,
  reciprocal: td.reciprocal,
  mod: (x, y) => td.mod(x.mul(5), y),
  "mod of integers": (x, y) => td.mod(x, y),
  tan: td.tan,
  atan: td.atan,
  atan2: (y, x) => td.atan2(y, x),
  log2: td.log2,
  variance: (x) => td.variance(x, [0, 2]),
  "variance without correction": (x) => td.variance(x, 1, { correction: 0, keep: true }),
  std: (x) => x.pipe(td.std, 1),
  norm: (x) => td.norm(x, [1, 2]),
  "norm of order 1": (x) => td.norm(x, 0, { order: 1 }),
  "norm of order 3": (x) => td.norm(x, 1, { order: 3, keep: true }),
  "norm of infinite order": (x) => td.norm(x, undefined, { order: Number.POSITIVE_INFINITY }),
  "norm of nothing": (x) => td.norm(x, 1),
  prod: (x) => td.prod(x, 1),
  "prod with zeros": (x) => td.prod(x, 1, true),
  argmin: (x) => td.argmin(x, 1),
  logsumexp: (x) => td.logsumexp(x.mul(40), [0, 2]),
  any: (x) => td.any(x, 1).toInt(),
  all: (x) => td.all(x, 0).toInt(),
  xor: (x) => td.xor(bool(td.at(x, 0)), bool(td.at(x, 1))).toInt(),
  maskedFill: (x, m) => td.maskedFill(x, bool(m), -7.5),
  cumsum: (x) => td.cumsum(x, 1),
  "cumsum of integers": (x) => td.cumsum(x),
  cumprod: (x) => td.cumprod(x, 1),
  "cumprod with zeros": (x) => td.cumprod(x, 1),
  sort: (x) => Object.values(td.sort(x, 1)),
  "sort falling": (x) => Object.values(td.sort(x, 0, true)),
  "sort with equals": (x) => Object.values(td.sort(x, 1)),
  "sort falling with equals": (x) => Object.values(td.sort(x, 1, true)),
  topk: (x) => Object.values(td.topk(x, 4, 1)),
  "topk smallest": (x) => Object.values(td.topk(x, 2, 0, false)),
  bincount: (x) => td.bincount(x, 9),
  unique: async (x) => Object.values(await td.unique(x)),
  stack: (...x) => td.stack(x, 1),
  "concat of many": (...x) => td.concat(x, 1),
  split: (x) => td.split(x, 3),
  "split by sizes": (x) => td.split(x, [1, 4, 2], 1),
  chunk: (x) => td.chunk(x, 3),
  tile: (x) => td.tile(x, [2, 1, 3]),
  roll: (x) => td.roll(x, [1, -2], [0, 1]),
  "roll of all": (x) => td.roll(x, 5),
  at: (x) => td.at(x, -1, [1, -1], [undefined, undefined, 2]),
  "at with dots": (x) => td.at(x, "...", -2),
  "at backwards": (x) => td.at(x, [-2, 1, -2]),
  meshgrid: (x, y) => td.meshgrid([x, y], "xy"),
  takeAlongAxis: (x, i) => td.takeAlongAxis(x, i, 1),
  "takeAlongAxis first": (x, i) => td.takeAlongAxis(x, i, 0),
  scatterAdd: (x, v, i) => td.scatterAdd(x, i, v, 1),
  scatter: (x, v, i) => td.scatter(x, i, v, 0),
  "einsum matmul": (x, y) => td.einsum("bij,bjk->bik", x, y),
  "einsum implicit": (x, y) => td.einsum("ba,cb", x, y),
  "einsum diagonal": (x) => td.einsum("iij->j", x),
  "einsum three": (x, y, z) => td.einsum("ij,jk,kl->il", x, y, z),
  "einsum dots": (x, y) => td.einsum("...j,jk->...k", x, y),
  "einsum outer": (x, y) => td.einsum("i,j->ij", x, y),
  dot: (x, y) => td.dot(x, y),
  outer: (x, y) => td.outer(x, y),
  tril: (x) => td.tril(x, 1),
  triu: (x) => td.triu(x, -1),
  linspace: () => td.linspace(-1.5, 2, 8),
  arange: () => td.arange(5, -2, -1.5),
  oneHot: (x) => td.oneHot(x, 4),
  "pad constant": (x) => padded(x, "constant", 3),
  "pad reflect": (x) => padded(x, "reflect", 2),
  "pad replicate": (x) => padded(x, "replicate", 3),
  "pad circular": (x) => padded(x, "circular", 3),
  "interpolate nearest": (x) => td.interpolate(x, { size: 7 }),
  "interpolate linear": (x) => td.interpolate(x, { size: 7, mode: "linear" }),
  "interpolate linear corners": (x) => td.interpolate(x, { size: [7], mode: "linear", alignCorners: true }),
  "interpolate bilinear": (x) => td.interpolate(x, { size: [7, 3], mode: "bilinear" }),
  "interpolate bilinear corners": (x) => td.interpolate(x, { size: [7, 3], mode: "bilinear", alignCorners: true }),
  "interpolate bicubic": (x) => td.interpolate(x, { size: [7, 3], mode: "bicubic" }),
  "interpolate bicubic corners": (x) => td.interpolate(x, { size: [7, 3], mode: "bicubic", alignCorners: true }),
  "interpolate by scale": (x) => td.interpolate(x, { scale: 2.5, mode: "bilinear" }),
};

function padded(x: td.Tensor, mode: td.PadMode, after: number): td.Tensor {
  const widths = [
    [0, 0],
    [0, 0],
    [0, after],
    [2, 1],
  ] as const;
  return td.pad(x, widths, mode === "constant" ? { mode, value: 1.5 } : { mode });
}

checkCases(loadGolden("functions").cases, SUBJECTS);

const values = async (x: td.Tensor): Promise<number[]> => Array.from(await x.data());

test("numbers that are none, infinite ones and zeros of either sign have their places", async () => {
  td.setDevice(new td.WasmDevice({ threads: 1 }));
  const x = td.tensor([Number.NaN, 1, Number.POSITIVE_INFINITY, -0, 0, Number.NEGATIVE_INFINITY]);
  expect(await values(td.argsort(x))).toEqual([5, 3, 4, 1, 2, 0]);
  expect(await values(td.argsort(x, 0, true))).toEqual([0, 2, 1, 3, 4, 5]);
  expect(await values(td.isNaN(x).toInt())).toEqual([1, 0, 0, 0, 0, 0]);
  expect(await values(td.isFinite(x).toInt())).toEqual([0, 1, 0, 1, 1, 0]);
  expect(await values(td.cumsum(x.slice(0, 1, 5)))).toEqual([
    1,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  expect(await values(td.round(x).slice(0, 2, 3))).toEqual([Number.POSITIVE_INFINITY]);
});

test.each([1, 2, 3, 5, 64, 1000, 4097])("sorting %d numbers in lines of any place leaves them in order", async (n) => {
  const device = new td.WasmDevice({ threads: 2 });
  await device.ready();
  td.setDevice(device);
  const data = Float32Array.from({ length: 3 * n }, (_, i) => Math.fround(Math.sin(i * i) * 50) | 0);
  const x = td.tensor(data, [n, 3]);
  const order = data.slice();
  for (let c = 0; c < 3; c++) {
    const column = Float32Array.from({ length: n }, (_, i) => data[3 * i + c]).sort();
    column.forEach((v, i) => void (order[3 * i + c] = v));
  }
  expect(await td.sort(x, 0).values.data()).toEqual(order);
});

test("a running sum of a million equal numbers is off by less than a millionth", async () => {
  td.setDevice(new td.WasmDevice({ threads: 1 }));
  const sums = await td.cumsum(td.full([1e6], 0.1)).data();
  expect(Math.abs(sums[999999] / (1e6 * Math.fround(0.1)) - 1)).toBeLessThan(1e-7);
});

test("an index that does not exist is an error that names the function", async () => {
  const x = td.tensor([1, 2, 3]);
  const bad = td.tensor(Int32Array.of(0, 3));
  await expect(async () => td.takeAlongAxis(x, bad).data()).rejects.toThrow(/takeAlongAxis: index/);
  await expect(async () => td.scatterAdd(x, bad, td.tensor([1, 1])).data()).rejects.toThrow(/scatterAdd: index/);
  await expect(async () => td.bincount(bad, 3).data()).rejects.toThrow(/bincount: number/);
});

test("the console shows what a tensor is, and what it holds where that is known", async () => {
  td.setDevice(new td.WasmDevice({ threads: 1 }));
  const x = td.tensor([
    [1, 2.5],
    [-3, 4],
  ]);
  expect(inspect(x)).toBe("tensor f32 [2, 2] [[1, 2.5], [-3, 4]]");
  const y = x.add(0.1);
  expect(inspect(y)).toBe("tensor f32 [2, 2]");
  await y.realize();
  expect(inspect(y)).toBe("tensor f32 [2, 2] [[1.1, 2.6], [-2.9, 4.1]]");
  expect(inspect({ long: td.tensor(Int32Array.from({ length: 9 }, (_, i) => i)) })).toContain("[0, 1, 2, …, 6, 7, 8]");
  expect(inspect(new td.Variable(td.tensor([true, false])))).toBe("tensor bool [2] [true, false]");
  expect(String(y)).toBe("tensor f32 [2, 2]");
});
