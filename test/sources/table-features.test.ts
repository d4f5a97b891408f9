// What columns of tables become beside numbers and categories: dates, many names, and marks of missing values.
import { openData, prepareSamples, type Source, type TablePreprocess } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { type DateFormat, readDate } from "../../packages/cli/src/sources/tables/dates.js";
import { encoderOf } from "../../packages/cli/src/sources/tables/features.js";
import { addHashed, placesFor } from "../../packages/cli/src/sources/tables/hashing.js";
import { recordEncoder } from "../../packages/cli/src/sources/tables/records.js";
import { folderOf } from "./folders.js";

type Options = Parameters<typeof openData>[1];

const open = async (csv: string, options: Options = {}): Promise<Source> =>
  openData(`${await folderOf({ "a.csv": csv })}/a.csv`, options);
const tableOf = ({ preprocess }: Source): TablePreprocess => JSON.parse(JSON.stringify(preprocess)) as TablePreprocess;
const told = ({ description }: Source): string => description.join("\n");
const rowsOf = async ({ train }: Source): Promise<number[][]> => (await train.inputs.array()) as number[][];
const near = (row: readonly number[]): unknown[] => row.map((x) => expect.closeTo(x, 5));
const failing = async (csv: string, options?: Options): Promise<string> =>
  open(csv, options).then(
    () => expect.unreachable(),
    (error: Error) => error.message,
  );

/** A column of such texts beside a target of two classes. */
const column = (texts: readonly string[], name = "when"): string =>
  `${name};y\n${texts.map((text, i) => `${text};${"ab"[i % 2]}\n`).join("")}`;

describe("dates", () => {
  const iso = (ms: number): string => new Date(ms).toISOString();
  it.each<[string, DateFormat, string]>([
    ["2024-05-31", "ymd", "2024-05-31T00:00:00.000Z"],
    ["2024/5/1 7:05", "ymd", "2024-05-01T07:05:00.000Z"],
    ["2024-05-31T12:30:15.250+02:00", "ymd", "2024-05-31T12:30:15.250Z"],
    ["1/8/1990 0:00", "mdy", "1990-01-08T00:00:00.000Z"],
    ["31.12.2024 23:59", "dmy", "2024-12-31T23:59:00.000Z"],
    ["31/12/68", "dmy", "2068-12-31T00:00:00.000Z"],
    ["Jun 12 1998", "mdy", "1998-06-12T00:00:00.000Z"],
    ["September 3rd, 2024 1:05 PM", "mdy", "2024-09-03T13:05:00.000Z"],
    ["12-May-98", "dmy", "1998-05-12T00:00:00.000Z"],
    ["Fri, 31 May 2024 12:00:00 GMT", "dmy", "2024-05-31T12:00:00.000Z"],
    ["27.03.24", "dmy", "2024-03-27T00:00:00.000Z"],
    ["27.03.24 10:15", "dmy", "2024-03-27T10:15:00.000Z"],
    ["3. Mai 2024", "dmy", "2024-05-03T00:00:00.000Z"],
    ["Mo., 4. März 2024", "dmy", "2024-03-04T00:00:00.000Z"],
    ["Donnerstag, 12. Dezember 2024", "dmy", "2024-12-12T00:00:00.000Z"],
    ["1er août 2024", "dmy", "2024-08-01T00:00:00.000Z"],
    ["lundi 8 juillet 2024", "dmy", "2024-07-08T00:00:00.000Z"],
    ["10 juin 2024", "dmy", "2024-06-10T00:00:00.000Z"],
    ["3 de enero de 2024", "dmy", "2024-01-03T00:00:00.000Z"],
    ["30 dic 2024", "dmy", "2024-12-30T00:00:00.000Z"],
    ["May 3, 2024", "mdy", "2024-05-03T00:00:00.000Z"],
    ["12:30 am", "time", "1970-01-01T00:30:00.000Z"],
    ["20240531", "compact", "2024-05-31T00:00:00.000Z"],
    ["45443", "days", "2024-05-31T00:00:00.000Z"],
    ["45443.75", "days", "2024-05-31T18:00:00.000Z"],
    ["1717171717", "seconds", "2024-05-31T16:08:37.000Z"],
    ["1717171717250", "milliseconds", "2024-05-31T16:08:37.250Z"],
    ["2024年5月31日", "ymd", "2024-05-31T00:00:00.000Z"],
    ["2024 年 5 月 1 日 17:30", "ymd", "2024-05-01T17:30:00.000Z"],
    ["2024年5月", "ymd", "2024-05-01T00:00:00.000Z"],
    ["1995-02", "ymd", "1995-02-01T00:00:00.000Z"],
    ["1995/12", "ymd", "1995-12-01T00:00:00.000Z"],
    ["0099-01-02", "ymd", "0099-01-02T00:00:00.000Z"],
  ])("%s is a moment (%s)", (text, format, wanted) => expect(iso(readDate(text, format))).toBe(wanted));

  it.each<[string, DateFormat]>([
    ["2023-02-29", "ymd"],
    ["2024-13-01", "ymd"],
    ["2024-05/31", "ymd"],
    ["2019-20", "ymd"],
    ["2024年13月", "ymd"],
    ["12-2024", "dmy"],
    ["1.12.24", "dmy"],
    ["1.2.3", "dmy"],
    ["24:00", "time"],
    ["13:00 pm", "time"],
    ["2024-05-31 12:60", "ymd"],
    ["May", "mdy"],
    [`2024-05-31${" ".repeat(20_000)}`, "ymd"],
  ])("what is none (%#)", (text, format) => expect(readDate(text, format)).toBeNaN());

  it("become the year, and sine and cosine of what comes again", async () => {
    const source = await open(column(["2023-01-01", "2024-07-01 06:00", "2024-04-16 18:00", ""]));
    const [when] = tableOf(source).columns;
    expect(when).toMatchObject({
      kind: "date",
      format: "ymd",
      parts: ["year", "month", "day", "weekday", "hour"],
      missing: true,
    });
    expect(told(source)).toMatch(
      /column "when": dates \(year first\), told by year, month, day, weekday, hour; with a feature that marks missing values/,
    );
    expect(told(source)).toMatch(/1 missing date in 4 rows became the mean, marked by an extra feature/);
    const rows = await rowsOf(source);
    const years = [2023, 2024 + 182.25 / 366, 2024 + 106.75 / 366];
    const mean = years.reduce((a, b) => a + b) / 3;
    const deviation = Math.sqrt(years.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 3);
    const circle = (turn: number) => [Math.sin(2 * Math.PI * turn), Math.cos(2 * Math.PI * turn)];
    const wanted = [
      [years[0], 0, 0, 0, 0],
      [years[1], 0.5, 0, 1 / 7, 0.25],
      [years[2], 0.25, 0.5, 2 / 7, 0.75],
    ].map(([year, ...turns]) => near([(year - mean) / deviation, ...turns.flatMap(circle), 0]));
    expect(rows).toEqual([...wanted, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]);
  });

  it("are told by what differs only", async () => {
    const parts = async (texts: readonly string[]) =>
      tableOf(await open(column(texts))).columns.map((c) => c.kind === "date" && c.parts.join());
    expect(await parts(["2024-01-01", "2024-02-01", "2024-03-01"])).toEqual(["year,month,weekday"]);
    expect(await parts(["8:30", "17:45", "9:00 pm"])).toEqual(["hour"]);
    expect(await failing(column(["2024-01-01", "2024/1/1", "2024-01-01"]))).toMatch(
      /left out: "when", which is always 2024-01-01/,
    );
  });

  it("have the order that all of them show, or that is said", async () => {
    const format = async (texts: readonly string[], options?: Options, more = "") => {
      const source = await open(column(texts) + more, options);
      return [(tableOf(source).columns[0] as { format?: string }).format, /do not show whether/.test(told(source))];
    };
    expect(await format(["1/2/2024", "3/4/2024", "25/12/2024"])).toEqual(["dmy", false]);
    expect(await format(["1/2/2024", "3/4/2024", "12/25/2024"])).toEqual(["mdy", false]);
    expect(await format(["1.2.2024", "3.4.2024", "5.6.2024"])).toEqual(["dmy", true]);
    // Semicolons between fields: where the comma is the decimal mark the day comes first.
    expect(await format(["1/2/2024", "3/4/2024", "5/6/2024"])).toEqual(["dmy", true]);
    expect(await format(["1/2/2024", "3/4/2024", "5/6/2024"], { dateOrder: "mdy" })).toEqual(["mdy", false]);
    const commas = column(["1/2/2024", "3/4/2024", "5/6/2024"]).replaceAll(";", ",");
    expect(tableOf(await open(commas)).columns[0]).toMatchObject({ format: "mdy" });
    expect(await format(["12 May 2024", "3 Jun 2023"])).toEqual(["dmy", false]);
  });

  it("are found only if a person does not say otherwise", async () => {
    const days = ["20240531", "20240601", "20240531", "20230101"];
    expect(tableOf(await open(column(days))).columns[0].kind).toBe("number");
    expect(tableOf(await open(column(days), { dates: ["when"] })).columns[0]).toMatchObject({ format: "compact" });
    expect(tableOf(await open(column(["2024-05-31", "2024-06-01"]), { categorical: ["when"] })).columns[0].kind).toBe(
      "category",
    );
    expect(await failing(column(["2024-05-31", "2024-06-01"]), { ignore: ["when"] })).toMatch(/no column is useful/);
    expect(await failing(column(["May", "June"]), { dates: ["when"] })).toMatch(
      /line 2, column "when": "May" is not a date \(year first\), and "when" is in dates/,
    );
  });

  it("with a rare text among them are an error with its line", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `2024-01-${String(i + 1).padStart(2, "0")}`);
    expect(await failing(column([...texts, "2023-02-29"]))).toMatch(
      /line 22, column "when": "2023-02-29" is not a date \(year first\), and nearly all others are; correct it/,
    );
  });

  it("in files to predict are read as in training", async () => {
    const source = await open(column(["31.12.2023", "1.2.2024", "5.6.2024"]));
    const folder = await folderOf({ "b.csv": "when\n3.4.2024\n", "c.csv": "when\n2024-04-03\n" });
    const { input } = await prepareSamples(tableOf(source), [`${folder}/b.csv`]);
    const encode = recordEncoder(tableOf(source));
    const [row] = (await input.array()) as number[][];
    for (const when of ["3.4.2024", new Date(Date.UTC(2024, 3, 3))]) {
      expect([...encode([{ when }]).inputs]).toEqual(near(row));
    }
    await expect(prepareSamples(tableOf(source), [`${folder}/c.csv`])).rejects.toThrow(
      /line 2, column "when": "2024-04-03" is not a date \(day first\); correct it or leave it empty/,
    );
    expect(() => encode([{ when: "2024-04-03" }])).toThrow(/is not a date \(day first\); give null/);
    expect([...encode([{ when: null }]).inputs]).toEqual(row.map(() => 0));
  });

  it("head a file whose first line is a row", async () => {
    const { preprocess } = await open("2024-01-05,1\n2024-01-09,0\n2024-02-01,1\n");
    expect(preprocess).toMatchObject({ columns: [{ name: "column 1", kind: "date" }], target: ["column 2"] });
  });

  it("divide rows by time, whatever their order", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i + 1}.${1 + (i % 3)}.2024;${i};${"ab"[i % 2]}`);
    const source = await open(`when;n;y\n${rows.join("\n")}\n`, { validation: 0.25, splitTime: "when" });
    expect(told(source)).toMatch(/5 of 20 training samples set apart.*: those with "when" from 6\.3\.2024 on/);
  });
});

describe("columns of many names", () => {
  const zip = (i: number): string => `z${(i * 37) % 150}`;
  const many = (count: number, name = zip): string =>
    `zip,n,y\n${Array.from({ length: count }, (_, i) => `${i % 50 === 7 ? "" : name(i)},${i % 9},${"ab"[i % 2]}\n`).join("")}`;

  it("that come again are hashed", async () => {
    const source = await open(many(600));
    expect(tableOf(source).columns[0]).toEqual({ kind: "hash", name: "zip", places: 64, missing: true });
    expect(told(source)).toMatch(
      /column "zip": more names than have a feature each, hashed to 64 features; with a feature that marks missing/,
    );
    const rows = await rowsOf(source);
    expect(rows[7].slice(0, 65)).toEqual([...new Array(64).fill(0), 1]);
    expect(rows[0].slice(0, 64)).toEqual(rows[150].slice(0, 64));
    const encode = recordEncoder(tableOf(source));
    const { inputs, unknown } = encode([
      { zip: zip(3), n: 3 },
      { zip: "never seen", n: 3 },
    ]);
    expect([...inputs.subarray(0, 66)]).toEqual(near(rows[3]));
    expect(unknown).toEqual([[], []]);
  });

  it("that hardly come again are left out, unless a person says that they are names", async () => {
    const own = many(200, (i) => `name ${i}`);
    expect(told(await open(own))).toMatch(/left out: "zip", which has 196 different names .*name it in categorical/);
    expect(tableOf(await open(own, { categorical: ["zip"] })).columns[0].kind).toBe("hash");
    const few = many(30, (i) => `name ${i}`);
    expect(tableOf(await open(few, { categorical: ["zip"] })).columns[0]).toMatchObject({ kind: "category" });
  });

  it("are told apart, in as many features as they need", () => {
    expect([1, 512, 513, 3000, 1e6].map(placesFor)).toEqual([64, 64, 128, 512, 512]);
    const patterns = Array.from({ length: 3000 }, (_, i) => {
      const features = new Float32Array(512);
      addHashed(`name ${i}`, 512, features, 0);
      return features.join();
    });
    expect(new Set(patterns).size).toBeGreaterThan(2990);
    // Kept with models: the bits may not change.
    const features = new Float32Array(64);
    addHashed("梯度", 64, features, 0);
    expect([...features].flatMap((x, i) => (x === 0 ? [] : [i * x]))).toMatchInlineSnapshot(`
      [
        -19,
        21,
        -48,
      ]
    `);
  });
});

describe("missing numbers", () => {
  it("are marked by a feature, if training has some", async () => {
    const source = await open("a,b,y\n1,5,p\n,6,q\n3,7,p\nNA,8,q\n");
    expect(tableOf(source).columns).toMatchObject([{ missing: true }, { kind: "number" }]);
    expect(tableOf(source).columns[1]).not.toHaveProperty("missing");
    expect((await rowsOf(source)).map((row) => row.slice(0, 2))).toEqual([
      [-1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
    expect(told(source)).toMatch(/column "a": numbers, standardized.*; with a feature that marks missing values/);
    const encode = recordEncoder(tableOf(source));
    const { mean, deviation } = tableOf(source).columns[1] as { mean: number; deviation: number };
    expect([
      ...encode([
        { a: null, b: 7 },
        { a: 3, b: null },
      ]).inputs,
    ]).toEqual(near([0, 1, (7 - mean) / deviation, 1, 0, 0]));
  });

  it("beside a single number tell by themselves", async () => {
    const source = await open("a,y\n1,p\n,q\n1,p\n,q\n");
    expect(await rowsOf(source)).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 1],
    ]);
  });

  it("in a run of before, which marks none, become the mean", () => {
    expect(encoderOf({ kind: "number", name: "a", mean: 2, deviation: 1 })).toMatchObject({ width: 1, missing: -1 });
  });
});
