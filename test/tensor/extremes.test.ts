// What functions make of NaN, infinities, equal elements, large whole numbers and means far from 0.
import {
  argmin,
  atan2,
  ceil,
  cumsum,
  full,
  grad,
  loss,
  metrics,
  mod,
  nn,
  round,
  std,
  type Tensor,
  tensor,
  topk,
  trunc,
  Variable,
  variance,
  zeros,
} from "tidu";
import { describe, expect, test } from "vitest";

const INF = Number.POSITIVE_INFINITY;

describe("positions", () => {
  test.each([
    [[5, Number.NaN, 1, 7], 1, 1],
    [[Number.NaN, Number.NaN], 0, 0],
    [[1, 3, Number.NaN], 2, 2],
    [[-INF, -INF], 0, 0],
    [[INF, 1, INF], 0, 1],
  ])("of %j: the first NaN, else the first winner", async (values, largest, smallest) => {
    expect(await tensor(values).argmax().item()).toBe(largest);
    expect(await argmin(tensor(values)).item()).toBe(smallest);
  });

  test("of whole numbers are exact", async () => {
    const x = tensor(Int32Array.of(2 ** 24, 2 ** 24 + 1, -(2 ** 31), 2 ** 31 - 1, 2 ** 31 - 2));
    expect(await x.argmax().item()).toBe(3);
    expect(await argmin(x).item()).toBe(2);
    expect(
      await tensor(Uint8Array.of(0, 255, 255))
        .argmax()
        .item(),
    ).toBe(1);
    expect(await argmin(tensor([true, false, false])).item()).toBe(1);
  });

  test("beyond 2^24 elements are exact", async () => {
    const place = 2 ** 24 + 1;
    const values = new Float32Array(2 ** 24 + 3);
    values[place] = 1;
    expect(await tensor(values).argmax().item()).toBe(place);
    const v = new Variable(tensor(values));
    const [dy] = grad(v.max(), [v]);
    const data = await dy.data();
    expect([data[place - 1], data[place], data[place + 1]]).toEqual([0, 1, 0]);
  });

  test("the gradient of max goes to the first NaN, in pooling, too", async () => {
    const x = new Variable(tensor([[[[1, Number.NaN, Number.NaN, 4, 2, 2]]]]));
    expect(await grad(x.max(3).sum(), [x])[0].array()).toEqual([[[[0, 1, 0, 0, 0, 0]]]]);
    const pooled = nn.maxPool2d([1, 2]).forward(x);
    expect(await grad(pooled.sum(), [x])[0].array()).toEqual([[[[0, 1, 1, 0, 1, 0]]]]);
  });

  test("a network whose scores are NaN is wrong, whatever it is asked", async () => {
    const scores = tensor([
      [Number.NaN, 1],
      [0, 1],
    ]);
    expect(await metrics.confusionMatrix(scores.argmax(1), tensor(Int32Array.of(1, 1)), 2).array()).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(await metrics.accuracy(scores, tensor(Int32Array.of(1, 1))).item()).toBe(0.5);
    expect(await metrics.topK(tensor([[Number.NaN, 1, 0]]), tensor(Int32Array.of(1)), 1).item()).toBe(0);
    expect(await topk(tensor([Number.NaN, 1, 0]), 1).indices.array()).toEqual([0]);
    expect(await loss.crossEntropy(scores, tensor(Int32Array.of(1, 1))).item()).toBeNaN();
  });
});

describe("deviation", () => {
  test("its gradient at equal elements is 0", async () => {
    const x = tensor([2, 2, 2]);
    expect(await grad(std(x), [x])[0].array()).toEqual([0, 0, 0]);
  });

  test.each([0, 1e4, 1e6, 1e7])("far from 0: a mean of %f", async (mean) => {
    for (const count of [1000, 100_000]) {
      const x = tensor(new Float32Array(count).map((_, i) => mean + (i % 2) * 2));
      expect(await variance(x, undefined, { correction: 0 }).item()).toBeCloseTo(1, 5);
    }
  });
});

const values = async (x: Tensor): Promise<readonly number[]> => [...(await x.data())];

test("mod has the sign of the divisor, an infinite one included", async () => {
  expect(await values(mod(tensor([5, -5, 0]), INF))).toEqual([5, INF, 0]);
  expect(await values(mod(tensor([5, -5, 5.5, -5.5]), tensor([-INF, -INF, 2, 2])))).toEqual([-INF, -5, 1.5, 0.5]);
});

test("atan2 follows the signs of zeros and infinities", async () => {
  const parts = [INF, -INF, 0, -0, 1, -3];
  const pairs = parts.flatMap((y) => parts.map((x) => [y, x] as const));
  const angles = await values(atan2(tensor(pairs.map(([y]) => y)), tensor(pairs.map(([, x]) => x))));
  pairs.forEach(([y, x], i) => void expect(angles[i], `${y}, ${x}`).toBeCloseTo(Math.atan2(y, x), 6));
});

describe("sums beyond the largest number", () => {
  test("stay infinite as they run on", async () => {
    const rows = tensor([3e38, 3e38, 1, -1]);
    expect(await cumsum(rows).array()).toEqual([Math.fround(3e38), INF, INF, INF]);
    expect(await cumsum(rows.neg()).array()).toEqual([-Math.fround(3e38), -INF, -INF, -INF]);
    expect(await cumsum(tensor([3e38, 3e38, -INF, 1])).array()).toEqual([
      Math.fround(3e38),
      INF,
      Number.NaN,
      Number.NaN,
    ]);
  });

  test("stay infinite where they are scattered", async () => {
    const x = new Variable(tensor([[1], [2]]));
    const picked = x.gather(tensor(Int32Array.of(0, 0, 0, 1))).mul(tensor([[3e38], [3e38], [1], [2]]));
    expect(await grad(picked.sum(), [x])[0].array()).toEqual([[INF], [2]]);
  });
});

test("means of equal whole numbers are those numbers", async () => {
  const counts = Array.from({ length: 130 }, (_, i) => i + 1);
  for (const value of [1, 255]) {
    const means = counts.map((n) => tensor(new Float32Array(n).fill(value)).mean().item());
    expect(await Promise.all(means)).toEqual(counts.map(() => value));
  }
  const right = tensor(new Float32Array(82).map((_, i) => i % 2)).reshape([41, 2]);
  expect(await metrics.accuracy(right, tensor(new Int32Array(41).fill(1))).item()).toBe(1);
});

describe("equal numbers everywhere", () => {
  const VALUES = [0, -0, 1, 0.1, 0.7, -2.5, 3, 88.8, 1e-30, 1e30, 16777217, INF];
  const ONE: Record<string, (x: Tensor) => Tensor> = Object.fromEntries(
    (
      ["neg", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "sign", "floor", "square"] as const
    ).map((name) => [name, (x: Tensor) => x[name]()]),
  );
  const TWO = ["add", "sub", "mul", "div", "pow", "maximum", "minimum", "lt", "le", "eq"] as const;
  const bits = async (x: Tensor) => [...new Uint32Array((await x.toFloat().data()).buffer)].map((b) => b >>> 0);

  test.each(Object.entries(ONE))("%s gives the bits that it gives for data", async (_, f) => {
    for (const value of VALUES)
      expect([value, await bits(f(full([1], value)))]).toEqual([value, await bits(f(tensor([value])))]);
  });

  test.each(TWO)("%s gives the bits that it gives for data", async (name) => {
    for (const a of VALUES)
      for (const b of VALUES)
        expect([a, b, await bits(full([1], a)[name](full([1], b)))]).toEqual([
          a,
          b,
          await bits(tensor([a])[name](tensor([b]))),
        ]);
  });
});

test("remainders of whole numbers are exact, however large both are", async () => {
  const x = [0, 1, -1, 7, -7, 65536, 2 ** 24 + 1, -(2 ** 24) - 1, 123456789, 2 ** 31 - 1, -(2 ** 31), 1 - 2 ** 31];
  const divisors = [1, -1, 3, -3, 46341, 2 ** 24 - 1, 2 ** 24 + 1, 1000000007, 2 ** 31 - 2, 2 ** 31 - 1, -(2 ** 31)];
  for (const y of divisors) {
    const want = x.map((v) => (((v % y) + y) % y) + 0);
    const given = tensor(Int32Array.from(x));
    expect([y, await values(mod(given, y))]).toEqual([y, want]);
    expect([y, await values(mod(given, tensor(Int32Array.of(y))))]).toEqual([y, want]);
  }
});

test("what is rounded to 0 keeps its sign", async () => {
  const x = tensor([-0.5, -0.4, -0, 0, 0.4, 0.5]);
  for (const f of [round, trunc]) expect([...(await f(x).data())]).toEqual([-0, -0, -0, 0, 0, 0]);
  expect([...(await ceil(x).data())]).toEqual([-0, -0, -0, 0, 1, 1]);
  expect([...(await round(tensor([-1.5, -0.6, 0.6, 2.5])).data())]).toEqual([-2, -1, 1, 2]);
});

test("the focal loss of what is certain has a gradient of every order", async () => {
  const x = new Variable(tensor([1e4, -1e4, 30, 1e4, -1e4, 0]));
  const target = tensor([1, 0, 1, 0, 1, 1]);
  for (const gamma of [0, 0.5, 1, 1.5, 2]) {
    const each = loss.focal(x, target, { gamma, alpha: -1, reduction: "none" });
    const [once] = grad(each.sum(), [x]);
    const [twice] = grad(once.sum(), [x]);
    const half = 0.5 ** gamma;
    const want = [0, 0, 0, 1e4, 1e4, half * Math.LN2];
    expect([...(await each.data())]).toEqual(want.map((v) => expect.closeTo(v, 5)));
    const slopes = [0, 0, 0, 1, -1, -half * (gamma * 0.5 * Math.LN2 + 0.5)];
    expect([...(await once.data())]).toEqual(slopes.map((v) => expect.closeTo(v, 5)));
    expect((await twice.data()).every(Number.isFinite)).toBe(true);
  }
});

test("the cosine of a row of zeros is 0, with PyTorch's gradient", async () => {
  const a = new Variable(tensor([[0, 0]]));
  const cost = loss.cosineEmbedding(a, tensor([[3, 4]]), tensor([1]));
  expect(await cost.item()).toBe(1);
  expect(await grad(cost, [a])[0].array()).toEqual([[expect.closeTo(-6e5, 0), expect.closeTo(-8e5, 0)]]);
});

test("zeros keep their signs as IEEE 754 has them, with constants too", async () => {
  const x = await tensor([-0, 0, 1]).realize();
  const bits = async (y: Tensor): Promise<number[]> => [...(await y.data())];
  expect(await bits(x.add(0))).toEqual([0, 0, 1]);
  expect(await bits(x.add(-0))).toEqual([-0, 0, 1]);
  expect(await bits(x.sub(0))).toEqual([-0, 0, 1]);
  expect(await bits(x.sub(-0))).toEqual([0, 0, 1]);
  expect(await bits(x.mul(-0))).toEqual([0, -0, -0]);
  expect(await bits(full([2], -0).pad([[1, 0]]))).toEqual([0, -0, -0]);
});

describe("nested arrays", () => {
  test.each([[[2 ** 27]], [[2 ** 25, 1]], [[3, 2 ** 23, 2]]])(
    "of shape %j would end the process, and are refused",
    async (shape) => {
      await expect(zeros(shape).array()).rejects.toThrow(/^array: the tensor is .*; use data\(\), or slices$/);
    },
  );
});
