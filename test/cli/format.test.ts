import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCompact,
  formatDuration,
  formatLoss,
  formatPercent,
} from "../../packages/cli/src/cli/ui/format.js";

describe("formatBytes", () => {
  it.each([
    [0, "0 bytes"],
    [512, "512 bytes"],
    [1536, "1.5 KiB"],
    [1023, "0.999 KiB"],
    [47_040_000, "44.9 MiB"],
    [2 ** 32, "4 GiB"],
    [Number.NaN, "–"],
  ])("%d", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("formatCompact", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [61_706, "61.7K"],
    [999_700, "1M"],
    [3.14159, "3.14"],
    [-2500, "−2.5K"],
    [Number.NaN, "–"],
  ])("%d", (count, text) => expect(formatCompact(count)).toBe(text));
});

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [0.0123, "12.3 ms"],
    [0.9999, "1.0 s"],
    [4.2, "4.2 s"],
    [59.96, "1 min 0 s"],
    [75, "1 min 15 s"],
    [3599.6, "1 h 0 min"],
    [3725, "1 h 2 min"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("%d", (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe("formatLoss", () => {
  it.each([
    [0, "0.0000"],
    [0.98765, "0.9877"],
    [-1.5, "−1.5000"],
    [1e-7, "1×10⁻⁷"],
    [Number.NaN, "NaN"],
  ])("%d", (loss, text) => expect(formatLoss(loss)).toBe(text));
});

describe("formatPercent", () => {
  it("shows two decimals", () => expect(formatPercent(0.98765)).toBe("98.77%"));
});
