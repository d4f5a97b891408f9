import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learningCurve } from "../../src/cli/ui/curve.js";

const loss = Array.from({ length: 2814 }, (_, i) => 2.3 * Math.exp(-i / 300));
const both = [
  { label: "train loss", values: loss },
  { label: "test loss", values: [0.2, 0.1, 0.08] },
];

describe("learningCurve", () => {
  it("draws one chart with a legend, labelled axes and round ticks where there is colour", () => {
    const text = learningCurve(both, { xLabel: "epoch", yLabel: "loss", xMax: 3, color: true });
    const plain = stripVTControlCharacters(text);
    expect(text).not.toBe(plain);
    expect(plain.match(/▲/g)).toHaveLength(1);
    expect(plain.split("\n")[0].trim()).toBe("loss");
    for (const part of ["2.5┤", "0.5┤", "  0┤", "epoch", "█ train loss", "█ test loss"]) expect(plain).toContain(part);
  });

  it("draws a chart for each series where there is no colour", () => {
    const text = learningCurve(both, { xMax: 3 });
    expect(text).toBe(stripVTControlCharacters(text));
    expect(text.match(/▲/g)).toHaveLength(2);
  });

  it("falls from left to right with a falling loss", () => {
    const rows = learningCurve([both[0]], { xMax: 3 }).split("\n");
    const lines = rows
      .filter((row) => row.includes("┤") || row.includes("│"))
      .map((row) => row.replace(/^.*?[┤│]/, ""));
    const reach = lines.map((row) => row.length).filter((length) => length > 0);
    expect(reach).toEqual([...reach].sort((a, b) => a - b));
  });

  it("leaves out what is not finite", () => {
    expect(learningCurve([])).toBe("");
    expect(learningCurve([{ label: "lost", values: [Number.NaN, Number.POSITIVE_INFINITY] }], { color: true })).toBe(
      "",
    );
    expect(learningCurve([{ label: "part", values: [1, Number.NaN, 0.5] }])).not.toContain("NaN");
  });

  it("draws any series within its width, in finite time", () => {
    const value = fc.oneof(fc.float(), fc.double({ min: 0, max: 3 }), fc.constant(0.1));
    const series = fc.record({ label: fc.constant("s"), values: fc.array(value, { maxLength: 200 }) });
    fc.assert(
      fc.property(fc.array(series, { maxLength: 3 }), fc.boolean(), (list, color) => {
        const text = stripVTControlCharacters(learningCurve(list, { width: 40, color }));
        expect(text).not.toMatch(/NaN|undefined/);
        for (const row of text.split("\n")) expect(row.length).toBeLessThan(40 + 16);
      }),
      { numRuns: 100 },
    );
  });
});
