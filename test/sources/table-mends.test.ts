// Tables that a person would have to think about: large numbers that are close, other dividers, and messages that name the
// option that mends them.
import { gzipSync } from "node:zlib";
import { openData } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import { ArgumentError, DataError } from "../../packages/tidu/src/index.js";
import "../../packages/tidu/src/index.js";
import { measure } from "../../packages/cli/src/sources/statistics.js";
import { streamTableFile } from "../../packages/cli/src/sources/tables/forms.js";
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
      /"acct": a network.* can tell only \d of its 60 different numbers apart; .*categorical or ignore/,
    );
    const digits = table("acct,y", (i) => `${10n ** 18n + BigInt(i)},${i % 2 ? "a" : "b"}`);
    expect(await told(digits)).toMatch(/"acct": a network .* of its 60 different numbers apart/);
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
    // Names of rows are all different; a field that a delimiter divided is not.
    const divided = table("a,color,y", (i) => `${i % 7},'red, ${i % 3}',${i % 2 ? "x" : "z"}`);
    expect(String(await failing(divided))).toMatch(/line 2: 4 fields between ",", the first line has 3; fix the line/);
    expect(await told(rows((i) => `car ${i}`))).toMatch(
      /one name fewer than the others have fields; the first field of each row/,
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
    expect(error.message).toMatch(/there is one column, "x", between ",", .*; set delimiter, or add columns/);
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
    expect(await told(csv)).toMatch(/left out: "x".*most are numbers, but 20 rows have "-".*name it in missing/);
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

describe("texts of any length", () => {
  const LONG = "z".repeat(100_000);

  it("are told by their beginnings", async () => {
    const messages = [
      await told(table(`${LONG},a,y`, (i) => `${i % 3 ? "p" : "q"},${i % 7},${i % 2 ? LONG : "x"}`)),
      await told(table("a,b,y", (i) => `${LONG},${i % 7},${i % 2 ? "x" : "z"}`)),
      await told(table("a,b,y", (i) => `${i < 12 ? LONG : i},${i % 7},${i % 2 ? "x" : "z"}`)),
      await told(table("a,b,y", (i) => `${i % 7},${i % 7},${i % 2 ? LONG : LONG.toUpperCase()}`)),
      ...(await Promise.all(
        [
          table("a,y", (i) => `${i === 3 ? LONG : i},${i % 2 ? "x" : "z"}`),
          table("a,y", (i) => `${i === 3 ? "1".repeat(100_000) : i},${i % 2 ? "x" : "z"}`),
          table("a,y", (i) => `${i === 3 ? LONG : "2024-05-1"}${i % 9},${i % 2 ? "x" : "z"}`),
          table("a,y", (i) => `${i % 7},${LONG}`),
          table(`${LONG},${LONG},y`, (i) => `${i},${i % 7},x`),
          table(LONG, (i) => String(i)),
        ].map(async (csv) => (await failing(csv)).message),
      )),
    ];
    for (const message of messages) expect(message.length).toBeLessThan(1500);
    expect(messages[0]).toContain(`column "${"z".repeat(60)}…"`);
  });

  it("and so are many columns", async () => {
    const wide = table(`${Array.from({ length: 500 }, (_, i) => `c${i}`).join()},y`, () => `${"1,".repeat(500)}x`, 2);
    expect(String(await failing(wide, { target: "other" }))).toMatch(/the columns are c0, c1, .*, c9, …$/);
  });
});

describe("names of columns with commas", () => {
  const csv = table('"a, b",c,y', (i) => `${i % 7},${i % 5},${i % 2 ? "x" : "z"}`);

  it("are given whole, or the message says how", async () => {
    expect(await told(csv, { ignore: ["a, b"] })).not.toMatch(/a, b/);
    expect(String(await failing(csv, { ignore: ["a, b,c"] }))).toMatch(/give a name with commas in it by itself/);
    expect(String(await failing(csv, { ignore: ["c,d"] }))).toMatch(/"c,d" has names that no column has/);
  });
});

describe("what stands around a table, or in its place", () => {
  it("a title above the names", async () => {
    for (const title of ["Sales of 2024", "# made by\n# a tool"]) {
      const message = String(await failing(`${title}\n${table("a,b,y", (i) => `${i},${i % 7},${i % 2}`)}`));
      expect(message).toMatch(/3 fields between ",", the first line has 1; remove the lines above the names/);
    }
  });

  it("text in a column that a person says is numeric", async () => {
    const message = String(
      await failing(
        table("a,y", (i) => `n${i % 3},${i % 2}`),
        { numeric: ["a"] },
      ),
    );
    expect(message).toMatch(/"n0" is not a number, and the column is in numeric; .* or leave the column out there$/);
  });

  it.each([
    ["book.xlsx", /a workbook of a spreadsheet; save its sheet as CSV/],
    ["table.csv.zip", /an archive; unpack it/],
    ["table.csv.bz2", /an archive; unpack it/],
    ["rows.json", /JSON; write an object for each row on a line of its own/],
    ["frame.feather", /in a format that is not read; save it as CSV or Parquet/],
  ])("%s is named as what it is", async (name, message) => {
    await expect(openData(`${await folderOf({ [name]: "x" })}/${name}`)).rejects.toThrow(message);
  });

  it("lists inside lists of any depth", async () => {
    const deep = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)},"y":${depth}}\n`;
    const folder = await folderOf({ "a.jsonl": deep(100_000), "b.jsonl": `${deep(50)}${deep(40)}`.repeat(30) });
    await expect(openData(`${folder}/a.jsonl`)).rejects.toThrow(/line 1: it has more than 100 lists or objects/);
    expect((await openData(`${folder}/b.jsonl`, { target: "a" })).classes).toHaveLength(2);
  });
});

describe("lines that end in more delimiters, and names that are there twice", () => {
  const row = (i: number) => `${(i * 7) % 11};${i % 2 ? "ok" : "aus"}`;
  it.each([
    ["in the names and the rows", "Umsatz;Klasse;;", ";;"],
    ["in the rows", "Umsatz;Klasse", ";"],
  ])("%s", async (_, names, end) => {
    const source = await open(table(names, (i) => row(i) + end));
    expect(source.preprocess).toMatchObject({ target: ["Klasse"], columns: [{ name: "Umsatz" }] });
    expect(source.description.join("\n")).toMatch(/line 1: left out: columns? 3(, 4)?, without name and values/);
    const stopped = table("Umsatz;Klasse;;", (i) => `${row(i)};;`, 3);
    const again = await open(stopped, { preprocess: source.preprocess });
    expect(again.train.count).toBe(3);
  });

  it("names of rows, of which the first has no last value, are not taken for an end", async () => {
    const named = table("x,y,size", (i) => `r${i},${(i * 7) % 11},n${i % 2},${i === 0 ? "" : i}`);
    const { preprocess } = await open(named, { target: ["y"] });
    expect(preprocess).toMatchObject({ columns: [{ name: "x" }, { name: "size" }] });
    const late = table("x,y", (i) => `${(i * 7) % 11},n${i % 2},${i === 40 ? "7" : ""},`);
    expect((await failing(late)).message).toMatch(
      /line 42: there is a value in a column that has no name; write the names of all columns in the first line/,
    );
    const path = `${await folderOf({ "a.csv": `${named.replace(/,\d+$/gm, ",")}\nr,1,n0,3` })}/a.csv`;
    const streamed = async () => {
      for await (const _ of streamTableFile(path, {}, 25));
    };
    await expect(streamed()).rejects.toThrow(/line 62: there is a value in a column that has no name/);
  });

  it("nameless columns with values are errors that name them", async () => {
    expect((await failing(table("a,,,y", (i) => `${i},${i},${i + 1},x${i % 2}`))).message).toMatch(
      /line 1: columns 2, 3 hold values and have no name; write their names in this line, or remove the columns, .*--no-header/,
    );
  });

  it("a second column of a name is left out where it is empty or the same", async () => {
    const lines = async (second: (i: number) => string) =>
      told(table("epochs,lr,epochs,y", (i) => `${i % 5},${(i * 3) % 7},${second(i)},x${i % 2}`));
    expect(await lines((i) => String(i % 5))).toMatch(/column 3, a second "epochs", which holds the same/);
    expect(await lines(() => "")).toMatch(/column 3, a second "epochs", which has no values/);
    const error = await failing(table("epochs,lr,epochs,y", (i) => `${i % 5},${i % 7},${i % 3},x${i % 2}`));
    expect(error.message).toMatch(/the name "epochs" is there twice, in columns 1, 3, with different values; rename/);
  });
});

describe("codes with leading zeros", () => {
  const codes = ["01067", "04109", "80331", "20095"];
  const csv = (values: readonly string[]) =>
    table("plz,x,y", (i) => `${values[i % values.length]},${(i * i) % 17},n${i % 2}`);

  it("of one width are names", async () => {
    expect(await told(csv(codes))).toMatch(
      /column "plz": 4 categories[\s\S]*such as "01067", are read as names; .*name the column in numeric/,
    );
    expect(await told(csv(codes), { numeric: ["plz"] })).toMatch(/column "plz": numbers/);
  });

  it("of several widths are numbers, and it is said", async () => {
    expect(await told(csv(["007", "12", "1234"]))).toMatch(
      /column "plz": numbers[\s\S]*some numbers have leading zeros, such as "007"; .*name the column in categorical/,
    );
    for (const plain of [
      ["0", "10", "20"],
      ["0.5", "0.25"],
      ["10000", "20000"],
    ]) {
      expect(await told(csv(plain))).not.toMatch(/leading zeros/);
    }
  });

  it("that tell rows apart are left out, with advice", async () => {
    const apart = table("id,x,y", (i) => `${String(i * 7).padStart(6, "0")},${(i * i) % 17},n${i % 2}`);
    expect(await told(apart)).toMatch(
      /left out: "id", which has 60 different names \(digits with leading zeros; .*name it in numeric/,
    );
  });

  it("are texts in JSON lines too", async () => {
    const json = Array.from({ length: 40 }, (_, i) =>
      JSON.stringify({ plz: codes[i % 4], x: (i * i) % 17, y: `n${i % 2}` }),
    ).join("\n");
    const { description } = await openData(`${await folderOf({ "a.jsonl": json })}/a.jsonl`);
    expect(description.join("\n")).toMatch(/column "plz": 4 categories/);
  });
});

describe("damaged and packed tables", () => {
  it("a quote that is not closed is told where it was opened", async () => {
    const open = table("x,y", (i) => `${i === 50 ? '"a' : i},b${i % 2}`, 200);
    expect((await failing(open)).message).toMatch(/line 52: a quote is opened here and not closed; close it/);
  });

  it("what gzip has packed is unpacked whatever its name", async () => {
    const bytes = gzipSync(table("x,y", (i) => `${(i * 7) % 11},n${i % 2}`));
    const path = `${await folderOf({ "a.csv": bytes })}/a.csv`;
    expect((await openData(path)).train.count).toBe(60);
    let rows = 0;
    for await (const part of streamTableFile(path, {}, 25)) rows += part.lines.length;
    expect(rows).toBe(60);
  });
});
