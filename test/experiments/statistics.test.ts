import { describe, expect, it } from "vitest";
import { meanInterval, studentT } from "../../packages/cli/src/experiment/index.js";

describe("Student's t", () => {
  // Two-sided 95 % and 99 % points, as tables print them.
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
