// Every pair of element types for every operation on two operands: the type is the table's, the values those of the
// definitions in float64.
import { describe, expect, test } from "vitest";
import "../../packages/tidu/src/index.js";
import { DTYPES, type DType, isWide, shown } from "../../packages/tidu/src/base/dtype.js";
import { makeStorage, type Node } from "../../packages/tidu/src/graph/node.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { concat, type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";

const VALUES: Record<DType, readonly number[]> = {
  f32: [-2.5, 0, 1, 3.75],
  f16: [-0.125, 2, 512.5, -3],
  bf16: [0.75, -96, 2, 0],
  i32: [-7, 0, 2, 300],
  u8: [0, 1, 200, 255],
  bool: [0, 1, 1, 0],
  f64: [-0.1, 2, 1e-3, 0],
  i64: [2 ** 26 + 1, -3, 0, 2],
};
/** Uses a device that has these types: for f64 and i64 the reference interpreter, else WebAssembly. */
const use = (...types: DType[]): void => setDevice(types.some(isWide) ? new ReferenceDevice() : undefined);

const make = (dtype: DType): Tensor => tensor([...VALUES[dtype]], [4], dtype);
/** All pairs of the values of two types: [4, 1] and [1, 4]. */
const pair = (a: DType, b: DType) => [make(a).reshape([4, 1]), make(b).reshape([1, 4])] as const;

const pairs = DTYPES.flatMap((a) => DTYPES.map((b) => [a, b] as const));
/** The documented table: a float if either is one, f64 if either is f64; else i64 if either is i64, else i32. */
const FLOATS: readonly DType[] = ["f32", "f16", "bf16", "f64"];
const common = (a: DType, b: DType): DType => {
  if (a === "f64" || b === "f64") return "f64";
  if (FLOATS.includes(a) || FLOATS.includes(b)) return "f32";
  return a === "i64" || b === "i64" ? "i64" : "i32";
};
const same = (a: DType, b: DType): DType => (a === b ? a : common(a, b));

type Case = readonly [
  name: string,
  apply: (x: Tensor, y: Tensor) => Tensor,
  type: (a: DType, b: DType) => DType,
  meaning: ((x: number, y: number) => number) | undefined,
];
const float = (a: DType, b: DType): DType => (a === "f64" || b === "f64" ? "f64" : "f32");
const bool = (): DType => "bool";
const bit = (v: boolean) => (v ? 1 : 0);
const OPS: readonly Case[] = [
  ["add", (x, y) => x.add(y), common, (x, y) => x + y],
  ["sub", (x, y) => x.sub(y), common, (x, y) => x - y],
  ["mul", (x, y) => x.mul(y), common, (x, y) => x * y],
  ["div", (x, y) => x.div(y), float, (x, y) => x / y],
  ["pow", (x, y) => x.pow(y), float, undefined],
  ["maximum", (x, y) => x.maximum(y), common, Math.max],
  ["minimum", (x, y) => x.minimum(y), common, Math.min],
  ["lt", (x, y) => x.lt(y), bool, (x, y) => bit(x < y)],
  ["le", (x, y) => x.le(y), bool, (x, y) => bit(x <= y)],
  ["gt", (x, y) => x.gt(y), bool, (x, y) => bit(x > y)],
  ["ge", (x, y) => x.ge(y), bool, (x, y) => bit(x >= y)],
  ["eq", (x, y) => x.eq(y), bool, (x, y) => bit(x === y)],
  ["where", (x, y) => x.reshape([4, 1]).gt(0.5).where(x, y), same, (x, y) => (x > 0.5 ? x : y)],
];

const wasm = new WasmDevice({ threads: 1, portable: true });

/** A value on a device, as float64. */
async function on(device: WasmDevice | ReferenceDevice, node: Node): Promise<number[]> {
  const storage = makeStorage(node.shape, node.dtype);
  const running = device.prepare([{ storage, value: node }]).run();
  await running;
  return [...shown(node.dtype, await device.read(storage))];
}

/** As the type stores it. */
const stored = (x: number, dtype: DType): number => (dtype === "f32" ? Math.fround(x) : dtype === "i32" ? x | 0 : x);

describe.each(OPS)("%s", (name, apply, type, meaning) => {
  test.each(pairs)("of %s and %s", async (a, b) => {
    use(a, b);
    const y = apply(...pair(a, b));
    expect(y.dtype).toBe(type(a, b));
    expect(y.shape).toEqual([4, 4]);
    const got = await on(isWide(a) || isWide(b) ? new ReferenceDevice() : wasm, y.node);
    // The storages' first contents go to the device that asks first: each gets tensors of its own.
    const reference = await on(new ReferenceDevice(), apply(...pair(a, b)).node);
    const close = name === "pow" || name === "div" ? 2e-6 : 0;
    got.forEach((value, i) => {
      const exact = stored(reference[i], y.dtype);
      if (Number.isFinite(exact)) expect(Math.abs(value - exact)).toBeLessThanOrEqual(close * Math.abs(exact));
      else expect(value).toBe(exact);
    });
    if (meaning === undefined) return;
    // In f32 the operands are those that f32 has.
    const held = (x: number) => (common(a, b) === "f32" || type(a, b) === "f32" ? Math.fround(x) : x);
    VALUES[a].forEach((x, i) => {
      VALUES[b].forEach((z, j) => {
        const exact = stored(meaning(held(x), held(z)), y.dtype);
        const value = got[4 * i + j];
        if (Number.isNaN(exact)) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(exact, close === 0 ? 10 : 1);
      });
    });
  });
});

describe("concat", () => {
  test.each(pairs)("of %s and %s", async (a, b) => {
    use(a, b);
    const y = concat([make(a), make(b)]);
    expect(y.dtype).toBe(same(a, b));
    const want = [...VALUES[a], ...VALUES[b]].map((x) => stored(x, y.dtype));
    expect([...(await y.data())]).toEqual(want);
  });
});

describe("matmul", () => {
  test.each(pairs)("of %s and %s", async (a, b) => {
    use(a, b);
    const y = make(a)
      .reshape([2, 2])
      .matmul(make(b).reshape([2, 2]));
    expect(y.dtype).toBe(common(a, b));
    const [p, q] = [VALUES[a], VALUES[b]];
    const cell = (i: number, j: number) => p[2 * i] * q[j] + p[2 * i + 1] * q[2 + j];
    const want = [cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)];
    (await y.data()).forEach((x: number, i: number) => {
      if (y.dtype === "i32") expect(x).toBe(want[i] | 0);
      else expect(Math.abs(x - want[i])).toBeLessThanOrEqual(1e-6 * Math.abs(want[i]));
    });
  });
});

describe("a number beside a tensor", () => {
  test.each<[DType, number, DType]>([
    ["f32", 2, "f32"],
    ["f32", 0.5, "f32"],
    ["i32", 2, "i32"],
    ["i32", 0.5, "f32"],
    ["i32", 3e9, "f32"],
    ["u8", -1, "i32"],
    ["u8", 0.5, "f32"],
    ["bool", 1, "i32"],
    ["bool", 0.5, "f32"],
    ["f16", 2, "f32"],
    ["bf16", 0.5, "f32"],
    ["f64", 0.1, "f64"],
    ["f64", 2, "f64"],
    ["i64", 2, "i64"],
    ["i64", 2 ** 50, "i64"],
    ["i64", 0.5, "f32"],
    ["i64", 2 ** 53, "f32"],
  ])("of %s: %d makes %s", async (dtype, value, want) => {
    use(dtype);
    const x = make(dtype);
    expect(x.add(value).dtype).toBe(want);
    expect([...(await x.add(value).data())]).toEqual(VALUES[dtype].map((v) => stored(v + value, want)));
    expect([...(await x.eq(value).data())]).toEqual(VALUES[dtype].map((v) => bit(v === value)));
    expect([...(await x.lt(value).data())]).toEqual(VALUES[dtype].map((v) => bit(v < value)));
  });

  test("in a choice keeps its fraction beside whole numbers", async () => {
    const x = make("i32").gt(0).where(make("i32"), 0.5);
    expect(await x.array()).toEqual([0.5, 0.5, 2, 300]);
  });
});

describe("reductions", () => {
  test.each<[DType, DType]>([
    ["f32", "f32"],
    ["i32", "i32"],
    ["u8", "i32"],
    ["bool", "i32"],
    ["f16", "f32"],
    ["bf16", "f32"],
    ["f64", "f64"],
    ["i64", "i64"],
  ])("of %s", async (dtype, want) => {
    use(dtype);
    const values = VALUES[dtype];
    const x = make(dtype);
    expect(x.sum().dtype).toBe(want);
    expect(await x.sum().item()).toBe(values.reduce((n, v) => n + v));
    expect([x.max().dtype, await x.max().item()]).toEqual([want, Math.max(...values)]);
    expect([x.min().dtype, await x.min().item()]).toEqual([want, Math.min(...values)]);
    expect([x.mean().dtype, await x.mean().item()]).toEqual([
      want === "f64" ? "f64" : "f32",
      expect.closeTo(values.reduce((n, v) => n + v) / 4, 0),
    ]);
    expect(await x.argmax().item()).toBe(values.indexOf(Math.max(...values)));
  });

  test("sums of whole numbers are exact where floats are not", async () => {
    expect(
      await tensor(Int32Array.of(2 ** 24, 1, 1, 1))
        .sum()
        .item(),
    ).toBe(2 ** 24 + 3);
  });
});

describe("to", () => {
  const from = (values: number[], dtype: DType, to: DType) => tensor(values, [values.length], dtype).to(to).array();
  test.each<[number[], DType, DType, number[]]>([
    [[-2.7, 2.7, 1e20, Number.NaN], "f32", "i32", [-2, 2, 2 ** 31 - 1, 0]],
    [[-2.7, 2.7, 255.9, 1e20, Number.NaN], "f32", "u8", [0, 2, 255, 255, 0]],
    [[-2.7, 0, Number.NaN], "f32", "bool", [1, 0, 1]],
    [[-5, 7, 300], "i32", "u8", [0, 7, 255]],
    [[-5, 0], "i32", "bool", [1, 0]],
    [[-5, 7], "i32", "f32", [-5, 7]],
    [[0, 200], "u8", "i32", [0, 200]],
    [[0, 200], "u8", "f32", [0, 200]],
    [[0, 200], "u8", "bool", [0, 1]],
    [[0, 1], "bool", "f32", [0, 1]],
    [[0, 1], "bool", "i32", [0, 1]],
    [[0, 1], "bool", "u8", [0, 1]],
    [
      [2049, 2051, 65519, 65520, -1e5, 2 ** -25, 3 * 2 ** -26, Number.NaN],
      "f32",
      "f16",
      [2048, 2052, 65504, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 2 ** -24, Number.NaN],
    ],
    [[257, 259, 3.4e38, -1e-40], "f32", "bf16", [256, 260, Number.POSITIVE_INFINITY, -9.183549615799121e-41]],
    [[0.1, -7.5], "f16", "f32", [0.0999755859375, -7.5]],
    [[0.1, 300.5], "f16", "bf16", [0.10009765625, 300]],
    [[0.1, 1e10], "bf16", "f16", [0.10009765625, Number.POSITIVE_INFINITY]],
    [[-2.5, 1000], "f16", "i32", [-2, 1000]],
    [[-2.5, 1000], "bf16", "u8", [0, 255]],
    [[-0.5, 0, Number.NaN], "f16", "bool", [1, 0, 1]],
    [[-5, 70000], "i32", "f16", [-5, Number.POSITIVE_INFINITY]],
    [[0, 255], "u8", "bf16", [0, 255]],
    [[0, 1], "bool", "f16", [0, 1]],
    [[0.1, -1e300, Number.NaN], "f64", "f32", [Math.fround(0.1), Number.NEGATIVE_INFINITY, Number.NaN]],
    [[0.1, 1 + 2 ** -11 + 2 ** -40], "f64", "f16", [0.0999755859375, 1 + 2 ** -10]],
    [[-2.7, 1e20], "f64", "i32", [-2, 2 ** 31 - 1]],
    [[-2.7, 300], "f64", "u8", [0, 255]],
    [[-2.7, 1e20, -1e20, Number.NaN], "f64", "i64", [-2, 2 ** 53 - 1, 1 - 2 ** 53, 0]],
    [[0, 1e-300, Number.NaN], "f64", "bool", [0, 1, 1]],
    [[0.1], "f32", "f64", [Math.fround(0.1)]],
    [[0.1], "bf16", "f64", [0.10009765625]],
    [[2 ** 53 - 1, 2 ** 24 + 1, -3], "i64", "f32", [2 ** 53, 2 ** 24, -3]],
    [[2 ** 53 - 1, 5], "i64", "f64", [2 ** 53 - 1, 5]],
    [[2 ** 40, -(2 ** 40), 7], "i64", "i32", [2 ** 31 - 1, -(2 ** 31), 7]],
    [[2 ** 40, -1, 7], "i64", "u8", [255, 0, 7]],
    [[2 ** 40, 0], "i64", "bool", [1, 0]],
    [[2 ** 40, 2049], "i64", "f16", [Number.POSITIVE_INFINITY, 2048]],
    [[-(2 ** 31), 7], "i32", "i64", [-(2 ** 31), 7]],
    [[200], "u8", "f64", [200]],
    [[200], "u8", "i64", [200]],
    [[0, 1], "bool", "f64", [0, 1]],
    [[0, 1], "bool", "i64", [0, 1]],
  ])("%j of %s to %s is %j", async (values, dtype, to, want) => {
    use(dtype, to);
    expect(await from(values, dtype, to)).toEqual(want);
  });

  test.each(DTYPES)("toInt of %s is i32 unless it is i64, toFloat is f32 unless it is f64", (dtype) => {
    use(dtype);
    expect(make(dtype).toInt().dtype).toBe(dtype === "i64" ? "i64" : "i32");
    expect(make(dtype).toFloat().dtype).toBe(dtype === "f64" ? "f64" : "f32");
  });

  test("data is typed by the element type", async () => {
    const arrays = {
      f32: Float32Array,
      f16: Float32Array,
      bf16: Float32Array,
      i32: Int32Array,
      u8: Uint8Array,
      bool: Int32Array,
      f64: Float64Array,
      i64: Float64Array,
    };
    for (const dtype of DTYPES) {
      use(dtype);
      expect(await make(dtype).data()).toBeInstanceOf(arrays[dtype]);
    }
  });
});
