// An exported ONNX file that takes raw rows, pixels and numbers says in ONNX Runtime what `tidu predict` says.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-web/wasm";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { decode } from "../../packages/onnx/src/proto/message.js";
import { ModelMessage } from "../../packages/onnx/src/proto/schema.js";
import { open } from "../onnx/support/runtime.js";
import { jsonLines, workplace, writeDigits } from "./support.js";

const { path, tidu, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--no-report", "--device", "wasm"];
const ROWS = Array.from({ length: 90 }, (_, i) => ({
  size: i % 10 === 4 ? "" : String(1e6 + ((i * 7) % 11) / 2),
  name: ["p", "q", ""][i % 3],
  n: String(i % 7),
  y: ["red", "green", "blue"][(i * 5) % 3],
  v: String(100 * (i % 7) - ((i * 7) % 11)),
}));

const run = async (...args: string[]): Promise<string> => {
  const { code, errors, out } = await tidu(...args);
  expect([code, errors]).toEqual([0, ""]);
  return out;
};

beforeAll(async () => {
  const table = [Object.keys(ROWS[0]), ...ROWS.map((row) => Object.values(row))];
  await write("rows.csv", `${table.map((row) => row.join(",")).join("\n")}\n`);
  await run("train", "rows.csv", ...QUICK, "--target", "y", "--ignore", "v", "--out", "classes");
  await run("train", "rows.csv", ...QUICK, "--target", "v", "--ignore", "y", "--out", "values");
});

/** What the command says of samples. */
async function predicted(dir: string, ...files: string[]): Promise<Record<string, never>[]> {
  await run("predict", dir, ...files, "--device", "wasm", "--out", `${dir}.jsonl`);
  return jsonLines(await readFile(path(`${dir}.jsonl`), "utf8")) as Record<string, never>[];
}

/** What ONNX Runtime says. */
async function ran(file: string, feeds: Record<string, ort.Tensor>): Promise<ort.InferenceSession.OnnxValueMapType> {
  const session = await open(await readFile(path(file)));
  expect([...session.inputNames].sort()).toEqual(Object.keys(feeds).sort());
  return session.run(feeds);
}

const column = (name: "size" | "n"): ort.Tensor =>
  new ort.Tensor(
    "float64",
    Float64Array.from(ROWS, (row) => (row[name] === "" ? Number.NaN : Number(row[name]))),
    [90, 1],
  );
const columns = () => ({
  size: column("size"),
  name: new ort.Tensor(
    "string",
    ROWS.map((row) => row.name),
    [90, 1],
  ),
  n: column("n"),
});
const near = (found: ArrayLike<number>, wanted: readonly number[], within: number): void =>
  wanted.forEach((x, i) => expect(Math.abs(found[i] - x)).toBeLessThan(within));

describe("export --format onnx --preprocess", () => {
  it.each(["13", "17", "21"])("takes raw rows and says classes, in version %s", async (opset) => {
    await run("export", "classes", "--format", "onnx", "--preprocess", "--opset", opset, "--out", "classes.onnx");
    const { label, probabilities } = await ran("classes.onnx", columns());
    const wanted = await predicted("classes", "rows.csv");
    expect(label.data).toEqual(wanted.map(({ prediction }) => prediction));
    const all = wanted.flatMap(({ probabilities }) => Object.values(probabilities) as number[]);
    near(probabilities.data as Float32Array, all, 1e-5);
    const { metadata_props, opset_import } = decode(ModelMessage, await readFile(path("classes.onnx")), "classes.onnx");
    const metadata = Object.fromEntries(metadata_props.map(({ key, value }) => [key, value]));
    expect(JSON.parse(metadata.classes ?? "")).toEqual(["blue", "green", "red"]);
    expect(JSON.parse(metadata.preprocess ?? "")).toMatchObject({ kind: "table", target: ["y"] });
    expect(opset_import.map(({ version }) => version)).toEqual([Number(opset), 1]);
  });

  it("says values in their own units", async () => {
    await run("export", "values", "--format", "onnx", "--preprocess", "--out", "values.onnx");
    const { values } = await ran("values.onnx", columns());
    const wanted = await predicted("values", "rows.csv");
    near(
      values.data as Float64Array,
      wanted.map(({ values: { v } }) => v),
      1e-3,
    );
  });

  it("takes the pixels of images", async () => {
    await writeDigits(path("digits"), path("idx"), 4);
    await run("train", "digits", ...QUICK, "--model", "mlp", "--out", "images");
    await run("export", "images", "--format", "onnx", "--preprocess", "--out", "images.onnx");
    const wanted = await predicted("images", "digits/3");
    const files = wanted.map(({ sample }) => path(sample));
    const pixels = Buffer.concat(
      await Promise.all(files.map((file) => sharp(file).toColourspace("b-w").raw().toBuffer())),
    );
    const { label, probabilities } = await ran("images.onnx", {
      pixels: new ort.Tensor("uint8", Uint8Array.from(pixels), [files.length, 1, 28, 28]),
    });
    expect(label.data).toEqual(wanted.map(({ prediction }) => prediction));
    near(
      probabilities.data as Float32Array,
      wanted.flatMap((w) => Object.values(w.probabilities) as number[]),
      1e-5,
    );
  });

  it("is not the default: without it the file takes what the network takes", async () => {
    await run("export", "classes", "--format", "onnx", "--out", "plain.onnx");
    const session = await open(await readFile(path("plain.onnx")));
    expect([session.inputNames, session.outputNames]).toEqual([["input"], ["output"]]);
  });

  it("takes dates as milliseconds, and what names are hashed to", async () => {
    // Leap years and others, ends of months and years, before and after 1970; every tenth is missing.
    const moments = Array.from({ length: 300 }, (_, i) =>
      i % 10 === 9 ? Number.NaN : Date.UTC(1896 + ((i * 7) % 210), (i * 5) % 12, 1 + ((i * 11) % 31), i % 24, i % 60),
    );
    const clocks = moments.map((_, i) => (i * 613) % 1440);
    const names = moments.map((_, i) => (i % 7 === 3 ? "" : `街 ${i % 120}`));
    const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
    const rows = moments.map((moment, i) => {
      const when = Number.isNaN(moment) ? "" : new Date(moment).toISOString().slice(0, 16).replace("T", " ");
      return `${names[i]},${when},${two(clocks[i] / 60)}:${two(clocks[i] % 60)},${i % 2 ? "a" : "b"}`;
    });
    await write("many.csv", `zip,when,clock,y\n${rows.join("\n")}\n`);
    await run("train", "many.csv", ...QUICK, "--out", "many");
    await run("export", "many", "--format", "onnx", "--preprocess", "--out", "many.onnx");
    const { data } = JSON.parse(await readFile(path("many", "config.json"), "utf8"));
    const [{ places, missing }] = data.preprocess.columns;
    expect([data.preprocess.columns.map(({ kind }: { kind: string }) => kind), missing]).toEqual([
      ["hash", "date", "date"],
      true,
    ]);
    // By the function that the documentation gives.
    const [, program] = /```python\n(def hashed[\s\S]*?)```/.exec(await readFile("docs/models.md", "utf8")) ?? [];
    const script = `import json, sys\n${program}\nprint(json.dumps([hashed(n, ${places}) for n in json.load(sys.stdin)]))`;
    const hashed: number[][] = JSON.parse(
      execFileSync("python3", ["-c", script], { input: JSON.stringify(names), encoding: "utf8" }),
    );
    const zip = hashed.flatMap((row, i) => [...(names[i] === "" ? row.map(() => 0) : row), Number(names[i] === "")]);
    const { probabilities } = await ran("many.onnx", {
      zip: new ort.Tensor("float32", Float32Array.from(zip), [300, places + 1]),
      when: new ort.Tensor("float64", Float64Array.from(moments), [300, 1]),
      clock: new ort.Tensor(
        "float64",
        Float64Array.from(clocks, (minutes) => minutes * 60_000),
        [300, 1],
      ),
    });
    const wanted = await predicted("many", "many.csv");
    near(
      probabilities.data as Float32Array,
      wanted.flatMap((w) => Object.values(w.probabilities) as number[]),
      1e-5,
    );
  });

  it("says what cannot be", async () => {
    const refused = async (...args: string[]): Promise<string> => (await tidu("export", ...args)).errors;
    expect(await refused("classes", "--format", "c", "--preprocess")).toMatch(
      /--preprocess is for --format onnx; leave it/,
    );
    expect(await refused("classes", "--format", "onnx", "--opset", "12")).toMatch(/opset.*from 13 to 21/);
  });
});
