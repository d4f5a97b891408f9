import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { experimentNames, loadExperiment } from "../../packages/cli/src/cli/experiments.js";
import { type Experiment, meanInterval, type Result } from "../../packages/cli/src/experiment/index.js";

const FOLDER = fileURLToPath(new URL("../../experiments/", import.meta.url));
const read = (path: string) => readFile(`${FOLDER}${path}`, "utf8");

const names = experimentNames();
const experiments = new Map<string, Experiment>();
const results = new Map<string, Result>();
for (const name of names) {
  experiments.set(name, await loadExperiment(name));
  results.set(name, JSON.parse(await read(`results/${name}.json`)));
}
const both = (name: string) => [experiments.get(name) as Experiment, results.get(name) as Result] as const;

/** The numbers that are written in a text, with the places after the point that each has. */
const numbersIn = (text: string): { value: number; places: number }[] =>
  [...text.matchAll(/[-−]?\d[\d,]*(\.\d+)?/g)].map(([number, fraction]) => ({
    value: Number(number.replace("−", "-").replaceAll(",", "")),
    places: (fraction?.length ?? 1) - 1,
  }));

/** Every number in a value, those in its texts included; not those of single seeds, among which any could be found. */
function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value === "string") return numbersIn(value).map((n) => n.value);
  const parts = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return parts.filter(([key]) => key !== "values").flatMap(([, part]) => numbersOf(part));
}

describe("the experiments", () => {
  it("are all there, each with a result", async () => {
    expect(names).toHaveLength(10);
    const files = await readdir(`${FOLDER}results`);
    expect(files.sort()).toEqual(names.map((name) => `${name}.json`).sort());
  });

  it("import the package by its names, and each other", async () => {
    const files = (await readdir(FOLDER, { recursive: true })).filter((file) => file.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const source = await read(file);
      const imported = [...source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, from]) => from);
      for (const from of imported)
        expect(from, file).toMatch(
          /^tidu(\/(?!internal)[a-z]+)?$|^@tidu\/(onnx$|cli\/)|^\.\/(lib\/)?[a-z-]+(\.words)?\.js$/,
        );
    }
  });

  it.each(names)("%s: the result is its own, and its means and intervals are those of its values", (name) => {
    const [experiment, result] = both(name);
    expect(experiment.name).toBe(name);
    expect(result).toMatchObject({ name, question: experiment.words.question, command: `tidu experiment ${name}` });
    expect(result.settings).toEqual(experiment.settings);
    expect(result.seeds).toEqual(Array.from({ length: experiment.seeds }, (_, i) => i + 1));
    expect(result.seeds.length).toBeGreaterThanOrEqual(5);
    expect(result.measures.map(({ id }) => id)).toEqual(Object.keys(experiment.measures));
    for (const { id, label, values, ...interval } of [...result.measures, ...result.comparisons]) {
      const again = meanInterval(values);
      const size = Math.max(...values.map(Math.abs)) || 1;
      for (const key of ["mean", "low", "high"] as const) {
        expect((interval[key] as number) / size, `${id} ${key}`).toBeCloseTo((again[key] as number) / size, 4);
      }
      expect(values).toHaveLength(result.seeds.length);
      expect(Object.values(label).every((text) => text !== "")).toBe(true);
    }
    for (const { id, label } of result.measures) expect(label).toEqual(experiment.words.labels[id]);
  });

  it.each(names)("%s: every number in its verdict is in the result", (name) => {
    const [{ words }, result] = both(name);
    const known = numbersOf([result, words.method, words.labels]);
    const found = (value: number, places: number) =>
      known.some((n) => [n, -n].some((m) => m.toFixed(places) === value.toFixed(places)));
    const written = [words.verdict.en, words.verdict.zh].map(numbersIn);
    for (const { value, places } of written.flat()) expect(found(value, places), `${value}`).toBe(true);
    const [en, zh] = written.map((list) => list.map(({ value }) => Math.abs(value)).sort((a, b) => a - b));
    expect(en.length).toBeGreaterThan(2);
    expect(zh).toEqual(en);
  });
});

describe("the page of all results", () => {
  it.each([
    ["en", "docs/experiments.md"],
    ["zh", "docs/zh/experiments.md"],
  ])("is what its script makes of the results: %s", async (language, page) => {
    const script = `${FOLDER}../scripts/experiments.mjs`;
    const { stdout } = await promisify(execFile)(process.execPath, [script, "--print", language]);
    expect(await readFile(`${FOLDER}../${page}`, "utf8"), "run npm run experiments:docs").toBe(stdout);
    // A bar in a cell is not a border.
    for (const row of stdout.match(/^\|.*$/gm) ?? []) expect(row.replaceAll("\\|", "").split("|"), row).toHaveLength(6);
  });
});
