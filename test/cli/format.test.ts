import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatDuration, formatPercent } from "../../packages/cli/src/cli/ui/format.js";

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [512, "512 B"],
    [1536, "1.50 KiB"],
    [1023, "1.00 KiB"],
    [47_040_000, "44.9 MiB"],
    [2 ** 32, "4.00 GiB"],
    [Number.NaN, "–"],
  ])("%d", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("formatCount", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [61_706, "61.7k"],
    [999_700, "1.00M"],
    [3.14159, "3.14"],
    [-2500, "-2.50k"],
  ])("%d", (count, text) => expect(formatCount(count)).toBe(text));
});

describe("formatDuration", () => {
  it.each([
    [0, "0.00 ms"],
    [0.0123, "12.3 ms"],
    [0.9999, "1.0 s"],
    [4.2, "4.2 s"],
    [59.96, "1m 00s"],
    [75, "1m 15s"],
    [3599.6, "1h 00m"],
    [3725, "1h 02m"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("%d", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe("formatPercent", () => {
  it("shows two decimals", () => expect(formatPercent(0.98765)).toBe("98.77%"));
});
