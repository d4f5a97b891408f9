// What a trained network says of new samples: on the screen and in files, of any number of them.
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { jsonLines, linesOf, workplace } from "./support.js";

const { path, tidu, start, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--no-report"];
const NAMES = ["a", "c, d", 'quoted "b"'];

const rows = (count: number, target: (x: number, z: number) => string): string =>
  Array.from({ length: count }, (_, i) => [(i * 7) % 11, (i * 5) % 13])
    .map(([x, z]) => `${x},${z},${target(x, z)}`)
    .join("\n");

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

interface Predicted {
  readonly sample: string;
  readonly classes: readonly { readonly name: string; readonly probability: number }[];
}

async function predictions(...args: string[]): Promise<Predicted[]> {
  const { code, out, errors } = await tidu("predict", ...args, "--json");
  expect(errors).toBe("");
  expect(code).toBe(0);
  return jsonLines(out)[0].predictions as Predicted[];
}

beforeAll(async () => {
  await write("classes.csv", `x,z,y\n${rows(120, (x, z) => quoted(NAMES[(x + z) % 3]))}\n`);
  await write("values.csv", `x,z,"one, two"\n${rows(120, (x, z) => String(100 * x - 3.5 * z + 0.25))}\n`);
  await tidu("train", "classes.csv", ...QUICK, "--out", "classes");
  await tidu("train", "values.csv", ...QUICK, "--target", "one, two", "--out", "values");
});

/** Python with NumPy, as Debian has it. */
const numpy = async (code: string, ...args: string[]): Promise<unknown> =>
  JSON.parse(
    (await promisify(execFile)("/usr/bin/python3", ["-c", `import numpy, sys, json\n${code}`, ...args])).stdout,
  );

it("files that are not there are a wrong path", async () => {
  for (const file of ["none.csv", "none/at/all.csv", "none.csv.gz"]) {
    const { code, errors } = await tidu("predict", "classes", file);
    expect([code, errors]).toEqual([2, `tidu: ${file}: there is no such file or folder\n`]);
  }
});

describe("a file of predictions", () => {
  it("has all probabilities, as CSV, as lines of JSON and for NumPy", async () => {
    const shown = await predictions("classes", "classes.csv", "--top", "3");
    for (const name of ["p.csv", "p.jsonl", "p.npz"]) {
      const { code, out, errors } = await tidu("predict", "classes", "classes.csv", "--out", name);
      expect([code, errors]).toEqual([0, ""]);
      expect(linesOf(out).at(-1)).toBe(`120 predictions written to ${name}`);
    }
    const table: string[][] = parse(await readFile(path("p.csv")));
    expect(table[0]).toEqual(["sample", "prediction", ...NAMES.map((name) => `probability of ${name}`)]);
    expect(table).toHaveLength(121);
    const lines = jsonLines(await readFile(path("p.jsonl"), "utf8"));
    for (const [i, { sample, classes }] of shown.entries()) {
      const named = Object.fromEntries(classes.map(({ name, probability }) => [name, probability]));
      const numbers = NAMES.map((name) => named[name]);
      expect(lines[i]).toEqual({ sample, prediction: classes[0].name, probabilities: named });
      expect(table[i + 1]).toEqual([sample, classes[0].name, ...numbers.map(String)]);
    }
    const arrays = await numpy(
      "z = numpy.load(sys.argv[1])\nprint(json.dumps({k: z[k].tolist() for k in z}))",
      path("p.npz"),
    );
    expect(arrays).toEqual({
      probabilities: table.slice(1).map((row) => row.slice(2).map(Number)),
      prediction: table.slice(1).map((row) => NAMES.indexOf(row[1])),
      classes: NAMES,
    });
    expect((await readdir(path())).filter((name) => name.startsWith(".tidu-"))).toEqual([]);
  });

  it("has values in their own units", async () => {
    for (const name of ["v.csv", "v.jsonl", "v.npz"]) await tidu("predict", "values", "values.csv", "--out", name);
    const [head, ...table]: string[][] = parse(await readFile(path("v.csv")));
    expect(head).toEqual(["sample", "one, two"]);
    const values = table.map((row) => Number(row[1]));
    expect(jsonLines(await readFile(path("v.jsonl"), "utf8"))[7].values).toEqual({ "one, two": values[7] });
    const read = "z = numpy.load(sys.argv[1])\nprint(json.dumps([z['values'].tolist(), z['targets'].tolist()]))";
    expect(await numpy(read, path("v.npz"))).toEqual([values.map((value) => [value]), ["one, two"]]);
  });

  it("is not there where it could not be finished, and its name says how it is written", async () => {
    await write("bad.csv", `x,z\n${"1,2\n".repeat(3000)}one,2\n`);
    const failed = await tidu("predict", "classes", "bad.csv", "--out", "bad.npz");
    expect(failed.code).toBe(1);
    expect(failed.errors).toMatch(/^tidu: bad\.csv: line 3002, column "x": "one" is not a number/);
    expect((await readdir(path())).filter((name) => /bad\.npz|^\.tidu-/.test(name))).toEqual([]);
    const named = await tidu("predict", "classes", "classes.csv", "--out", "p.xlsx");
    expect(named.code).toBe(2);
    expect(named.errors).toMatch(/--out p\.xlsx: its name must end in \.csv, \.jsonl or \.npz/);
    const nowhere = await tidu("predict", "classes", "classes.csv", "--out", "none/p.csv");
    expect(nowhere.code).toBe(1);
    expect(nowhere.errors).toMatch(/cannot write none\/p\.csv: /);
  });
});

describe("a prediction that is killed", () => {
  const begun = async (): Promise<string[]> =>
    (await readdir(path("kept"))).filter((name) => name.startsWith(".tidu-"));
  const writing = async (out: string) => {
    const before = await begun();
    const process = start("predict", "classes", "-", "--out", out);
    process.type(`x,z\n${"1,2\n".repeat(200)}`);
    await vi.waitUntil(async () => (await begun()).some((name) => !before.includes(name)), { timeout: 60_000 });
    return process;
  };
  const rows = "1,2\n".repeat(3);

  it("leaves what the next one to this folder clears, which spares what others write", async () => {
    await mkdir(path("kept"));
    const killed = await writing("kept/a.csv");
    killed.signal("SIGKILL");
    await killed.outcome;
    const other = await writing("kept/b.csv");
    const [left] = await begun();
    await write("kept/.tidu-notes.part", "a file of a person");
    await write(join("kept", left.replace(/^(\.tidu-\d+-)[\da-f]+/, "$10123456789ab")), "of another machine");
    await write("three.csv", `x,z\n${rows}`);
    expect((await tidu("predict", "classes", "three.csv", "--out", "kept/c.npz")).code).toBe(0);
    expect(await begun()).toHaveLength(3);
    other.endInput();
    expect((await other.outcome).code).toBe(0);
    expect((await readdir(path("kept"))).filter((name) => !name.startsWith("."))).toEqual(["b.csv", "c.npz"]);
  });

  it("leaves nothing where it is asked to end", async () => {
    const before = await begun();
    const ended = await writing("kept/d.csv");
    ended.signal("SIGTERM");
    expect(await ended.outcome).toMatchObject({ code: 143, errors: "tidu: stopped; nothing was written\n" });
    expect(await begun()).toEqual(before);
  });
});

describe("very many samples", () => {
  it("are answered, as a table, as JSON and in a file", async () => {
    const count = 126_000;
    await write("many.csv", `x,z\n${"1,2\n".repeat(count)}`);
    const { code, out, errors } = await tidu("predict", "classes", "many.csv", "--top", "1");
    expect([code, errors]).toEqual([0, ""]);
    expect(linesOf(out)).toHaveLength(count + 1);
    expect(linesOf(out).at(-1)).toMatch(/^many\.csv:126001 {2}/);
    expect(await predictions("classes", "many.csv", "--top", "1")).toHaveLength(count);
  });

  it("come by standard input, too", async () => {
    const running = start("predict", "classes", "-", "--out", "piped.csv");
    running.type(`x,z\n${"1,2\n".repeat(2500)}`);
    running.endInput();
    const { code, errors } = await running.outcome;
    expect([code, errors]).toEqual([0, ""]);
    const table = linesOf(await readFile(path("piped.csv"), "utf8"));
    expect(table).toHaveLength(2501);
    expect(table[1]).toMatch(/^standard input:2,/);
  });
});

describe("tidu summary", () => {
  it("shows what is not usual of windows", async () => {
    await write(
      "windows.ts",
      `import { nn } from "tidu";
      export default () => nn.sequential(
        nn.conv2d(4, 8, 3, { padding: 1, stride: [2, 1], dilation: 2, groups: 2 }), nn.maxPool2d(3, { stride: 2, padding: 1 }),
        nn.conv2d(8, 4, 3), nn.avgPool2d(2), nn.flatten());`,
    );
    const { out, errors } = await tidu("summary", "windows.ts", "--input", "4x24x24");
    expect(errors).toBe("");
    expect(out).toMatch(/^0 +conv2d\(4, 8, 3\), stride \[2, 1\], padding 1, dilation 2, groups 2 +\[/m);
    expect(out).toMatch(/^1 +maxPool2d\(3\), stride 2, padding 1 +\[/m);
    expect(out).toMatch(/^2 +conv2d\(8, 4, 3\) +\[/m);
    expect(out).toMatch(/^3 +avgPool2d\(2\) +\[/m);
  });
});
