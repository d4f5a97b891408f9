import { describe, expect, it } from "vitest";
import { histogram } from "../../packages/cli/src/report/collect/histogram.js";

describe("histogram", () => {
  it("counts every number once, the largest in the last bin", () => {
    const { low, high, counts } = histogram([0, 1, 1, 16, 32]);
    expect([low, high]).toEqual([0, 32]);
    expect(counts).toHaveLength(32);
    expect(counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))).toEqual([
      [0, 1],
      [1, 2],
      [16, 1],
      [31, 1],
    ]);
  });

  it("knows mean and deviation", () => {
    const { mean, deviation } = histogram([-3, -1, 1, 3]);
    expect(mean).toBe(0);
    expect(deviation).toBeCloseTo(Math.sqrt(5), 12);
  });

  it("of equal numbers has them all in one bin", () => {
    const { low, high, counts, mean, deviation } = histogram(new Float32Array(7).fill(2.5));
    expect([low, high, mean, deviation, Math.max(...counts)]).toEqual([2.5, 2.5, 2.5, 0, 7]);
  });

  it("counts numbers that are not finite apart", () => {
    const found = histogram([1, Number.NaN, 3, Number.POSITIVE_INFINITY]);
    expect(found).toMatchObject({ low: 1, high: 3, mean: 2, notFinite: 2 });
    expect(found.counts.reduce((sum, n) => sum + n)).toBe(2);
  });

  it("of nothing is empty and still JSON", () => {
    const found = histogram([]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(found).toMatchObject({ low: 0, high: 0, mean: 0, deviation: 0 });
  });
});
