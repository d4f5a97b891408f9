// Tables that a person would have to think about: large numbers that are close, other dividers, and messages that name the
// option that mends them.
import { openData } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import { ArgumentError, DataError } from "../../packages/tidu/src/index.js";
import "../../packages/tidu/src/index.js";
import { measure } from "../../packages/cli/src/sources/statistics.js";
import { learnFormat, type NumberFormat, PLAIN, readNumber } from "../../packages/cli/src/sources/tables/numbers.js";
import { folderOf } from "./folders.js";

const open = async (csv: string, options: Parameters<typeof openData>[1] = {}) =>
  openData(`${await folderOf({ "a.csv": csv })}/a.csv`, options);
const told = async (csv: string, options?: Parameters<typeof openData>[1]) =>
  (await open(csv, options)).description.join("\n");
const failing = async (csv: string, options?: Parameters<typeof openData>[1]): Promise<Error> =>
  open(csv, options).then(
    () => expect.unreachable(),
    (error: Error) => error,
  );
const table = (names: string, row: (i: number) => string, count = 60): string =>
  [names, ...Array.from({ length: count }, (_, i) => row(i))].join("\n");

describe("numbers that are large and close", () => {
  it.each([1e6, 1.7e12, 1e15, 1e16, 2 ** 60])("have their deviation, at %s", (base) => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => base + 1024 * (i % 5));
    const { mean, deviation } = measure(values, 1, 1);
    expect(deviation[0]).toBeCloseTo(1024 * Math.SQRT2, 6);
    expect(Math.abs(mean[0] - (base + 2048))).toBeLessThanOrEqual(base * 2 ** -52);
  });

  it("each channel has its own", () => {
    const { mean, deviation } = measure([1e16, 1e16 + 4, 5, 7, 1e16 + 4, 1e16, 7, 5], 2, 2);
    expect([mean, deviation]).toEqual([
      [1e16 + 2, 6],
      [2, 1],
    ]);
  });

  it("equal numbers have 1, whatever rounding would make of them", () => {
    for (const value of [0, 0.1, 1e16 + 2, -1e-30]) {
      expect(measure(new Array(1000).fill(value), 1, 1)).toEqual({ mean: [value], deviation: [1] });
    }
  });

  it("in a table are standardized", async () => {
    const { train } = await open(table("acct,y", (i) => `${1e16 + 100 * (i % 7)},${i % 2 ? "a" : "b"}`));
    expect(Math.max(...(await train.inputs.data()).map(Math.abs))).toBeLessThan(2);
  });

  it("that float32 cannot tell apart are said", async () => {
    const far = table("acct,y", (i) => `${i === 0 ? 1e14 : i},${i % 2 ? "a" : "b"}`);
    expect(await told(far)).toMatch(
      /"acct": of 60 different numbers a network.* can tell \d apart.*categorical or ignore/,
    );
    const digits = table("acct,y", (i) => `${10n ** 18n + BigInt(i)},${i % 2 ? "a" : "b"}`);
    expect(await told(digits)).toMatch(/"acct": of 60 different numbers/);
    expect(await told(table("acct,y", (i) => `${1e9 + i},${i % 2 ? "a" : "b"}`))).not.toMatch(/apart/);
  });
});

describe("numbers of accounts and prices", () => {
  it.each([
    [
      ["12.50-", "3", "1.5-"],
      [-12.5, 3, -1.5],
    ],
    [
      ["1.234,50-", "2,5", "7,–"],
      [-1234.5, 2.5, 7],
    ],
    [
      ["5,50- EUR", "6,– EUR", "-7,25 EUR"],
      [-5.5, 6, -7.25],
    ],
    [
      ["CHF 5.--", "CHF 6.—", "CHF 7.05"],
      [5, 6, 7.05],
    ],
    [
      ["($5)", "-$6", "$7-"],
      [-5, -6, -7],
    ],
  ])("%j are %j", (texts, values) => {
    const format = learnFormat(texts, {}) as NumberFormat;
    expect(texts.map((text) => readNumber(text, format))).toEqual(values);
  });

  it("a dash before a word is no sign", () => {
    expect(readNumber("5 -year", { ...PLAIN, suffix: "-year" })).toBe(5);
  });
});

describe("names of rows, as R writes them", () => {
  it("stand in a column without a name", async () => {
    const rows = (first: (i: number) => string) => table("a,y", (i) => `${first(i)},${i % 7},${i % 2 ? "x" : "z"}`);
    expect(await told(rows((i) => String(i + 1)))).toMatch(/left out: "", which numbers the rows/);
    expect(await told(rows((i) => `car ${i}`))).toMatch(
      /column "a": numbers[\s\S]*left out: "", which has 60 different/,
    );
    expect(String(await failing(`${rows(String)}\n1,2`))).toMatch(
      /line 62: 2 fields between ",", the second line has 3/,
    );
    // One row with a field more is a mistake, wherever it is.
    expect(String(await failing(`a,y\n1,2,x\n${"3,z\n".repeat(9)}`))).toMatch(
      /line 3: 2 fields .* the second line has 3/,
    );
    expect(String(await failing(`a,y\n3,z\n1,2,x\n`))).toMatch(/line 3: 3 fields between ",", the first line has 2/);
  });
});

describe("dividers", () => {
  it.each([
    ["single blanks", (i: number) => `${i * i} ${i % 3} ${i % 2 ? "a" : "b"}`],
    ["runs of blanks", (i: number) => `  ${i * i}   ${i % 3}     ${i % 2 ? "a" : "b"}  `],
  ])("are found: %s", async (_, row) => {
    const { preprocess } = await open(table("x z y", row));
    expect(preprocess).toMatchObject({ target: ["y"], columns: [{ name: "x" }, { name: "z" }] });
  });

  it("blanks within fields are none, where others divide", async () => {
    const { preprocess } = await open(table("x,y", (i) => `${i * i},New York ${i % 2}`));
    expect(preprocess).toMatchObject({ target: ["y"], columns: [{ name: "x" }] });
  });

  it.each([";", ",", "|", "\t"])("a first line of spreadsheets says sep=%s", async (mark) => {
    for (const end of ["\n", "\r\n"]) {
      const csv = `sep=${mark}${end}${table(["x", "y"].join(mark), (i) => [i * i, i % 2 ? "a" : "b"].join(mark)).replaceAll("\n", end)}`;
      const source = await open(csv);
      expect(source.train.count).toBe(60);
      expect(source.preprocess).toMatchObject({ target: ["y"], columns: [{ name: "x" }] });
    }
  });
});

describe("messages name what mends it", () => {
  it("one column", async () => {
    const error = await failing(
      table("x", (i) => `${i % 2}`),
      { validation: 0.1 },
    );
    expect(error.message).toMatch(/there is one column, "x", between ",": .*set the delimiter, or add columns/);
  });

  it("each row its own class", async () => {
    const error = await failing(
      table("x,y", (i) => `${i % 3},n${i}`, 120),
      { validation: 0.1 },
    );
    expect(error.message).toMatch(/validation: each of the 120 samples has a class of its own.*another target/);
  });

  it("too few rows", async () => {
    const error = await failing("x,y\n1,a\n2,b\n3,a\n", { validation: 0.1 });
    expect(error.message).toMatch(
      /validation: a share of 0.1 of 3 samples rounds to 0; add samples, give a larger share/,
    );
  });

  it("numbers beyond float32", async () => {
    const error = await failing(table("x,y", (i) => `${i}.5e${i % 2 ? 60 : 2},${i % 2}`));
    expect(error.message).toMatch(
      /line 3, column "x": 1\.5e60 is beyond what a network computes with, float32's 3\.4e38/,
    );
    expect((await failing(table("x,y", (i) => `${i}e${i === 7 ? 39 : 2},${i % 2}`))).message).toMatch(/7e39 is beyond/);
  });

  it("a word for missing values among numbers", async () => {
    const csv = table("x,z,y", (i) => `${i % 6 === 0 ? "-" : i * 1.5},${i},${i % 2 ? "a" : "b"}`, 120);
    expect(await told(csv)).toMatch(/left out: "x".*most are numbers, but 20 rows have "-".*--missing "-"/);
    expect(await told(csv, { missing: ["-"] })).toMatch(/column "x": numbers/);
  });

  it("a column that is not there is a wrong argument, and in data to predict wrong data", async () => {
    const csv = table("x,y", (i) => `${i},${i % 2 ? "a" : "b"}`);
    for (const options of [{ target: "q" }, { ignore: ["q"] }, { categorical: ["q"] }, { numeric: ["q"] }]) {
      const error = await failing(csv, options);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toMatch(/a\.csv: line 1: there is no column "q"; the columns are x, y/);
    }
    const { preprocess } = await open(csv);
    expect(
      await failing(
        table("x,z", (i) => `${i},a`),
        { preprocess },
      ),
    ).toBeInstanceOf(DataError);
  });
});
