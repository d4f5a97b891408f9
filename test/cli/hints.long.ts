// What the command line says of data that are not quite as they were meant, with what mends it, in its own words.
import { mkdir } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { workplace, writeDigits } from "./support.js";

const { path, tidu, write } = workplace();
const QUICK = ["--epochs", "1", "--hidden", "4", "--no-report", "--threads", "1", "--device", "wasm"];
const KINDS = ["a", "b", "c"];
const table = (names: string, row: (i: number) => string, count = 60): string =>
  `${[names, ...Array.from({ length: count }, (_, i) => row(i))].join("\n")}\n`;
const date = (i: number): string => new Date(Date.UTC(2024, 0, 1 + i * 5)).toISOString().slice(0, 10);

let runs = 0;
/** What training on a table says. */
async function told(csv: string | Uint8Array, ...options: string[]): Promise<string> {
  await write("told.csv", csv);
  const folder = options.includes("--out") ? [] : ["--out", `told-${runs++}`];
  const { out, errors, code } = await tidu("train", "told.csv", ...QUICK, ...options, ...folder);
  expect([code, errors]).toEqual([0, ""]);
  return out;
}
/** What is wrong with training on a table. */
async function wrong(csv: string | Uint8Array, ...options: string[]): Promise<string> {
  await write("wrong.csv", csv);
  const { code, errors } = await tidu("train", "wrong.csv", ...options, "--out", "never");
  expect(code).toBeGreaterThan(0);
  return errors.trimEnd().replace(/^tidu: /, "");
}

describe("a column that is taken for names", () => {
  it("though most are numbers is told, and is one of numbers as advised", async () => {
    const csv = table(
      "age,z,y",
      (i) => `${i % 6 === 0 ? "unknown" : 18 + (i % 25)},${i % 7 === 0 ? "n/a" : i},${KINDS[i % 3]}`,
    );
    expect(await told(csv)).toMatch(
      /column "age": most are numbers, but \d+ rows have "unknown": if that is a missing value, give --missing "n\/a,unknown", else correct it/,
    );
    expect(await told(csv, "--missing", "n/a,unknown")).toMatch(/column "age": numbers, .*\n.*column "z": numbers, /);
  });

  it("though most are dates is told, and so are dates of several forms", async () => {
    const open = table("d,y", (i) => `${i % 6 === 0 ? "open" : date(i % 9)},${KINDS[i % 3]}`);
    expect(await told(`${open}`, "--validation", "0")).toMatch(
      /column "d": most are dates, but 10 rows have "open": if that/,
    );
    const mixed = table(
      "d,x,y",
      (i) => `${i % 2 ? date(i) : date(i).replace(/(\d+)-(\d+)-(\d+)/, "$2/$3/$1")},${i},${KINDS[i % 3]}`,
    );
    expect(await told(mixed)).toMatch(
      /left out: "d", which has \d+ different names \(they look like dates that are written in several ways, such as "\S+" \(line \d+\), "\S+" \(line \d+\); write/,
    );
  });

  it("is told where it is the target", async () => {
    const csv = table("x,y", (i) => `${i},${i % 5 === 0 ? "free" : (i % 8) * 1.5}`);
    expect(await told(csv)).toMatch(
      /target "y": most are numbers, but 12 rows have "free": if that is a missing value, give --missing "free"/,
    );
  });
});

describe("classes", () => {
  it("that look alike stay apart, and it is said", async () => {
    const names = ["Yes", "yes", "café", "cafe\u0301", "New York", "New  York"];
    expect(await told(table("x,y", (i) => `${i},${names[i % 6]}`))).toMatch(
      /classes "New {2}York" and "New York", "Yes" and "yes", "cafe\u0301" and "café" differ only by spaces or case or Unicode normalization \(as NFC and NFD do\), and stay apart/,
    );
    expect(await told(table("c,y", (i) => `${["red", "Red", "blue"][i % 3]},${KINDS[i % 2]}`))).toMatch(
      /column "c": "Red" and "red" differ only by case/,
    );
  });

  it("must all be there to learn from, however rows are set apart", async () => {
    const csv = table("x,g,y", (i) => `${i},${i % 2},${i % 4 < 2 ? ["left", "right"][i % 2] : "both"}`);
    expect(await wrong(csv, "--split-by", "g")).toMatch(
      /with --split-by "g" all rows of the class "(left|right)" are set/,
    );
    const late = table("x,t,y", (i) => `${i},${i},${i > 56 ? "late" : KINDS[i % 2]}`);
    expect(await wrong(late, "--split-time", "t")).toMatch(
      /with --split-time "t" all rows of the class "late" are set apart, and none is left to train on; give a smaller share/,
    );
    for (const option of ["--split-by", "--split-time"])
      expect(await wrong(csv, option, "y")).toBe(
        `${option}: "y" is to be predicted, so rows cannot be set apart by it; name another column`,
      );
  });
});

describe("values to predict", () => {
  it("that float32 cannot tell apart are told", async () => {
    expect(await told(table("x,y", (i) => `${i},${i === 7 ? "1e30" : i / 60}`))).toMatch(
      /target "y": a network computes in float32, and can tell only 2 of its \d+ different numbers apart; correct/,
    );
  });

  it("must not all be the same", async () => {
    expect(await wrong(table("x,y", (i) => `${i},3.5`))).toMatch(
      /line 2, column "y": every sample has the value 3\.5, so there is nothing to predict; choose another target/,
    );
  });
});

describe("numbers in another form than in training", () => {
  beforeAll(async () => {
    const price = (i: number): string => `"$${(1000 + i * 37.31).toLocaleString("en", { minimumFractionDigits: 2 })}"`;
    await told(
      table("price,y", (i) => `${price(i)},${KINDS[i % 3]}`),
      "--out",
      "dollars",
    );
    await told(
      table("x;y", (i) => `${i};${(1000 + i * 3.7).toFixed(2).replace(".", ",")} €`),
      "--out",
      "euros",
    );
  });

  it("are refused with the form expected", async () => {
    await write("new.csv", "price\n1200\n");
    const { code, errors } = await tidu("predict", "dollars", "new.csv");
    expect([code, errors]).toEqual([
      1,
      'tidu: new.csv: line 2, column "price": "1200" is not a number as training had them, such as "$1,234.5"; correct it or leave it empty\n',
    ]);
    await write("eval.csv", "x;y\n3;1.200,00 $\n");
    expect((await tidu("eval", "euros", "eval.csv")).errors).toMatch(
      /eval\.csv: line 2, column "y": "1\.200,00 \$" is not a number as training had them, such as "1234,5 €"; correct it/,
    );
  });
});

describe("text in an encoding that is not found out", () => {
  it("has a hint at --encoding", async () => {
    const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const rows = (name: string): Uint8Array => bytes(table("x,y", (i) => `${i},${[name, "b"][i % 2]}`));
    // The two characters of a Japanese word, in Shift-JIS.
    expect(await told(rows("\x8e\xed\x97\x81"))).toMatch(
      /windows-1252, but has bytes that stand for no character in it; set --encoding, such as shift_jis/,
    );
    expect(await told(rows("caf\xe9"))).toMatch(/windows-1252; if its letters look wrong, set --encoding$/m);
    const wide = Uint8Array.from([...rows("a")].flatMap((byte) => [byte, 0, 0, 0]));
    for (const text of [wide, Uint8Array.from([0xff, 0xfe, 0, 0, ...wide]), wide.toReversed()])
      expect(await wrong(text)).toMatch(/it is UTF-32 text, which is not read; save it as UTF-8$/);
  });
});

describe("options", () => {
  const csv = table("x,z,w,y", (i) => `${i},${i % 4},${"pq"[i % 2]},${KINDS[i % 3]}`);
  it.each([
    [["--split-time", "x", "--split-by", "z"], "--split-by and --split-time are both given; give one of them"],
    [["--size", "8x8"], "--size is for data of the kind images, this is csv; leave it out"],
    [["--delimiter", "ab"], '--delimiter is "ab"; it must be a character, but no quote'],
    [
      ["--encoding", "klingon"],
      '--encoding is "klingon"; it must be a name such as utf-8, utf-16le, latin1 or shift_jis',
    ],
    [["--decimal", ",", "--thousands", ","], '--thousands and --decimal are both ","; they must differ'],
    [["--target", "y,y"], '--target names "y" twice; name it once'],
    [["--ignore", "x,z,w"], "no column is useful to predict y: all others are in --ignore; leave some in"],
    [
      ["--dates", "w"],
      'is not a date (year first), and "w" is in --dates; correct it, leave it empty, name it in --missing, or set --date-order',
    ],
  ] as [string[], string][])("%j are called as they are in the command line", async (options, message) => {
    const said = await wrong(csv, ...options);
    expect(said).toContain(message);
    expect(said).not.toMatch(/openData|splitBy|splitTime|dateOrder/);
  });
});

it("what macOS adds to a folder of images is none of its classes", async () => {
  await writeDigits(path("pictures"), path("idx"), 3);
  await mkdir(path("pictures", "__MACOSX", "0"), { recursive: true });
  await write("pictures/__MACOSX/0/._0000.png", "resource fork");
  const { code, out } = await tidu("train", "pictures", "--model", "mlp", ...QUICK, "--out", "of-pictures");
  expect([code, /10 classes/.test(out)]).toEqual([0, true]);
  const { code: failed, errors } = await tidu("predict", "of-pictures", "-");
  expect([failed, errors]).toEqual([2, "tidu: standard input can only hold a table; for image data, give paths\n"]);
});
