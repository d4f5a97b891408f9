import { describe, expect, it } from "vitest";
import type { Machine } from "../../packages/tidu/src/graph/machine.js";
import * as math from "../../packages/tidu/src/graph/math.js";
import { bits, countInstructions, float, scalarMachine as m } from "../support/scalar-machine.js";

type Lane = (m: Machine<number>, ...x: number[]) => number;
const evaluate = (f: Lane, ...x: number[]) => float(f(m, ...x.map(bits)));

/** The distance from `got` to the exact value, in units in the last place of the exact value. */
function ulps(got: number, exact: number): number {
  const nearest = Math.fround(exact);
  if (Object.is(got, nearest)) return 0;
  // A value that rounds to infinity at the brink may also come out as the largest float.
  if (!Number.isFinite(nearest)) return Math.abs(exact) < 3.402824e38 && Math.abs(got) > 3.40282e38 ? 1 : Infinity;
  const exponent = Math.max((bits(nearest) >>> 23) & 255, 1) - 127;
  const error = Math.abs(got - exact) / 2 ** (exponent - 23);
  return Number.isNaN(error) ? Infinity : error;
}

/** Uniform in [0, 1), the same sequence every time. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Floats of [low, high]: both ends, an even grid, random points, and random bit patterns (so: every magnitude). */
function* samples(low: number, high: number, count = 25_000): Generator<number> {
  const next = random(1);
  const width = high - low;
  yield Math.fround(low);
  yield Math.fround(high);
  for (let i = 0; i < count; i++) {
    for (const x of [low + (width * (i + 0.5)) / count, low + width * next(), float(next() * 2 ** 32)]) {
      if (x >= low && x <= high) yield Math.fround(x);
    }
  }
}

/** The largest error over lists of arguments, and where. */
function worst(f: Lane, exact: (...x: number[]) => number, list: Iterable<readonly number[]>) {
  const result = { ulps: 0, at: [] as readonly number[] };
  for (const x of list) {
    const error = ulps(evaluate(f, ...x), exact(...x));
    if (error > result.ulps) Object.assign(result, { ulps: error, at: x });
  }
  return result;
}

function* each<T>(list: Iterable<T>): Generator<[T]> {
  for (const x of list) yield [x];
}

/** All terms have one sign: no digits are lost. */
function erf(x: number): number {
  let term = (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x);
  let sum = term;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return sum;
}
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const HUGE = 3.4028234663852886e38;
const TINY = 2 ** -149;

describe("error bounds", () => {
  it.each<[string, Lane, (x: number) => number, number, number, number]>([
    ["exp", math.exp, Math.exp, -104, 89, 1],
    ["exp, common range", math.exp, Math.exp, -4, 4, 1],
    ["exp, denormal results", math.exp, Math.exp, -104, -87, 1],
    ["expm1", math.expm1, Math.expm1, -100, 89, 1.4],
    ["expm1 near 0", math.expm1, Math.expm1, -0.7, 0.7, 1.4],
    ["log", math.log, Math.log, 0, HUGE, 1],
    ["log near 1", math.log, Math.log, 0.5, 2, 1],
    ["log of denormals", math.log, Math.log, 0, 2 ** -126, 1],
    ["log1p", math.log1p, Math.log1p, -1, HUGE, 1],
    ["log1p near 0", math.log1p, Math.log1p, -0.9, 2, 1],
    ["tanh", math.tanh, Math.tanh, -12, 12, 1.5],
    ["tanh near 0", math.tanh, Math.tanh, -1, 1, 1.5],
    ["sigmoid", math.sigmoid, sigmoid, -105, 100, 2.4],
    ["sigmoid, denormal results", math.sigmoid, sigmoid, -104, -87, 2.4],
    ["softplus", math.softplus, softplus, -105, 1e4, 1.5],
    ["softplus near 0", math.softplus, softplus, -10, 10, 1.5],
    ["erf", math.erf, erf, -5, 5, 1.5],
    ["erf near 0", math.erf, erf, -0.5, 0.5, 1.5],
    ["erf near the border of its two forms", math.erf, erf, 0.83, 0.86, 1.5],
    ["sin", math.sin, Math.sin, -HUGE, HUGE, 1.02],
    ["sin, common range", math.sin, Math.sin, -1e4, 1e4, 1.02],
    ["sin near 0", math.sin, Math.sin, -7, 7, 1.02],
    ["cos", math.cos, Math.cos, -HUGE, HUGE, 1.02],
    ["cos, common range", math.cos, Math.cos, -1e4, 1e4, 1.02],
    ["cos near 0", math.cos, Math.cos, -7, 7, 1.02],
  ])("%s", (_, f, exact, low, high, bound) => {
    const found = worst(f, exact, each(samples(low, high)));
    expect(found.ulps, `at ${found.at}`).toBeLessThanOrEqual(bound);
  });

  it.each<[string, Lane, (x: number) => number, number]>([
    ["sin", math.sin, Math.sin, 0],
    ["cos", math.cos, Math.cos, 0.5],
  ])("%s keeps its relative accuracy near zeros", (_, f, exact, offset) => {
    const zeros = Array.from({ length: 20_000 }, (_, k) => bits((k + offset) * Math.PI));
    // The floats nearest to multiples of pi/2 of all: Kahan and McDonald's search.
    const nearest = [16367173 * 2 ** 72, 13176795 * 2 ** 21, 16367173 * 2 ** 73, 11784217 * 2 ** 10].map(bits);
    const near = [...zeros, ...nearest].flatMap((zero) => [-1, 0, 1].map((step) => [float(zero + step)]));
    const found = worst(f, exact, near);
    expect(found.ulps, `at ${found.at}`).toBeLessThanOrEqual(1.02);
  });

  it("sin and cos agree with the identity of their squares for the largest floats", () => {
    const wrong = [...samples(2 ** 100, HUGE)].filter((x) => {
      const [s, c] = [evaluate(math.sin, x), evaluate(math.cos, x)];
      return Math.abs(s * s + c * c - 1) > 3e-7;
    });
    expect(wrong).toEqual([]);
  });
});

describe("edges", () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  it.each<[string, Lane, (readonly [x: number, y: number])[]]>([
    [
      "exp",
      math.exp,
      [
        [-inf, 0],
        [inf, inf],
        [0, 1],
        [-0, 1],
        [88.72284, inf],
        [HUGE, inf],
        [-87.2, Math.exp(Math.fround(-87.2))],
        [-103.9, TINY],
        [-104, 0],
        [-HUGE, 0],
      ],
    ],
    [
      "expm1",
      math.expm1,
      [
        [-inf, -1],
        [inf, inf],
        [0, 0],
        [-0, -0],
        [HUGE, inf],
        [-HUGE, -1],
        [2 ** -126, 2 ** -126],
      ],
    ],
    [
      "log",
      math.log,
      [
        [0, -inf],
        [-0, -inf],
        [1, 0],
        [inf, inf],
        [-1, nan],
        [-TINY, nan],
        [-inf, nan],
        [TINY, Math.log(TINY)],
      ],
    ],
    [
      "log1p",
      math.log1p,
      [
        [-1, -inf],
        [-1.5, nan],
        [-inf, nan],
        [inf, inf],
        [0, 0],
        [-0, -0],
        [TINY, TINY],
        [-TINY, -TINY],
      ],
    ],
    [
      "tanh",
      math.tanh,
      [
        [0, 0],
        [-0, -0],
        [inf, 1],
        [-inf, -1],
        [10, 1],
        [TINY, TINY],
        [1e-10, Math.fround(1e-10)],
      ],
    ],
    [
      "sigmoid",
      math.sigmoid,
      [
        [1e4, 1],
        [-1e4, 0],
        [inf, 1],
        [-inf, 0],
        [0, 0.5],
      ],
    ],
    [
      "softplus",
      math.softplus,
      [
        [1e4, 1e4],
        [-1e4, 0],
        [inf, inf],
        [-inf, 0],
        [0, Math.LN2],
      ],
    ],
    [
      "erf",
      math.erf,
      [
        [0, 0],
        [-0, -0],
        [inf, 1],
        [-inf, -1],
        [4, 1],
        [-4, -1],
      ],
    ],
    [
      "sin",
      math.sin,
      [
        [0, 0],
        [inf, nan],
        [-inf, nan],
        [-0, -0],
        [1e6, Math.sin(1e6)],
        [HUGE, Math.sin(HUGE)],
        [TINY, TINY],
      ],
    ],
    [
      "cos",
      math.cos,
      [
        [0, 1],
        [-0, 1],
        [inf, nan],
        [-inf, nan],
        [1e6, Math.cos(1e6)],
        [-HUGE, Math.cos(HUGE)],
      ],
    ],
  ])("%s", (_, f, cases) => {
    for (const [x, y] of cases) expect(evaluate(f, x), `at ${x}`).toBe(Math.fround(y));
    expect(evaluate(f, nan), "at NaN").toBeNaN();
    // A NaN with a payload, and a negative one.
    for (const pattern of [0x7f800001, 0x7fc12345, -1, -0x400000]) expect(float(f(m, pattern))).toBeNaN();
  });

  it("exp goes on to the last finite result", () => {
    const last = float(bits(88.72284) - 1);
    expect(evaluate(math.exp, last)).toBeLessThan(Infinity);
    expect(evaluate(math.expm1, last)).toBeLessThan(Infinity);
  });

  it.each([
    ["tanh", math.tanh],
    ["erf", math.erf],
  ])("%s stays within 1 and is exactly odd", (_, f) => {
    const wrong = [...samples(0, 12)].filter((x) => {
      const y = evaluate(f, x);
      return !(y >= 0 && y <= 1 && evaluate(f, -x) === -y);
    });
    expect(wrong).toEqual([]);
  });

  it("tanh(x) is x for small x", () => {
    expect([...samples(-(2 ** -13), 2 ** -13)].filter((x) => evaluate(math.tanh, x) !== x)).toEqual([]);
  });
});

describe("pow", () => {
  it("treats special cases as IEEE 754 does", () => {
    const special = [
      0,
      1,
      2,
      3,
      0.5,
      1.5,
      2.5,
      TINY,
      1e-30,
      1 - 2 ** -24,
      1 + 2 ** -23,
      2 ** 24 - 1,
      2 ** 24,
      HUGE,
      Infinity,
    ];
    const values = [...special, ...special.map((v) => -v), Number.NaN];
    for (const x of values) {
      for (const y of values) {
        // JavaScript differs from IEEE 754 in 1^NaN, 1^Infinity and (-1)^Infinity.
        const exact = x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
        const got = evaluate(math.pow, x, y);
        expect(ulps(got, exact), `${x} ^ ${y} = ${got}`).toBeLessThanOrEqual(1.5);
        if (exact === 0) expect(got).toBe(exact);
      }
    }
  });

  it.each([
    ["results from 2^-16 to 2^16", 16],
    ["all results", 128],
    ["denormal results, too", 152],
  ])("%s within 1.5 ulp", (_, reach) => {
    function* pairs() {
      const next = random(2);
      for (let i = 0; i < 100_000; i++) {
        const x = i % 2 === 0 ? float(next() * 2 ** 31) : Math.fround(0.5 + next());
        const y = Math.fround((reach * (2 * next() - 1)) / Math.log2(x));
        yield [x, y];
      }
    }
    const found = worst(math.pow, (x, y) => x ** y, pairs());
    expect(found.ulps, `at ${found.at}`).toBeLessThanOrEqual(1.5);
  });

  it("is exact for powers of 2 and for squares and cubes of small integers", () => {
    for (let n = -125; n < 128; n++) expect(evaluate(math.pow, 2, n)).toBe(2 ** n);
    for (let n = -100; n <= 100; n++) {
      expect(evaluate(math.pow, n, 2)).toBe(n * n);
      expect(evaluate(math.pow, n, 3)).toBe(n ** 3);
    }
  });
});

describe("random", () => {
  // Random123's known answers for threefry2x32 with 20 rounds (kat_vectors).
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [-1, -1],
      [-1, -1],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])("threefry with key %j and counter %j", (key, counter, answer) => {
    const [k0, k1, c0, c1] = [...key, ...counter].map((v) => v | 0);
    expect(math.threefry(m, k0, k1, c0, c1).map((v) => v >>> 0)).toEqual(answer);
  });

  it("uniformFromBits takes the top 24 bits", () => {
    const uniform = (v: number) => float(math.uniformFromBits(m, v | 0));
    expect([0, 255, 256, 0x80000000, 0xffffffff].map(uniform)).toEqual([0, 0, 2 ** -24, 0.5, 1 - 2 ** -24]);
  });
});

it("instruction counts", () => {
  const { exp, expm1, sigmoid, log, log1p, softplus, tanh, erf, sin, cos, pow, threefry, uniformFromBits } = math;
  const unary = { exp, expm1, sigmoid, log, log1p, softplus, tanh, erf, sin, cos, uniformFromBits };
  const counts = Object.entries(unary).map(([name, f]) => [name, countInstructions((c) => f(c, 0))]);
  expect(Object.fromEntries(counts)).toEqual({
    exp: 27,
    expm1: 32,
    sigmoid: 29,
    log: 31,
    log1p: 31,
    softplus: 51,
    tanh: 35,
    erf: 54,
    sin: 48,
    cos: 46,
    uniformFromBits: 3,
  });
  expect(countInstructions((c) => pow(c, 0, 0))).toBe(120);
  expect(countInstructions((c) => threefry(c, 0, 0, 0, 0))).toBe(119);
});
