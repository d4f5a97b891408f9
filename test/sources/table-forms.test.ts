// Tables as spreadsheets and other programs write them: numbers of other locales and with units, other encodings,
// no header, and words for missing values.
import { openData, prepareSamples, type Source, type TablePreprocess } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { looksNumeric, PLAIN, readNumber } from "../../packages/cli/src/sources/tables/numbers.js";
import { folderOf } from "./folders.js";

type Options = Parameters<typeof openData>[1];

const open = async (csv: string | Uint8Array, options: Options = {}): Promise<Source> =>
  openData(`${await folderOf({ "a.csv": csv })}/a.csv`, options);

/** The numbers of the target column, in its own units. */
async function values(csv: string, options?: Options): Promise<number[]> {
  const { train, preprocess } = await open(csv, { task: "regression", ...options });
  const [{ mean, deviation }] = preprocess.targets!;
  return [...(await train.targets.data())].map((z) => z * deviation + mean);
}

/** Numbers that went through float32, of which the largest decides how many digits are left. */
const near = (wanted: readonly number[]): unknown[] => {
  const digits = 5 - Math.ceil(Math.log10(Math.max(...wanted.map(Math.abs))));
  return wanted.map((value) => expect.closeTo(value, digits));
};

const told = ({ description }: Source): string => description.join("\n");

/** Rows of a feature and a target, divided by `between`. */
const rows = (targets: readonly string[], between = ","): string =>
  ["a", "y"].join(between).concat("\n", ...targets.map((y, i) => `${i * i}${between}${y}\n`));

describe("numbers", () => {
  it.each<[string, string, number[]]>([
    [
      "prices with commas between thousands",
      rows(['"83,021"', '"1,204,500"', '"999"', '"12,000.5"']),
      [83021, 1204500, 999, 12000.5],
    ],
    ["nothing but thousands", rows(['"83,021"', '"12,500"', '"99,100"']), [83021, 12500, 99100]],
    ["decimal commas between semicolons", rows(["100,714", "99,5", "7", "0,25"], ";"), [100.714, 99.5, 7, 0.25]],
    ["three decimals between semicolons", rows(["100,714", "101,500"], ";"), [100.714, 101.5]],
    ["points between thousands", rows(["1.234.567", "2.000", "1,5"], ";"), [1234567, 2000, 1.5]],
    ["narrow spaces between thousands", rows(["1\u202f234,5", "12\u00a0000", "3"], ";"), [1234.5, 12000, 3]],
    ["apostrophes between thousands", rows(["1'234.5", "12’000", "3.5"]), [1234.5, 12000, 3.5]],
    ["lakhs", rows(['"12,34,567"', '"1,00,000"', '"5"']), [1234567, 100000, 5]],
    ["dollars", rows(["$1000", "$2.50", "-$3", "$-4.5"]), [1000, 2.5, -3, -4.5]],
    ["euros behind", rows(["12,50 €", "3 €", "1.000,00 €"], ";"), [12.5, 3, 1000]],
    ["per cent", rows(["12.5%", "3 %", "100%"]), [12.5, 3, 100]],
    ["kilograms", rows(["12 kg", "3.5kg", "100 kg"]), [12, 3.5, 100]],
    ["ISO codes", rows(["USD 12.5", "USD 3", "USD 100"]), [12.5, 3, 100]],
    ["accountants' negatives", rows(["(12.5)", "3", '"(1,000)"']), [-12.5, 3, -1000]],
    ["minus signs", rows(["\u221212.5", "3", "+4"]), [-12.5, 3, 4]],
    ["bare decimals", rows([".5", "5.", "1e-3"]), [0.5, 5, 0.001]],
  ])("%s", async (_, csv, wanted) => {
    expect(await values(csv)).toEqual(near(wanted));
  });

  it("are read as a person says", async () => {
    expect(await values(rows(["1,234", "2,500"], "|"), { decimal: "," })).toEqual(near([1.234, 2.5]));
    expect(await values(rows(["1.234", "2.500", "999"], ";"), { thousands: ".", task: "regression" })).toEqual(
      near([1234, 2500, 999]),
    );
    await expect(open(rows(["1", "2"]), { decimal: ",", thousands: "," })).rejects.toThrow(
      /thousands and decimal are both/,
    );
  });

  it("are read in other columns' locale where their own leaves it open", async () => {
    const { preprocess } = await open("a;b;y\n1,5;1.234;0,1\n2,25;2.500;0,7\n9,75;9.100;0,2\n");
    const [, b] = (preprocess as TablePreprocess).columns;
    expect(b).toMatchObject({ name: "b", mean: expect.closeTo((1234 + 2500 + 9100) / 3, 6) });
    const point = await open("a;b;y\n0.5;1.234;0.1\n0.25;2.500;0.7\n0.75;9.100;0.2\n");
    expect((point.preprocess as TablePreprocess).columns[1]).toMatchObject({
      mean: expect.closeTo((1.234 + 2.5 + 9.1) / 3, 6),
    });
  });

  it("say how they were read, and are read so again", async () => {
    const source = await open("w;y\n1.200,5 kg;10 %\n800 kg;20 %\n950,25 kg;30,5 %\n");
    expect(told(source)).toMatch(/column "w": numbers \(decimal comma, "\." between thousands, unit "kg" removed\)/);
    expect(told(source)).toMatch(/target: y \(decimal comma, unit "%" removed\)/);
    const again = await folderOf({ "b.csv": "w\n1.000,5 kg\n", "c.csv": "w\n5 lb\n" });
    const preprocess = JSON.parse(JSON.stringify(source.preprocess)) as TablePreprocess;
    const [{ mean, deviation }] = preprocess.columns as unknown as { mean: number; deviation: number }[];
    const { input } = await prepareSamples(preprocess, [`${again}/b.csv`]);
    expect(await input.item()).toBeCloseTo((1000.5 - mean) / deviation, 5);
    await expect(prepareSamples(preprocess, [`${again}/c.csv`])).rejects.toThrow(
      /line 2, column "w": "5 lb" is not a number/,
    );
    const more = await open("w;y\n1,5 kg;50 %\n", { preprocess });
    expect(await more.train.targets.item()).toBeCloseTo(
      (50 - preprocess.targets![0].mean) / preprocess.targets![0].deviation,
      5,
    );
  });

  it("in several units or locales are an error that names cells", async () => {
    const mixed = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? `${i} kg` : `${i}00 g`));
    await expect(open(rows(mixed))).rejects.toThrow(
      /column "y": its numbers are written in several ways or units, such as "0 kg" \(line 2\), "100 g" \(line 3\), "300 g" \(line 5\); write them all/,
    );
    await expect(open(rows(['"1.234,5"', '"1,234.5"', '"2,000.5"', '"3.000,5"']))).rejects.toThrow(
      /several ways or units/,
    );
  });

  it.each([
    [["A1", "A2", "A3"]],
    [["10a", "11b", "12", "10a"]],
    [["Q1 2020", "Q2 2020"]],
    [["1.2.3", "1.2.4"]],
    [["10-20", "20-30"]],
  ])("are not found in %j", async (names) => {
    const csv = `c,t\n${names.map((name, i) => `${name},${i % 2}\n`).join("")}`;
    const { preprocess } = await open(csv);
    expect((preprocess as TablePreprocess).columns[0].kind).toBe("category");
  });

  it("too far away for float32 are refused where they are read", async () => {
    const { preprocess } = await open("a,y\n1,p\n2,q\n3,p\n");
    const folder = await folderOf({ "b.csv": "a\n1e38\n" });
    await expect(prepareSamples(preprocess, [`${folder}/b.csv`])).rejects.toThrow(
      /line 2, column "a": 1e38 is too far from the mean in training, 2; correct it/,
    );
  });

  it.each([
    "1".repeat(20_000),
    `${"1,111".repeat(4000)}`,
    "1 ".repeat(10_000),
    ".".repeat(20_000),
    "e1".repeat(10_000),
    "(".repeat(20_000),
  ])("are told from other text in linear time (%#)", (text) => {
    // Quadratic patterns take seconds here; the limit is that of a test.
    for (let i = 0; i < 200; i++) {
      readNumber(`${text.slice(0, 390)}!`, PLAIN);
      looksNumeric(`${text}!`);
    }
    expect(readNumber(`${text}!`, PLAIN)).toBeNaN();
  });
});

describe("missing values", () => {
  const birds = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 2 === 0 ? "None" : "Minor"}`).join("\n");

  it("are no class that many rows have", async () => {
    const source = await open(`a,damage\n${birds}\n`);
    expect(source.classes).toEqual(["Minor", "None"]);
    expect(source.train.count).toBe(60);
    expect(told(source)).toMatch(/"None" is read as a value of "damage" \(30 of 60 rows\); name it in missing if/);
    const again = await open(`a,damage\n1,None\n`, { preprocess: source.preprocess });
    expect([...(await again.train.targets.data())]).toEqual([1]);
  });

  it("are left out where they are rare, or where a person says so", async () => {
    const rare = Array.from({ length: 60 }, (_, i) => `${i % 7},${i === 5 ? "NA" : i % 2}`).join("\n");
    expect((await open(`a,t\n${rare}\n`)).train.count).toBe(59);
    const dropped = await open(`a,damage\n${birds}\n9,Major\n`, { missing: ["none"] });
    expect(dropped.classes).toEqual(["Major", "Minor"]);
    const own = await open("a,t\n1,x\n-999,y\n3,x\n-999,y\n", { missing: ["-999"] });
    expect(told(own)).toMatch(/column "a": 2 missing numbers in 4 rows became the mean/);
  });

  it("that many targets are must be named, where the others are numbers", async () => {
    const half = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 10 === 0 ? "NA" : i / 8}`).join("\n");
    await expect(open(`a,y\n${half}\n`)).rejects.toThrow(
      /column "y": 6 of 60 targets are "NA", others are numbers; name it in missing/,
    );
    expect((await open(`a,y\n${half}\n`, { missing: ["NA"] })).train.count).toBe(54);
  });
});

describe("the first line", () => {
  const numbers = Array.from({ length: 10 }, (_, i) => `${i + 3},${(i * 7) % 5},${i % 2}`).join("\n");
  it.each([
    ["whole numbers", `${numbers}\n`, 10, ["column 1", "column 2"]],
    ["numbers and names", "5.1,3.5,x\n4.9,3.0,y\n5.0,3.1,x\n", 3, ["column 1", "column 2"]],
    ["words", "red,big,yes\nblue,big,no\nred,small,yes\nblue,small,no\n", 4, ["column 1", "column 2"]],
  ])("of %s is a row", async (_, csv, count, names) => {
    const source = await open(csv);
    expect(source.train.count).toBe(count);
    expect((source.preprocess as TablePreprocess).columns.map(({ name }) => name)).toEqual(names);
    expect(told(source)).toMatch(/the first line is a row like the others; columns are named column 1 to column 3/);
    const folder = await folderOf({ "b.csv": csv.split("\n")[0].concat("\n") });
    expect((await prepareSamples(source.preprocess, [`${folder}/b.csv`])).names).toEqual(["b.csv:1"]);
  });

  it.each([
    ["years", "country,1990,1995,2000,y\nA,1,2,3,p\nB,4,5,6,q\nA,4,5,6,q\n"],
    ["numbers from 0", "0,1,2,3\n5,6,7,p\n8,9,1,q\n"],
    ["words above numbers", "height,weight,class\n1,2,0\n3,4,1\n"],
    ["words that are not repeated", "name,colour\nann,red\nbob,blue\ncid,red\n"],
  ])("of %s is a header", async (_, csv) => {
    const { preprocess } = await open(csv);
    expect((preprocess as TablePreprocess).dialect).toMatchObject({ header: true });
  });

  it("is what a person says", async () => {
    expect((await open("a,b\nx,1\ny,2\n", { header: false, target: "column 1" })).classes).toEqual(["a", "x", "y"]);
    expect((await open("1,2\n3,4\n5,6\n", { header: true })).train.count).toBe(2);
  });
});

describe("other encodings", () => {
  const text = "größe,art\n1,Bär\n2,Käfer\n";
  const utf16 = (bigEndian: boolean, mark: boolean): Uint8Array => {
    const units = Uint16Array.from(`${mark ? "\ufeff" : ""}${text}`, (c) => c.charCodeAt(0));
    const bytes = new Uint8Array(units.length * 2);
    units.forEach((unit, i) => new DataView(bytes.buffer).setUint16(2 * i, unit, !bigEndian));
    return bytes;
  };
  it.each<[string, Uint8Array, Options?]>([
    ["UTF-16", utf16(false, true)],
    ["UTF-16 with the high byte first", utf16(true, true)],
    ["UTF-16 without a mark", utf16(false, false)],
    ["Latin-1", Uint8Array.from(text, (c) => c.charCodeAt(0))],
    [
      "a code page that is named",
      Uint8Array.from(text, (c) => ({ ö: 0x94, ß: 0xe1, ä: 0x84 })[c] ?? c.charCodeAt(0)),
      { encoding: "ibm866" },
    ],
  ])("%s", async (name, bytes, options) => {
    const source = await open(bytes, options);
    if (name.startsWith("a code")) expect(source.classes).toHaveLength(2);
    else expect(source.classes).toEqual(["Bär", "Käfer"]);
    expect(told(source)).toMatch(/its encoding is taken to be (utf-16|windows-1252|ibm866)/);
  });

  it("that do not exist are an error", async () => {
    await expect(open(text, { encoding: "utf-99" })).rejects.toThrow(/encoding is "utf-99"; it must be a name such as/);
  });
});

it("columns with commas in their names can be named", async () => {
  const csv = '"a,b",c,d\n1,2,p\n3,4,q\n';
  expect((await open(csv, { target: "d", ignore: ["a,b"] })).inputShape).toEqual([1]);
  expect((await open(csv, { target: "d", ignore: ["c"] })).inputShape).toEqual([1]);
  expect((await open("x,y,z\n1.5,2.5,3\n4.5,5.5,7\n", { target: "x,y" })).outputs).toBe(2);
});
