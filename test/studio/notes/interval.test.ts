import { describe, expect, test } from "vitest";
import { byUnit, decimalsOf, isUnclear } from "../../../studio/src/notes/answers/interval.js";

describe("measured answers", () => {
  const interval = (low: number | null, high: number | null) => ({ mean: 1, low, high, n: low === null ? 1 : 5 });

  test("call a difference unclear whose interval holds 0", () => {
    expect(isUnclear(interval(-0.1, 2.1))).toBe(true);
    expect(isUnclear(interval(0.1, 1.9))).toBe(false);
    expect(isUnclear(interval(null, null))).toBe(false);
  });

  test("are written with as many decimals as the interval's width has meaning", () => {
    expect(decimalsOf(interval(0.55, 1.45))(93.7916)).toBe("93.79");
    expect(decimalsOf(interval(-20, 22))(1.234)).toBe("1");
    expect(decimalsOf(interval(null, null))(0.123456)).toBe("0.1235");
  });

  test("stand with what shares their unit", () => {
    const all = ["%", "s", "%"].map((unit, i) => ({ unit, i }));
    expect(byUnit(all).map(([unit, own]) => [unit, own.map(({ i }) => i)])).toEqual([
      ["%", [0, 2]],
      ["s", [1]],
    ]);
  });
});
