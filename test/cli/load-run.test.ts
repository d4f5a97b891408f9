// Runs used in code: samples in memory get the answers that tidu predict gives of the same samples in a file.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type LoadedRun, loadRun, type Prediction, type TableRecord } from "@tidu/cli/run";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { npy } from "../fuzz/npy-files.js";
import { jsonLines, workplace, writeDigits } from "./support.js";

const { path, tidu, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--no-report"];
const MODEL =
  'import { nn } from "tidu";\nexport default ({ inputShape, outputs }) => nn.linear(inputShape[0], outputs);\n';
const TABLE = Array.from({ length: 90 }, (_, i) => {
  const [x, z] = [(i * 7) % 11, (i * 5) % 13];
  return `${i === 4 ? "" : `${x},5`};${["p", "q", ""][i % 3]};${["a", "b", "c"][(x + z) % 3]};${100 * x - z}`;
});

const train = async (data: string, out: string, ...more: string[]): Promise<void> => {
  const { code, errors } = await tidu("train", data, ...QUICK, "--out", out, ...more);
  if (code !== 0) throw new Error(errors);
};

beforeAll(async () => {
  await write("table.csv", `x;name;y;v\n${TABLE.join("\n")}\n`);
  await train("table.csv", "classes", "--target", "y", "--ignore", "v");
  await train("table.csv", "values", "--target", "v", "--ignore", "y");
  const dated = Array.from({ length: 270 }, (_, i) => {
    const when = `${1 + (i % 28)}.${1 + (i % 12)}.2023 ${i % 24}:00`;
    return `${when};${i % 50 === 9 ? "" : `z${i % 115}`};${TABLE[i % 90]}`;
  });
  await write("dated.csv", `when;zip;x;name;y;v\n${dated.join("\n")}\n`);
  await train("dated.csv", "dated", "--target", "y", "--ignore", "v");
  await write("model.ts", MODEL);
  await train("table.csv", "own", "--target", "y", "--model", "model.ts");
  await writeDigits(path("digits"), path("idx"), 4);
  await train("digits", "images", "--model", "mlp");
});

/** The rows of the file with numbers as numbers. */
async function rows(): Promise<{ x: number | null; name: string; more: boolean }[]> {
  const options = { delimiter: ";", columns: true } as const;
  return (parse(await readFile(path("table.csv")), options) as Record<string, string>[]).map(({ x, name }) => ({
    x: x === "" ? null : Number(x.replace(",", ".")),
    name,
    more: true,
  }));
}

/** What the command says of the samples of files. */
async function commanded(run: string, ...files: string[]): Promise<(Prediction & { sample: string })[]> {
  const { code, errors } = await tidu("predict", run, ...files, "--out", `${run}.jsonl`, "--device", "wasm");
  if (code !== 0) throw new Error(errors);
  return jsonLines(await readFile(path(`${run}.jsonl`), "utf8")) as unknown as (Prediction & { sample: string })[];
}

/** The numbers of answers are as near as those of one device in batches of other sizes. */
function same(found: readonly Prediction[], wanted: readonly Prediction[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, own] of found.entries()) {
    expect(own.prediction).toBe(wanted[i].prediction);
    const [numbers, others] = [own, wanted[i]].map(({ probabilities, values }) => probabilities ?? values ?? {});
    expect(Object.keys(numbers)).toEqual(Object.keys(others));
    for (const [label, number] of Object.entries(numbers)) {
      expect(Math.abs(number - others[label]) / Math.max(1, Math.abs(number))).toBeLessThan(1e-5);
    }
  }
}

async function inFiles(run: LoadedRun, ...files: string[]): Promise<(Prediction & { sample: string })[]> {
  const all = [];
  for await (const own of run.predictFiles(files)) all.push(own);
  return all;
}

describe("a run of a table", () => {
  it.each(["classes", "values"])("predicts rows of %s as tidu predict does", async (name) => {
    const wanted = await commanded(name, "table.csv");
    const run = await loadRun(path(name));
    const found = await run.predict(await rows());
    same(found, wanted);
    const read = await inFiles(run, path("table.csv"));
    same(read, wanted);
    expect(read.map(({ sample }) => sample)).toEqual(wanted.map(({ sample }) => sample));
    if (name === "values") expect(Math.abs(found[3].values?.v ?? 0)).toBeGreaterThan(1);
    else expect(Object.values(found[3].probabilities ?? {}).reduce((sum, p) => sum + p)).toBeCloseTo(1, 9);
  });

  it("reads texts as the training file's were", async () => {
    const run = await loadRun(path("classes"));
    const texts = (await rows()).map(({ x, name }) => ({
      x: x === null ? " NA " : ` ${String(x).replace(".", ",")}`,
      name: name === "" ? null : ` ${name} `,
    }));
    expect(await run.predict(texts)).toEqual(await run.predict(await rows()));
    expect(await run.predict([])).toEqual([]);
    const alone = await run.predict([(await rows())[7]]);
    same(alone, (await run.predict(await rows())).slice(7, 8));
  });

  it("predicts dates, many names and missing numbers as tidu predict does", async () => {
    const options = { delimiter: ";", columns: true } as const;
    const all = parse(await readFile(path("dated.csv")), options) as Record<string, string>[];
    const run = await loadRun(path("dated"));
    expect(run.preprocess).toMatchObject({
      columns: [
        { kind: "date", format: "dmy" },
        { kind: "hash", missing: true },
        { kind: "number", missing: true },
        {},
      ],
    });
    const found = await run.predict(all.map((row) => ({ ...row, zip: row.zip || null })));
    same(found, await commanded("dated", "dated.csv"));
    const [day, moment] = await run.predict([all[5], { ...all[5], when: new Date(Date.UTC(2023, 5, 6, 5)) }]);
    expect(moment).toEqual(day);
    await expect(run.predict([{ ...all[5], when: "2023-06-06" }])).rejects.toThrow(
      /row 0, column "when": "2023-06-06" is not a date \(day first\); give null/,
    );
    expect(await tidu("train", "dated.csv", "--target", "y", "--dates", "name")).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/"p" is not a date \(year first\), and "name" is in --dates/),
    });
  });

  it("says which names training does not have", async () => {
    const run = await loadRun(path("classes"));
    const [known, other, missing] = await run.predict([
      { x: 1, name: "p" },
      { x: 1, name: "P" },
      { x: 1, name: undefined },
    ]);
    expect(known).not.toHaveProperty("unknown");
    expect(missing).not.toHaveProperty("unknown");
    expect(other.unknown).toEqual(["name"]);
    expect(new Set([known, other, missing].map(({ probabilities }) => probabilities?.a)).size).toBe(3);
  });

  it("gives overlapping calls the answers of calls one after the other", async () => {
    const run = await loadRun(path("classes"));
    const all = await rows();
    const one: Prediction[][] = [];
    for (let i = 0; i < 20; i++) one.push(await run.predict(all.slice(i, i + 1 + (i % 3))));
    const many = await Promise.all(one.map((_, i) => run.predict(all.slice(i, i + 1 + (i % 3)))));
    expect(many).toEqual(one);
  });

  it.each<[what: string, row: unknown, message: RegExp]>([
    ["a column that is not there", { x: 1 }, /row 1, column "name": it is missing; a row must have x, name; null is/],
    ["text for a number", { x: "one", name: "p" }, /row 1, column "x": "one" is not a number; give null/],
    ["another decimal mark", { x: "1.5", name: "p" }, /row 1, column "x": "1\.5" is not a number/],
    [
      "a number larger than float32 holds",
      { x: "1e300", name: "p" },
      /"1e300" is too large; numbers may be at most 3\.4e38/,
    ],
    ["no number", { x: Number.NaN, name: "p" }, /column "x": NaN is not a number; give null/],
    ["a boolean for a number", { x: true, name: "p" }, /column "x": it is true; it must be a number/],
    ["a number beyond all", { x: 1e38, name: "p" }, /1e\+38 is too far from the mean/],
    ["infinity", { x: -Infinity, name: "p" }, /-Infinity is too far from the mean/],
    ["a list as a value", { x: [1], name: "p" }, /column "x": it is .*; it must be a text or a number/],
    ["null", null, /row 1, column "x": the row is null; it must be an object with x, name/],
    ["a list", [1, "p"], /the row is .*; it must be an object with x, name/],
    ["names from a prototype", Object.create({ x: 1, name: "p" }), /row 1, column "x"/],
  ])("names the row and the column at fault: %s", async (_, row, message) => {
    const run = await loadRun(path("classes"));
    const good = { x: 1, name: "p" };
    await expect(run.predict([good, row as TableRecord])).rejects.toMatchObject({
      name: "DataError",
      message: expect.stringMatching(message),
    });
    expect(await run.predict([good])).toHaveLength(1);
  });

  it("refuses what is no list", async () => {
    const run = await loadRun(path("classes"));
    await expect(run.predict({ x: 1 } as never)).rejects.toThrow(
      /predict: samples is .*; it must be a list of samples/,
    );
  });
});

describe("a run of images", () => {
  it("predicts files' bytes as tidu predict does", async () => {
    const names = (await readdir(path("digits", "3"))).sort().map((name) => path("digits", "3", name));
    const run = await loadRun(path("images"));
    const bytes = await Promise.all(names.map((name) => readFile(name)));
    same(await run.predict(bytes), await commanded("images", "digits/3"));
    same(await inFiles(run, path("digits", "3")), await commanded("images", "digits/3"));
  });

  it("names the sample at fault", async () => {
    const run = await loadRun(path("images"));
    const [name] = await readdir(path("digits", "3"));
    const bytes = await readFile(path("digits", "3", name));
    await expect(run.predict([bytes, bytes.subarray(0, 60)])).rejects.toThrow(/samples\[1\].*damaged/);
    await expect(run.predict([{ x: 1 }])).rejects.toThrow(/samples\[0\] is .*; it must be the bytes of a file of PNG/);
    await expect(run.predict([new Uint8Array()])).rejects.toThrow(/samples\[0\]/);
  });
});

describe("a run of arrays", () => {
  it("predicts samples' numbers as tidu predict does", async () => {
    const x = Float32Array.from({ length: 120 }, (_, i) => Math.sin(i) * 5 + (i % 3));
    const y = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    await mkdir(path("arrays"));
    await write("arrays/x.npy", npy("<f4", "(40, 3)", new Uint8Array(x.buffer)));
    await write("arrays/y.npy", npy("<i4", "(40,)", new Uint8Array(y.buffer)));
    await train("arrays", "of-arrays");
    const run = await loadRun(path("of-arrays"));
    const samples = Array.from({ length: 40 }, (_, i) => x.subarray(3 * i, 3 * i + 3));
    same(await run.predict(samples), await commanded("of-arrays", "arrays/x.npy"));
    same(await run.predict([[...samples[0]]]), await run.predict([samples[0]]));
    await expect(run.predict([[1, 2]])).rejects.toThrow(/samples\[0\] has 2 numbers; it must have 3, of shape \[3\]/);
    await expect(run.predict([[1, 2, Number.NaN]])).rejects.toThrow(/samples\[0\]: NaN is too far from the mean/);
    await expect(run.predict([[1, 2, "3"] as never])).rejects.toThrow(/samples\[0\] is .*; it must be numbers/);
  });
});

describe("loadRun", () => {
  it("takes the best network, or the last", async () => {
    await cp(path("classes"), path("two"), { recursive: true });
    await cp(path("own", "model.safetensors"), path("two", "model.safetensors"));
    await loadRun(path("two"));
    await expect(loadRun(path("two"), { last: true })).rejects.toThrow(/model\.safetensors/);
  });

  it("asks before it runs somebody else's program", async () => {
    // The test's commands have a key of their own, this process another or none.
    await expect(loadRun(path("own"))).rejects.toThrow(/did not write on this machine.*and give trust: true to run it/);
    await expect(loadRun(path("own"), { trust: false })).rejects.toThrow(/did not write on this machine/);
    const run = await loadRun(path("own"), { trust: true });
    const row = (await rows())[5];
    const wanted = await commanded("own", "table.csv");
    same(await run.predict([{ ...row, v: Number(TABLE[5].split(";")[3]) }]), wanted.slice(5, 6));
  });

  it.each<[what: string, file: string, text: string | undefined, message: RegExp]>([
    ["no config.json", "config.json", undefined, /has no config\.json; name the folder of a run/],
    ["a config.json that ends early", "config.json", '{"format": 1,', /config\.json.*not JSON/],
    ["a config.json of null", "config.json", "null", /config\.json/],
    ["a config.json of another version", "config.json", '{"format": 9}', /its format is 9, this version reads 1/],
    ["no network", "best.safetensors", undefined, /has no network and no checkpoint yet; run tidu resume/],
    ["a network that ends early", "best.safetensors", "\x08", /best\.safetensors/],
  ])("names what is damaged: %s", async (what, file, text, message) => {
    const folder = path(`damaged ${what}`);
    await cp(path("classes"), folder, { recursive: true });
    await rm(`${folder}/${file}`);
    if (text !== undefined) await writeFile(`${folder}/${file}`, text);
    // Without its best network, the last is used; without both those of the checkpoints; without them there is none.
    if (file === "best.safetensors" && text === undefined) {
      for (const other of ["model.safetensors", "checkpoints"]) await rm(`${folder}/${other}`, { recursive: true });
    }
    await expect(loadRun(folder)).rejects.toThrow(message);
  });

  it("refuses what TypeScript refuses", async () => {
    await expect(loadRun(3 as never)).rejects.toThrow(/loadRun: directory is 3; it must be a string/);
    await expect(loadRun(path("own"), { trusted: true } as never)).rejects.toThrow(
      /options has no "trusted"; use trust/,
    );
    await expect(loadRun(path("nowhere"))).rejects.toThrow(/has no config\.json/);
  });
});
