import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confusionMatrix } from "../../packages/cli/src/cli/ui/confusion.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";

describe("confusionMatrix", () => {
  it("aligns, marks the diagonal and shows each class's recall", () => {
    const counts = [
      [90, 0, 10],
      [0, 7, 0],
      [0, 0, 0],
    ];
    expect(confusionMatrix(counts, ["cat", "dog", "platypus"]).split("\n")).toEqual([
      "truth ↓ predicted →      cat      dog platypus   recall",
      "                cat      [90]       ·       10   90.00%",
      "                dog        ·       [7]       ·  100.00%",
      "           platypus        ·        ·       [·]       –",
    ]);
  });

  it("cuts long names above the columns where there are many", () => {
    const names = Array.from({ length: 10 }, (_, i) => `animal ${i}`);
    const counts = names.map((_, i) => names.map((_, j) => (i === j ? 1 : 0)));
    const [heading, first] = confusionMatrix(counts, names).split("\n");
    expect(heading).toContain("anima… anima…");
    expect(first).toContain("animal 0");
  });

  it("is the same table with color, where color marks the diagonal", () => {
    const counts = [
      [5, 1],
      [0, 6],
    ];
    const colored = confusionMatrix(counts, ["0", "1"], { color: true });
    expect(colored).toContain("\x1b[");
    expect(stripVTControlCharacters(colored)).toBe(confusionMatrix(counts, ["0", "1"]).replace(/\[(\d)\]/g, " $1 "));
  });

  it("refuses counts that do not match the labels", () => {
    expect(() => confusionMatrix([[1, 2]], ["0", "1"])).toThrow(ArgumentError);
    expect(() => confusionMatrix([[1], [2]], ["0", "1"])).toThrow("2 labels need 2 rows of 2; given 2 rows of 1, 1");
  });

  it("keeps every row equally wide", () => {
    const matrix = fc
      .integer({ min: 1, max: 12 })
      .chain((n) =>
        fc.tuple(
          fc.array(fc.array(fc.nat(), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
          fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: n, maxLength: n }),
        ),
      );
    fc.assert(
      fc.property(matrix, fc.boolean(), ([counts, labels], color) => {
        const rows = stripVTControlCharacters(confusionMatrix(counts, labels, { color })).split("\n");
        expect(new Set(rows.map((row) => row.length)).size).toBe(1);
      }),
    );
  });
});
