import { readFile } from "node:fs/promises";
import type { Comparison, Curve, Measure, Result } from "@tidu/cli/experiment";
import { describe, expect, test } from "vitest";
import { byAxis, byComparison, byUnit } from "../../../studio/src/notes/answers/groups.js";
import { decimalsOf } from "../../../studio/src/notes/answers/interval.js";
import { findingText, reasonOf } from "../../../studio/src/notes/answers/reason.js";
import units from "../../../studio/src/notes/answers/units.words.js";
import { FOLDER, MEASURED } from "./answers.js";

describe("measured answers", () => {
  const interval = (low: number | null, high: number | null) => ({ mean: 1, low, high, n: low === null ? 1 : 5 });

  test("are written with as many decimals as the interval's width has meaning", () => {
    expect(decimalsOf(interval(0.55, 1.45))(93.7916)).toBe("93.79");
    expect(decimalsOf(interval(-20, 22))(1.234)).toBe("1");
    expect(decimalsOf(interval(-0.12, 0.12))(-0.001)).toBe("0.00");
    expect(decimalsOf(interval(-0.12, 0.12))(-0.051)).toBe("−0.05");
    expect(decimalsOf(interval(null, null))(0.123456)).toBe("0.12");
    expect(decimalsOf(interval(4.1e-7, 6.9e-7))(5.5e-7)).toBe("5.5×10⁻⁷");
  });

  test("stand with what they are compared with, through others too, or else share a unit", () => {
    const measures = ["a", "b", "c", "d", "e", "f"].map((id) => ({ id, unit: id === "f" ? "s" : "%" }) as Measure);
    const comparisons = [
      { a: "a", b: "d" },
      { a: "b", b: "d" },
    ] as Comparison[];
    expect(byComparison(measures, comparisons).map((own) => own.map(({ id }) => id).join(""))).toEqual([
      "abd",
      "ce",
      "f",
    ]);
    expect(byUnit(measures).map((own) => own.length)).toEqual([5, 1]);
  });

  test("draw curves over each other only where they have the same axis and the same places", () => {
    const curve = (id: string, label: string, ...xs: number[]) =>
      ({
        id,
        unit: "%",
        x: { label: { en: label, zh: label }, unit: "" },
        points: xs.map((x) => ({ x })),
      }) as unknown as Curve;
    const curves = [curve("a", "p", 1, 2), curve("b", "q", 1, 2), curve("c", "p", 1, 2), curve("d", "p", 0, 1, 2)];
    expect(byAxis(curves).map((own) => own.map(({ id }) => id).join(""))).toEqual(["ac", "b", "d"]);
  });
});

test("what is found of every difference is told with its reason, which is true of its numbers", async () => {
  const told = new Set<string>();
  for (const name of MEASURED) {
    const { comparisons }: Result = JSON.parse(await readFile(`${FOLDER}results/${name}.json`, "utf8"));
    for (const of of comparisons) {
      const { id, finding, mean, low, high, matters, sets } = of;
      const reason = reasonOf(of);
      told.add(reason);
      const has0 = (one: { low: number | null; high: number | null }) => Number(one.low) <= 0 && Number(one.high) >= 0;
      const holds = {
        ...{ more: mean >= matters, less: mean <= -matters },
        alike: sets.every((set) => Math.max(Math.abs(Number(set.low)), Math.abs(Number(set.high))) < matters),
        zero: has0({ low, high }),
        small: !has0({ low, high }) && Math.max(Math.abs(Number(low)), Math.abs(Number(high))) < matters,
        beyond:
          !has0({ low, high }) &&
          Math.abs(mean) < matters &&
          Math.max(Math.abs(Number(low)), Math.abs(Number(high))) >= matters,
        apart: sets.some((set) => has0(set) || Math.abs(set.mean) < matters),
      }[reason as string];
      expect(holds, `${name} ${id}: ${reason}`).toBe(true);
      expect(["zero", "small", "beyond", "apart"].includes(reason)).toBe(finding === "open");
      expect(findingText(of)).toContain(finding === "open" ? "not established: " : finding);
    }
  }
  expect([...told].sort()).toEqual(["alike", "apart", "beyond", "less", "more", "small", "zero"]);
});

test("every unit of a result has its words", async () => {
  const results = await Promise.all(
    MEASURED.map(async (name): Promise<Result> => JSON.parse(await readFile(`${FOLDER}results/${name}.json`, "utf8"))),
  );
  const used = results.flatMap(({ measures, comparisons, curves, counts, times }) => [
    ...[...measures, ...comparisons, ...curves, ...counts, ...(times?.measures ?? [])].map(({ unit }) => unit),
    ...curves.map(({ x }) => x.unit),
  ]);
  expect(Object.keys(units)).toEqual(expect.arrayContaining(used.filter((unit) => unit !== "")));
});
