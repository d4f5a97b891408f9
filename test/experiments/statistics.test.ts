import { describe, expect, it } from "vitest";
import { bootstrapInterval, findingOf, meanInterval, studentT } from "../../packages/cli/src/experiment/statistics.js";

describe("Student's t", () => {
  // Two-sided 95% and 99% points, as tables print them.
  it.each([
    [1, 0.95, 12.706],
    [2, 0.95, 4.303],
    [3, 0.95, 3.182],
    [4, 0.95, 2.776],
    [5, 0.95, 2.571],
    [7, 0.95, 2.365],
    [30, 0.95, 2.042],
    [120, 0.95, 1.98],
    [1, 0.99, 63.657],
    [4, 0.99, 4.604],
    [9, 0.99, 3.25],
  ])("with %i degrees of freedom and level %d is %d", (freedom, level, t) => {
    expect(studentT(freedom, level)).toBeCloseTo(t, 3);
  });
});

describe("the interval of a mean", () => {
  it("is the mean ± t · s / √n", () => {
    // Mean 5, deviations -3, -1, 1, 3: variance 20 / 3, and t for 3 degrees of freedom is 3.182446.
    const { mean, low, high, n } = meanInterval([2, 4, 6, 8]);
    expect([mean, n]).toEqual([5, 4]);
    expect(low).toBeCloseTo(5 - 3.182446 * Math.sqrt(20 / 3 / 4), 5);
    expect(high).toBeCloseTo(5 + 3.182446 * Math.sqrt(20 / 3 / 4), 5);
  });

  it("is missing for one value, and there is none of no values", () => {
    expect(meanInterval([3])).toEqual({ mean: 3, low: null, high: null, n: 1 });
    expect(() => meanInterval([])).toThrow(/no values; give at least one/);
  });
});

describe("the interval by the bootstrap", () => {
  /** Numbers from 0 to 1, evenly spread, in an order that looks random. */
  const uniform = (i: number) => (i * 0.6180339887498949) % 1;

  it("is about Student's for values that are about normal", () => {
    const values = Array.from({ length: 32 }, (_, i) => {
      const sum = [1, 2, 3, 4, 5, 6].reduce((s, k) => s + uniform(97 * i + 13 * k * k), 0);
      return 50 + sum - 3;
    });
    const [boot, student] = [bootstrapInterval(values), meanInterval(values)];
    const width = (student.high as number) - (student.low as number);
    expect(boot.mean).toBe(student.mean);
    expect(Math.abs((boot.low as number) - (student.low as number)) / width).toBeLessThan(0.05);
    expect(Math.abs((boot.high as number) - (student.high as number)) / width).toBeLessThan(0.05);
  });

  it("holds the true mean about as often as it says", () => {
    // Skewed and not below 0: exponential of mean 1.
    let held = 0;
    for (let set = 0; set < 200; set++) {
      const values = Array.from({ length: 16 }, (_, i) => -Math.log(1 - uniform(1 + 7 * i * i + 101 * set + i * set)));
      const { low, high } = bootstrapInterval(values);
      if ((low as number) <= 1 && 1 <= (high as number)) held++;
    }
    expect(held / 200).toBeGreaterThan(0.87);
  });

  it("stays within the values, where Student's leaves them", () => {
    const values = [0, 0, 0, 0, 0, 0, 0, 0.9];
    expect(meanInterval(values).low).toBeLessThan(0);
    const { low, high } = bootstrapInterval(values);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(0.9);
    expect(high).toBeGreaterThan(0.2);
  });

  it("is the same again, a point for equal values, and missing for few", () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 9];
    expect(bootstrapInterval(values)).toEqual(bootstrapInterval(values));
    expect(bootstrapInterval(Array(9).fill(2))).toEqual({ mean: 2, low: 2, high: 2, n: 9 });
    expect(bootstrapInterval(values.slice(1))).toMatchObject({ low: null, high: null, n: 7 });
    expect(() => bootstrapInterval([])).toThrow(/no values; give at least one/);
  });
});

describe("what two sets of seeds establish", () => {
  const of = (low: number, high: number) => ({ mean: (low + high) / 2, low, high, n: 16 });

  it.each([
    ["more", of(0.2, 1.4), of(0.5, 1.5)],
    ["less", of(-1.4, -0.2), of(-1.5, -0.5)],
    ["alike", of(-0.4, 0.3), of(0.1, 0.49)],
    // One interval holds 0; one is smaller than would matter; they disagree in sign; they do not overlap.
    ["open", of(-0.1, 1.4), of(0.5, 1.5)],
    ["open", of(0.1, 0.6), of(0.5, 1.5)],
    ["open", of(-1.4, -0.2), of(0.5, 1.5)],
    ["open", of(0.6, 0.9), of(1, 2)],
    ["open", of(-0.6, 0.6), of(-0.6, 0.6)],
  ] as const)("%s", (finding, first, second) => {
    expect(findingOf(first, second, 0.5)).toBe(finding);
  });
});
