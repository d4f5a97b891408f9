import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputsOf, readTable, tableData } from "../../studio/src/engine/table.js";
import type { Troubled } from "../../studio/src/engine/trouble.js";

const quoted = (field: string): string => (/[",;\t\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

describe("a table of your own", () => {
  test("is read as a well-known reader of CSV reads it", () => {
    const field = fc.constantFrom("1", "-2.5e3", "a", "a b", 'say "hi"', "x,y", "p;q", "two\nlines", "ü", " spaced ");
    fc.assert(
      fc.property(
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n"),
        fc
          .integer({ min: 2, max: 4 })
          .chain((n) => fc.array(fc.array(field, { minLength: n, maxLength: n }), { minLength: 4 })),
        (separator, end, rows) => {
          const names = rows[0].map((_, i) => `column${i}`);
          const text = [names, ...rows].map((row) => row.map(quoted).join(separator)).join(end);
          const wanted = parse(text, { delimiter: separator, bom: true }) as string[][];
          expect([names, ...readTable(text, "t.csv").rows]).toEqual(wanted);
        },
      ),
    );
  });

  const flowers = "length,width,colour,kind\n1,5,red,a\n2,6,red,b\n3,7,blue,a\n5,8,blue,b\n";

  test("gives the columns of numbers as inputs from -1 to 1, and the words of one as classes", () => {
    const table = readTable(flowers, "f.csv");
    expect(inputsOf(table, 3)).toEqual([0, 1]);
    const { columns, classes, targets, inputs, shape } = tableData(table, 3);
    expect([columns, classes, [...targets], shape]).toEqual([["length", "width"], ["a", "b"], [0, 1, 0, 1], [2]]);
    expect([...inputs].map((v) => Math.round(100 * v) / 100)).toEqual([-1, -1, -0.5, -0.33, 0, 0.33, 1, 1]);
    expect(tableData(table, 2).classes).toEqual(["blue", "red"]);
  });

  test("gives numbers where the column has many different ones", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${2 * i}`);
    const { targets, classes } = tableData(readTable(["x,y", ...rows].join("\n"), "n.csv"), 1);
    expect(classes).toBeUndefined();
    expect([targets[0], targets[29]]).toEqual([-1, 1]);
  });

  test.each([
    ["", "tableEmpty"],
    ["a,b\n1,2\n", "tableEmpty"],
    ["only\n1\n2\n3\n4\n5", "tableEmpty"],
    ['a,b\n1,x\n2,"y\n3,x\n4,y\n5,x\n', "tableQuote"],
    ['a,b\n1,x\n2,"y" z\n3,x\n4,y\n5,"x"\n', "tableQuote"],
    ["a,b\n1,x\n2,y,z\n3,x\n4,y\n5,x\n", "tableRow"],
    ["a,b\n1,x\n2\n3,x\n4,y\n5,x\n", "tableRow"],
    ["a,b\nx,y\nx,y\nx,z\nx,z\n", "tableNumbers"],
    [`a,b\n${Array.from({ length: 12 }, (_, i) => `1,w${i}`).join("\n")}`, "tableTarget"],
    ["a,b\n1,x\n2,x\n3,x\n4,x\n", "tableTarget"],
  ])("says what is wrong with %j", (text, code) => {
    const read = () => tableData(readTable(text, "t.csv"), 1);
    expect(read).toThrow(expect.objectContaining({ trouble: expect.objectContaining({ code, file: "t.csv" }) }));
  });
});

test("what is wrong with a table names its row; the first has the names", () => {
  const troubleOf = (text: string): unknown => {
    try {
      return readTable(text, "t.csv");
    } catch (error) {
      return (error as Troubled).trouble;
    }
  };
  expect(troubleOf('a,b\n1,x\n2,"y\n3,x\n4,y\n')).toEqual({ code: "tableQuote", file: "t.csv", row: 3 });
  expect(troubleOf("a,b\n1,x\n2,y,z\n3,x\n4,y\n")).toEqual({
    ...{ code: "tableRow", file: "t.csv", row: 3 },
    ...{ fields: 3, names: 2 },
  });
});
