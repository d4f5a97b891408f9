// Cross-validation: the parts that are set apart one after the other are all samples, once each.
import { describe, expect, it } from "vitest";
import { type OpenOptions, openData } from "../../packages/cli/src/sources/index.js";

const ROWS = Array.from(
  { length: 47 },
  (_, i) => `${i},${(i * 5) % 13},patient ${i % 9},${i % 4 === 0 ? "ill" : "well"}`,
);
const FILE = new File([`row,a,patient,state\n${ROWS.join("\n")}\n`], "rows.csv");

/** Lines of the file that each of the folds sets apart, and those it leaves. */
const foldsOf = (folds: number, options: OpenOptions = {}) =>
  Promise.all(
    Array.from({ length: folds }, async (_, i) => {
      const source = await openData(FILE, { target: "state", ignore: ["row"], folds, fold: i + 1, ...options });
      const lines = (part: "train" | "validation") =>
        Array.from({ length: source[part]?.count ?? 0 }, (_, sample) =>
          Number(source.origin(part, sample).split(":")[1]),
        );
      return { held: lines("validation"), rest: lines("train"), source };
    }),
  );

const ALL = ROWS.map((_, i) => i + 2);
const sorted = (lines: readonly number[]) => lines.toSorted((a, b) => a - b);

describe("folds", () => {
  it.each([2, 5, 47])("%i parts have each sample once, and equal sizes", async (folds) => {
    const parts = await foldsOf(folds);
    expect(sorted(parts.flatMap(({ held }) => held))).toEqual(ALL);
    for (const { held, rest } of parts) {
      expect(sorted([...held, ...rest])).toEqual(ALL);
      expect(Math.abs(held.length - ALL.length / folds)).toBeLessThan(1);
    }
  });

  it("have the share of each class, and are others for another seed", async () => {
    const [parts, others] = await Promise.all([foldsOf(4), foldsOf(4, { seed: 1 })]);
    for (const { held } of parts) expect(held.filter((line) => (line - 2) % 4 === 0)).toHaveLength(3);
    expect(parts.map(({ held }) => held)).not.toEqual(others.map(({ held }) => held));
    expect(parts[1].source.description).toContain("12 of 47 training samples set apart for validation: part 2 of 4");
  });

  it("keep groups whole", async () => {
    const parts = await foldsOf(3, { splitBy: "patient" });
    const patients = parts.map(({ held }) => new Set(held.map((line) => (line - 2) % 9)));
    expect(patients.map((set) => set.size)).toEqual([3, 3, 3]);
    expect(new Set(patients.flatMap((set) => [...set])).size).toBe(9);
    expect(sorted(parts.flatMap(({ held }) => held))).toEqual(ALL);
  });

  it("leave a sample of each class to learn from", async () => {
    const file = new File(
      [`a,y\n1,rare\n${Array.from({ length: 20 }, (_, i) => `${i},common ${i % 2}`).join("\n")}\n`],
      "r.csv",
    );
    for (const fold of [1, 2, 3]) {
      const { classes, train } = await openData(file, { folds: 3, fold });
      const labels = await train.targets.data();
      expect(new Set(labels).size).toBe(classes?.length);
    }
  });

  it.each<[OpenOptions, string]>([
    [{ folds: 1 }, "folds is 1"],
    [{ folds: 3, fold: 4 }, "fold is 4 of 3; it must be from 1 to folds"],
    [{ fold: 2 }, "fold is 2 of no folds"],
    [{ folds: 3, splitTime: "a" }, "folds and splitTime are both given"],
    [{ folds: 48 }, "folds: 47 samples cannot be divided into 48 parts; give fewer"],
    [
      { folds: 12, splitBy: "patient" },
      'column "patient": it has 9 values, so its rows cannot be divided into 12 parts; give fewer folds',
    ],
  ])("%o is an error", async (options, message) => {
    await expect(openData(FILE, options)).rejects.toThrow(message);
  });
});
