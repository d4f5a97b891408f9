// Tables of JSON lines, and tables from standard input: the same network as from the CSV file with the same rows.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonLines, linesOf, workplace } from "./support.js";

const { path, tidu, start, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--device", "wasm", "--no-report"];

const ROWS = Array.from({ length: 90 }, (_, i) => ({
  x: ((i * 7) % 11) / 4,
  color: ["red", "green", ""][i % 3],
  ready: i % 2 === 0,
  y: `class ${(i * 7) % 3}`,
}));
const CSV = `x,color,ready,y\n${ROWS.map((row) => Object.values(row).join(",")).join("\n")}\n`;
/** What is missing is null, or not there. */
const JSONL = ROWS.map(({ color, ...row }, i) =>
  JSON.stringify({
    x: row.x,
    ...(color !== "" ? { color } : i % 2 ? { color: null } : {}),
    ready: row.ready,
    y: row.y,
  }),
).join("\n");

const weights = (run: string): Promise<Buffer> => readFile(path(run, "model.safetensors"));

/** Runs a command with this at its standard input. */
async function fed(input: string, ...args: string[]) {
  const running = start(...args);
  running.type(input);
  running.endInput();
  return running.outcome;
}

async function trained(...args: string[]): Promise<string> {
  const { code, errors, out } = await tidu("train", ...args, ...QUICK);
  expect([code, errors]).toEqual([0, ""]);
  return out;
}

const answers = async (...args: string[]): Promise<{ sample: string; classes: unknown }[]> => {
  const { code, out, errors } = await tidu("predict", ...args, "--json");
  expect([code, errors]).toEqual([0, ""]);
  return jsonLines(out)[0].predictions as { sample: string; classes: unknown }[];
};

beforeAll(async () => {
  await write("rows.csv", CSV);
  await write("rows.jsonl", JSONL);
  await write("packed.ndjson.gz", gzipSync(JSONL));
  await trained("rows.csv", "--out", "csv");
});

describe("JSON lines", () => {
  it("train the network of the same rows in CSV, bit for bit", async () => {
    for (const [i, name] of ["rows.jsonl", "packed.ndjson.gz"].entries()) {
      expect(await trained(name, "--out", `json${i}`)).toContain('column "color": 3 categories');
      expect(await weights(`json${i}`)).toEqual(await weights("csv"));
    }
  });

  it("are what eval and predict read, too, whatever form the run learned from", async () => {
    const classes = (list: { classes: unknown }[]): unknown[] => list.map((each) => each.classes);
    const ofCsv = await answers("csv", "rows.csv");
    expect(ofCsv.map(({ sample }) => sample).slice(0, 2)).toEqual(["rows.csv:2", "rows.csv:3"]);
    const ofJson = await answers("csv", "rows.jsonl");
    expect(ofJson.map(({ sample }) => sample).slice(0, 2)).toEqual(["rows.jsonl:1", "rows.jsonl:2"]);
    expect(classes(ofJson)).toEqual(classes(ofCsv));
    const evaluated = await Promise.all(
      ["rows.csv", "rows.jsonl"].map(async (name) => jsonLines((await tidu("eval", "csv", name, "--json")).out)[0]),
    );
    expect({ ...evaluated[1], data: "" }).toEqual({ ...evaluated[0], data: "" });
  });

  it("have columns for what is inside objects; a folder of them has parts", async () => {
    const nested = ROWS.map(({ x, color, y }) => JSON.stringify({ at: { x, more: { color } }, tags: [x], y })).join(
      "\n",
    );
    await write("nested.jsonl", nested);
    const out = await trained("nested.jsonl", "--target", "y", "--ignore", "tags", "--out", "nested");
    expect(out).toContain('column "at.x": numbers');
    expect(out).toContain('column "at.more.color": 3 categories');
  });

  it("hold numbers as such, where the texts of others have a decimal comma", async () => {
    const priced = ROWS.map(({ x, y }, i) => ({ price: `${i},${25 + i}`, x: 1 + x, y }));
    await write("prices.jsonl", priced.map((row) => JSON.stringify(row)).join("\n"));
    await write(
      "prices.csv",
      `price;x;y\n${priced.map(({ price, x, y }) => `${price};${String(x).replace(".", ",")};${y}`).join("\n")}`,
    );
    await trained("prices.jsonl", "--out", "prices-json");
    await trained("prices.csv", "--out", "prices-csv");
    expect(await weights("prices-json")).toEqual(await weights("prices-csv"));
    const of = async (run: string, file: string): Promise<unknown[]> =>
      (await answers(run, file)).map(({ classes }) => classes);
    expect(await of("prices-csv", "prices.jsonl")).toEqual(await of("prices-csv", "prices.csv"));
  });

  it("are refused with the line where one is no object", async () => {
    const wrong: [string, string][] = [
      [`${JSONL}\n{"x": 1,`, `bad.jsonl: byte ${Buffer.byteLength(JSONL) + 1}: line 91: it is not JSON`],
      [`[1]\n${JSONL}`, "bad.jsonl: line 1: it is"],
      ["\n \n", "bad.jsonl: there are no rows in it; add some"],
      [
        ROWS.map(({ x, y }, i) => JSON.stringify({ x: i === 40 ? "much" : x, y })).join("\n"),
        'bad.jsonl: line 41, column "x": "much" is not a number',
      ],
      [
        ROWS.map(({ x, y }, i) => JSON.stringify({ x: i === 40 ? 1e300 : x, y })).join("\n"),
        'bad.jsonl: line 41, column "x": 1e+300 is beyond what',
      ],
    ];
    for (const [text, message] of wrong) {
      await write("bad.jsonl", text);
      const { code, errors } = await tidu("train", "bad.jsonl", ...QUICK);
      expect(code).toBe(1);
      expect(errors).toContain(message);
    }
    await write("lacks.jsonl", JSON.stringify({ x: 1 }));
    const { code, errors } = await tidu("predict", "csv", "lacks.jsonl");
    expect([code, errors]).toEqual([1, 'tidu: lacks.jsonl: there is no column "color"; the columns are x\n']);
  });
});

describe("standard input", () => {
  it("is a table for train, resume and eval as it is for predict", async () => {
    const { code, out, errors } = await fed(CSV, "train", "-", ...QUICK, "--out", "fed");
    expect([code, errors]).toEqual([0, ""]);
    expect(linesOf(out)[0]).toBe("standard input:");
    expect(await weights("fed")).toEqual(await weights("csv"));
    const json = await fed(JSONL, "train", "-", "--format", "jsonl", ...QUICK, "--out", "fed-json");
    expect([json.code, json.errors]).toEqual([0, ""]);
    expect(await weights("fed-json")).toEqual(await weights("csv"));

    const evaluated = await fed(JSONL, "eval", "csv", "-", "--format", "jsonl");
    expect(evaluated.out).toContain("standard input, train: 90 samples");
    const again = await fed(CSV, "eval", "fed", "--part", "validation");
    expect(again.out).toContain("standard input, validation: 9 samples");
    const longer = await fed(CSV, "resume", "fed", "--epochs", "3", "--no-report");
    expect([longer.code, longer.errors]).toEqual([0, ""]);
    const predicted = await fed(JSONL, "predict", "fed", "-", "--format", "jsonl", "--json");
    expect(jsonLines(predicted.out)[0].predictions).toHaveLength(90);
  });

  it("is refused where it is not the data of before, and where what it is cannot be a table", async () => {
    const other = await fed(`${CSV}1,red,true,class 0\n`, "eval", "csv", "-", "--format", "idx");
    expect(other.code).toBe(2);
    const changed = await fed(`${CSV}1,red,true,class 0\n`, "eval", "fed");
    expect(changed.code).toBe(1);
    expect(changed.errors).toContain("standard input has changed since the run began");
  });
});
