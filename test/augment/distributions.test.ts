import { describe, expect, test } from "vitest";
import type { Augmentation, Warp } from "../../packages/tidu/src/augment/augmentation.js";
import * as augment from "../../packages/tidu/src/augment/index.js";
import { beta } from "../../packages/tidu/src/augment/mixup.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { onReference } from "../nn/support/devices.js";
import { drawn } from "./support/make.js";

onReference();

const COUNT = 4000;
/** Five deviations of a mean of so many. */
const near = (deviation: number) => (5 * deviation) / Math.sqrt(COUNT);

const mean = (x: readonly number[]): number => x.reduce((sum, v) => sum + v, 0) / x.length;
const variance = (x: readonly number[]): number => mean(x.map((v) => v * v)) - mean(x) ** 2;

/** The numbers a, b, c, d, e, f that say where pixels come from, for each of many images of 11 by 21 pixels. */
async function maps(augmentation: Augmentation): Promise<number[][]> {
  const { map } = drawn(9, () => (augmentation.parts[0] as Warp).frame(COUNT, 11, 21));
  const columns = await Promise.all(
    map.map(async (m) => (typeof m === "number" ? new Array<number>(COUNT).fill(m) : Array.from(await m.data()))),
  );
  return Array.from({ length: COUNT }, (_, i) => columns.map((column) => column[i]));
}

/** Fails unless numbers are spread evenly from `low` to `high`. */
function expectUniform(x: readonly number[], low: number, high: number): void {
  const width = high - low;
  expect(Math.min(...x)).toBeGreaterThanOrEqual(low - 1e-6);
  expect(Math.max(...x)).toBeLessThanOrEqual(high + 1e-6);
  expect(Math.abs(mean(x) - (low + high) / 2)).toBeLessThan(near(width / Math.sqrt(12)));
  // The fourth central moment of a uniform distribution is width⁴ / 80.
  expect(Math.abs(variance(x) - width ** 2 / 12)).toBeLessThan(near(width ** 2 * Math.sqrt(1 / 80 - 1 / 144)));
}

/** Fails unless whole numbers from `low` to `high` come equally often. */
function expectEven(x: readonly number[], low: number, high: number): void {
  const p = 1 / (high - low + 1);
  for (let value = low; value <= high; value++) {
    const share = x.filter((v) => v === value).length / COUNT;
    expect(Math.abs(share - p), `share of ${value}`).toBeLessThan(near(Math.sqrt(p * (1 - p))));
  }
  expect(x.every((v) => v >= low && v <= high && Number.isInteger(v))).toBe(true);
}

const degrees = (y: number, x: number): number => (Math.atan2(y, x) * 180) / Math.PI;

describe("what is drawn", () => {
  test("shift: each distance as likely, the two axes apart", async () => {
    const all = await maps(augment.shift(2));
    expectEven(
      all.map(([, , c]) => c),
      -2,
      2,
    );
    expectEven(
      all.map(([, , , , , f]) => f),
      -2,
      2,
    );
    expect(Math.abs(mean(all.map(([, , c, , , f]) => c * f)))).toBeLessThan(near(2));
  });

  test("crop: each place as likely", async () => {
    const all = await maps(augment.crop(1, { size: 9 }));
    expectEven(
      all.map(([, , c]) => c),
      -1,
      13,
    );
    expectEven(
      all.map(([, , , , , f]) => f),
      -1,
      3,
    );
  });

  test("rotate: each angle as likely; a turn about the middle, without stretching", async () => {
    const all = await maps(augment.rotate(30));
    expectUniform(
      all.map(([a, , , d]) => degrees(d, a)),
      -30,
      30,
    );
    for (const [a, b, c, d, e, f] of all) {
      expect(a * e - b * d).toBeCloseTo(1, 6);
      expect([10 * a + 5 * b + c, 10 * d + 5 * e + f]).toEqual([expect.closeTo(10, 5), expect.closeTo(5, 5)]);
    }
  });

  test("scale: each factor as likely, about the middle", async () => {
    const all = await maps(augment.scale(0.4));
    expectUniform(
      all.map(([a]) => 1 / a),
      0.6,
      1.4,
    );
    for (const [a, b, c, d, e, f] of all) {
      expect([b, d, e]).toEqual([0, 0, a]);
      expect([10 * a + c, 5 * e + f]).toEqual([expect.closeTo(10, 5), expect.closeTo(5, 5)]);
    }
  });

  test("shear: each angle as likely, rows stay rows", async () => {
    const all = await maps(augment.shear(20));
    expectUniform(
      all.map(([, b]) => degrees(b, 1)),
      -20,
      20,
    );
    for (const [a, b, c, ...row] of all) {
      expect([a, ...row]).toEqual([1, 0, 1, 0]);
      expect(5 * b + c).toBeCloseTo(0, 5);
    }
  });

  test.each([0.1, 0.5, 0.9])("flip: a share of %d of the images", async (p) => {
    const all = await maps(augment.flip("horizontal", { p }));
    const share = mean(all.map(([a]) => (a === -1 ? 1 : 0)));
    expect(Math.abs(share - p)).toBeLessThan(near(Math.sqrt(p * (1 - p))));
  });

  test("p: a share of the images, in all of their numbers at once", async () => {
    const all = await maps(augment.shift(100, { p: 0.3 }));
    // Two hundred and one places along each axis: a shift by 0 is rare.
    const [across, down] = [all.map(([, , c]) => c !== 0), all.map(([, , , , , f]) => f !== 0)];
    expect(Math.abs(mean(across.map(Number)) - 0.3)).toBeLessThan(near(0.46) + 0.3 / 201);
    expect(across.filter((moved, i) => moved !== down[i]).length / COUNT).toBeLessThan(0.01);
  });

  /** What becomes of many images of one pixel of 1 and one of 3. */
  async function pairs(augmentation: Augmentation): Promise<number[][]> {
    const images = tensor(
      Float32Array.from({ length: 2 * COUNT }, (_, i) => 1 + 2 * (i % 2)),
      [COUNT, 1, 1, 2],
    );
    const data = await drawn(9, () => augmentation.apply(images).images).data();
    return Array.from({ length: COUNT }, (_, i) => [data[2 * i], data[2 * i + 1]]);
  }

  test("brightness: each factor as likely", async () => {
    const all = await pairs(augment.brightness(0.4));
    expectUniform(
      all.map(([v]) => v),
      0.6,
      1.4,
    );
    for (const [v, w] of all) expect(w).toBeCloseTo(3 * v, 5);
  });

  test("contrast: each factor as likely, the mean stays", async () => {
    const all = await pairs(augment.contrast(0.4));
    expectUniform(
      all.map(([v, w]) => (w - v) / 2),
      0.6,
      1.4,
    );
    for (const [v, w] of all) expect(v + w).toBeCloseTo(4, 5);
  });

  test("cutout: each pixel is the middle as often, part of the square may be outside", async () => {
    const size = 5;
    const images = tensor(new Float32Array(COUNT * size * size).fill(1), [COUNT, 1, size, size]);
    const data = await drawn(9, () => augment.cutout(1).apply(images).images).data();
    const places = Array.from({ length: COUNT }, (_, i) => data.slice(i * 25, i * 25 + 25).indexOf(0));
    expectEven(places, 0, 24);
    const wide = await drawn(9, () => augment.cutout(4).apply(images).images.sum([1, 2, 3])).data();
    expect(Math.min(...wide)).toBe(25 - 16);
    expect(Math.max(...wide)).toBe(25 - 4);
  });
});

describe("Beta(α, α)", () => {
  const sample = async (alpha: number): Promise<number[]> => {
    const drawnOnce: Tensor = drawn(5, () => beta(COUNT, alpha));
    return Array.from(await drawnOnce.data());
  };

  test.each([0.01, 0.2, 0.5, 1, 2, 40])("α = %d: bounds, mean, variance", async (alpha) => {
    const x = await sample(alpha);
    expect(x.every((v) => v >= 0 && v <= 1)).toBe(true);
    const spread = 1 / (4 * (2 * alpha + 1));
    expect(Math.abs(mean(x) - 0.5)).toBeLessThan(near(Math.sqrt(spread)));
    const fourth = (3 * spread ** 2 * (2 * alpha + 1)) / (2 * alpha + 3);
    expect(Math.abs(variance(x) - spread)).toBeLessThan(near(Math.sqrt(fourth - spread ** 2)) + 1e-4);
  });

  test.each<[number, (x: number) => number]>([
    [0.5, (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
    [1, (x) => x],
    [2, (x) => 3 * x ** 2 - 2 * x ** 3],
  ])("α = %d: is distributed as it should be (Kolmogorov and Smirnov)", async (alpha, below) => {
    const x = (await sample(alpha)).sort((p, q) => p - q);
    const apart = x.map((v, i) => Math.max(Math.abs(below(v) - i / COUNT), Math.abs(below(v) - (i + 1) / COUNT)));
    // Exceeded by chance once in a thousand.
    expect(Math.max(...apart)).toBeLessThan(1.95 / Math.sqrt(COUNT));
  });
});
