import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learningCurve } from "../../packages/cli/src/cli/ui/curve.js";

const falling = Array.from({ length: 2814 }, (_, i) => 2.3 * Math.exp(-i / 700));
const train = { label: "train loss", values: falling };
const test = { label: "test loss", values: [0.4, 0.1, 0.06] };
const none = { label: "none", values: [] };

/** The rows of the drawing, with what stands left of the axis cut off. */
const drawing = (text: string): string[] =>
  text
    .split("\n")
    .filter((row) => /[┤│]/.test(row))
    .map((row) => row.replace(/^.*?[┤│]/, ""));

describe("learningCurve", () => {
  it.each([true, false])("draws line, points, legend, labeled axes and round ticks (color: %s)", (color) => {
    const text = learningCurve(train, test, { xLabel: "epoch", yLabel: "loss", xMax: 3, color });
    const plain = stripVTControlCharacters(text);
    expect(text !== plain).toBe(color);
    expect(plain.split("\n")[0].trim()).toBe("loss");
    for (const part of ["2┤", "0.5┤", "0.05┤", "epoch", "█ train loss", "● test loss"]) expect(plain).toContain(part);
  });

  it("puts the points at the ends of the epochs, the smaller the lower", () => {
    const rows = drawing(learningCurve(train, test, { xMax: 3 }));
    const found = rows.flatMap((row, y) => [...row.matchAll(/●/g)].map((match) => ({ x: match.index, y })));
    expect(found).toHaveLength(3);
    const byColumn = found.sort((a, b) => a.x - b.x);
    expect(byColumn.map(({ y }) => y)).toEqual(byColumn.map(({ y }) => y).sort((a, b) => a - b));
    for (const [i, { x }] of byColumn.entries()) expect(Math.abs(x - ((i + 1) * 64) / 3)).toBeLessThan(3);
  });

  it("falls from left to right with a falling loss", () => {
    const reach = drawing(learningCurve(train, none, { xMax: 3 }))
      .map((row) => row.length)
      .filter((length) => length > 0);
    expect(reach.length).toBeGreaterThan(5);
    expect(reach).toEqual([...reach].sort((a, b) => a - b));
  });

  it("draws what never changes", () => {
    expect(learningCurve({ label: "flat", values: [0.3, 0.3, 0.3] }, none)).toContain("0.2┤");
    expect(learningCurve({ label: "one", values: [1] }, none)).toContain("1┤");
  });

  it("leaves out what has no place on a logarithmic axis", () => {
    expect(learningCurve(none, test)).toBe("");
    const lost = { label: "lost", values: [Number.NaN, Number.POSITIVE_INFINITY, 0, -1] };
    expect(learningCurve(lost, lost)).toBe("");
    expect(learningCurve({ label: "part", values: [1, Number.NaN, 0.5] }, lost)).not.toContain("NaN");
  });

  it("draws any series within its width, in finite time", () => {
    const value = fc.oneof(fc.float(), fc.double({ min: 0, max: 3 }), fc.constant(0.1));
    const series = fc.record({ label: fc.constant("s"), values: fc.array(value, { maxLength: 200 }) });
    fc.assert(
      fc.property(series, series, fc.boolean(), (line, points, color) => {
        const text = stripVTControlCharacters(learningCurve(line, points, { width: 40, color }));
        expect(text).not.toMatch(/NaN|undefined|Infinity/);
        for (const row of text.split("\n")) expect(row.length).toBeLessThan(40 + 16);
      }),
      { numRuns: 100 },
    );
  });
});
