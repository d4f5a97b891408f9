import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openData } from "@tidu/cli/sources";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { targetColumn } from "../../packages/cli/src/sources/tables/target-rule.js";
import { inputsOf, readTable, tableData } from "../../studio/src/engine/table.js";
import type { Troubled } from "../../studio/src/engine/trouble.js";

const quoted = (field: string): string => (/[",;|\t\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

describe("a table of your own", () => {
  test("is read as a well-known reader of CSV reads it", () => {
    const field = fc.constantFrom(
      "1",
      "-2.5e3",
      "a",
      "a b",
      'say "hi"',
      "x,y",
      "p;q",
      "k|l",
      "two\nlines",
      "ü",
      " spaced ",
    );
    fc.assert(
      fc.property(
        fc.constantFrom(",", ";", "\t", "|"),
        fc.constantFrom("\n", "\r\n", "\r"),
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

  test("is divided as its first line says, and says where there is nothing to learn", () => {
    expect(readTable("sep=;\r\na;b,c\r\n1;x\r\n2;y\r\n3;x\r\n4;y\r\n", "s.csv").names).toEqual(["a", "b,c"]);
    const troubleOf = (text: string) => {
      try {
        return tableData(readTable(text, "t.csv"), 1);
      } catch (error) {
        return (error as Troubled).trouble;
      }
    };
    expect(troubleOf("a,b\n1,x\n2,y\n3,\n4,x\n")).toMatchObject({ code: "tableNoTarget", rows: 3, column: "b" });
    expect(troubleOf("a,b\n1,5.5\n2,5.5\n3,5.5\n4,5.5\n")).toMatchObject({ code: "tableTarget", classes: 1 });
  });

  test("gives numbers where the column has many different ones", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${2 * i}`);
    const { targets, classes } = tableData(readTable(["x,y", ...rows].join("\n"), "n.csv"), 1);
    expect(classes).toBeUndefined();
    expect([targets[0], targets[29]]).toEqual([-1, 1]);
  });

  test("says which columns are left out, and what -1 and 1 stand for", () => {
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
    const rows = Array.from({ length: 30 }, (_, i) => [...names.map((_, k) => i + k), "red", 1000 + 10 * i].join());
    const table = readTable([[...names, "colour", "price"].join(), ...rows].join("\n"), "t.csv");
    const { columns, leftOut, ranges, target } = tableData(table, 21);
    expect(columns).toEqual(names.slice(0, 16));
    expect(leftOut).toEqual({ texts: ["colour"], more: names.slice(16), rows: 0 });
    expect([ranges?.[1], target]).toEqual([
      { low: 1, high: 30 },
      { name: "price", low: 1000, high: 1290 },
    ]);
  });

  test("has its numbers as the command line reads them: decimal commas, thousands, units", () => {
    const read = (text: string) => readTable(text, "t.csv").numbers.slice(0, 2);
    const first = [1.5, -2.25, 3, 1000.5];
    expect(read("a;b;k\n1,5;1;x\n-2,25;2;y\n3;3;x\n1000,5;4;y\n")).toEqual([first, [1, 2, 3, 4]]);
    expect(read("a;b;k\n1.5;1;x\n-2.25;2;y\n3;3;x\n1000.5;4;y\n")[0]).toEqual(first);
    expect(read('a,b,k\n"1,5",1 kg,x\n"-2,25",2 kg,y\n3,3 kg,x\n"1.000,5",4 kg,y\n')).toEqual([first, [1, 2, 3, 4]]);
    expect(read("a,b,k\n1.5,1,x\nn/a,2,y\n3,3,x\n4,?,y\n")).toEqual([
      [1.5, Number.NaN, 3, 4],
      [1, 2, 3, Number.NaN],
    ]);
    expect(read("a,b,k\n1.5,1,x\nold,2,y\n3,3,x\n4,4,y\n")).toEqual([undefined, [1, 2, 3, 4]]);
  });

  test("fills empty fields with the mean and leaves out rows without a target, as tidu train does", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [i % 5 === 0 ? "" : 10 * i, i % 7 === 0 ? "NA" : i, `k${i % 2}`]);
    for (const i of [3, 11]) rows[i][2] = "";
    const text = ["a,b,kind", ...rows.map((row) => row.join())].join("\n");
    const own = tableData(readTable(text, "t.csv"), 2);
    const kept = rows.filter(([, , kind]) => kind !== "");
    const known = kept.flatMap(([a]) => (a === "" ? [] : [Number(a)]));
    const mean = known.reduce((sum, a) => sum + a, 0) / known.length;
    expect([own.targets.length, own.leftOut?.rows, own.filled]).toEqual([38, 2, { fields: 14, columns: ["a", "b"] }]);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    expect(own.inputs[0]).toBeCloseTo((2 * (mean - low)) / (high - low) - 1, 6);
    expect(own.ranges?.[0]).toEqual({ low, high });
    const folder = await mkdtemp(join(tmpdir(), "tidu-missing-"));
    await writeFile(join(folder, "t.csv"), text);
    const source = await openData(join(folder, "t.csv"));
    const said = source.description.join("\n");
    expect(said).toMatch(/left out: 2 rows of .*t\.csv without kind/);
    expect(said).toMatch(/column "a": 8 missing numbers .* became the mean/);
    expect(said).toMatch(/column "b": 6 missing numbers/);
    expect(said).toContain(`column "a": numbers, standardized by mean ${Number(mean.toPrecision(4))} `);
    await rm(folder, { recursive: true });
  });

  test("takes a word that many rows have for a class, whatever it says", () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 4 === 0 ? "none" : i === 1 ? "NA" : "some"}`);
    const { classes, targets, leftOut } = tableData(readTable(["x,kind", ...rows].join("\n"), "t.csv"), 1);
    expect([classes, targets.length, leftOut?.rows]).toEqual([["none", "some"], 39, 1]);
  });

  test("learns the column that tidu train would, as what tidu train would take it for", async () => {
    const numbers = (from: number) => Array.from({ length: 24 }, (_, i) => from + i);
    const tables: [names: string, column: (i: number) => unknown, target: string, task: string][] = [
      ["x,y,label", (i) => `k${i % 3}`, "label", "classification"],
      ["Label,x,z", (i) => i, "Label", "classification"],
      ["class,x,target", (i) => (i % 2) + 0.5, "target", "regression"],
      ["y,x,z", () => 1, "y", "regression"],
      ["a,b,c", (i) => i % 4, "c", "classification"],
    ];
    for (const [head, last, target, task] of tables) {
      const first = task === "classification" && target === "Label" ? (i: number) => i % 2 : (i: number) => i / 7;
      const text = [head, ...numbers(0).map((i) => `${first(i)},${i * 0.31},${last(i)}`)].join("\n");
      const table = readTable(text, "t.csv");
      const own = targetColumn(table.names);
      expect(table.names[own], head).toBe(target);
      expect(tableData(table, own).classes === undefined ? "regression" : "classification", head).toBe(task);
      const folder = await mkdtemp(join(tmpdir(), "tidu-target-"));
      await writeFile(join(folder, "t.csv"), text);
      const source = await openData(join(folder, "t.csv"));
      expect(source.task, head).toBe(task);
      expect(JSON.stringify(source.preprocess), head).toContain(`"target":["${target}"]`);
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    ["", "tableEmpty"],
    ["\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "tableText"],
    ["a,b\n1,x\n2,caf\uFFFD\n3,x\n4,y\n5,x\n", "tableText"],
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
