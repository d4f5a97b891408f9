import { describe, expect, it } from "vitest";
import * as format from "../../packages/cli/src/report/page/format.js";

describe("numbers on the page", () => {
  it.each<[format.Format, number | undefined, string]>([
    [format.formatNumber, 0, "0"],
    [format.formatNumber, 1234.5678, "1,235"],
    [format.formatNumber, -0.012345, "−0.01235"],
    [format.formatNumber, 0.00001234, "1.23×10⁻⁵"],
    [format.formatNumber, -12_345_678, "−1.23×10⁷"],
    [format.formatNumber, Number.NaN, "–"],
    [format.formatNumber, Number.POSITIVE_INFINITY, "–"],
    [format.formatNumber, undefined, "–"],
    [format.formatRough, 0.0279, "0.028"],
    [format.formatTick, 250_000, "250K"],
    [format.formatTick, 0.05, "0.05"],
    [format.formatCount, 60_000, "60,000"],
    [format.formatPercent, 0.9599, "95.99%"],
    [format.formatPercent, 1, "100.00%"],
    [format.formatPercentTick, 0.955, "95.5%"],
    [format.formatSeconds, 13.552, "13.6 s"],
    [format.formatSeconds, 59.999, "1 min 0 s"],
    [format.formatSeconds, 60, "1 min 0 s"],
    [format.formatSeconds, 7384, "2 h 3 min"],
    [format.formatSeconds, undefined, "–"],
  ])("%o of %s", (write, value, expected) => expect(write(value)).toBe(expected));

  it("are bytes in the largest unit that fits", () => {
    expect([0, 1023, 1024, 4.5 * 2 ** 20, 5 * 2 ** 40].map(format.formatBytes)).toEqual([
      ...["0 bytes", "0.999 KiB", "1 KiB", "4.5 MiB", "5 TiB"],
    ]);
  });

  it("are joined where they are sizes", () => {
    expect(format.formatSizes([6, 28])).toBe("6\u2009×\u200928");
    expect(format.formatSizes([])).toBe("one number");
  });
});
