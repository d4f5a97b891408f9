import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { experimentNames, loadExperiment } from "../../packages/cli/src/cli/experiments.js";
import { filled } from "../../packages/cli/src/experiment/filled.js";
import {
  bootstrapInterval,
  type Experiment,
  type Interval,
  meanInterval,
  type Result,
} from "../../packages/cli/src/experiment/index.js";
import { findingOf } from "../../packages/cli/src/experiment/statistics.js";
import { numberFrom } from "../../packages/cli/src/text/numbers.js";

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
  [...text.matchAll(/[-−]?\d[\d,]*(\.\d+)?(×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?/g)].map(([number, fraction, power = ""]) => ({
    value: numberFrom(number.replaceAll(",", "")),
    places: (fraction?.length ?? 1) - 1 - Math.round(Math.log10(numberFrom(`1${power}`))),
  }));

/** Every number in a value, those in its texts included; not those of single seeds, among which any could be found. */
function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value === "string") return numbersIn(value).map((n) => n.value);
  const parts = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return parts.filter(([key]) => key !== "values").flatMap(([, part]) => numbersOf(part));
}

/** How an answer begins: yes or no, to what extent, or with what is asked for. */
const ANSWERS = /^(Yes|No|Only in part|Hardly|In deep learning yes|As an operation yes|Data|It)\b/;

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
    expect(result.seeds).toHaveLength(2 * SEEDS);
    expect(result.measures.map(({ id }) => id)).toEqual(Object.keys(experiment.measures));
    for (const { values, ...measure } of result.measures) {
      expect(values).toHaveLength(result.seeds.length);
      closeTo(measure.id, measure, bootstrapInterval(values), values);
      expect(measure.label).toEqual(experiment.words.labels[measure.id]);
    }
    const pairs = result.comparisons.map(({ a, b, matters }) => [a, b, matters]);
    expect(pairs).toEqual(experiment.comparisons);
    for (const { values, ...difference } of result.comparisons) {
      const [a, b] = [difference.a, difference.b].map((id) => result.measures.find((m) => m.id === id)?.values ?? []);
      values.forEach((value, i) => expect(value).toBeCloseTo(a[i] - b[i], 3));
      closeTo(difference.id, difference, meanInterval(values), values);
    }
  });

  it.each(names)("%s: no interval of a share, a loss or a time reaches where it cannot be", (name) => {
    const [, { measures, curves, times }] = both(name);
    const all = [
      ...measures,
      ...(times?.measures ?? []),
      ...curves.flatMap(({ unit, points }) => points.map((p) => ({ unit, ...p }))),
    ];
    for (const { unit, low, high } of all) {
      if (low === null) continue;
      expect(low).toBeGreaterThanOrEqual(0);
      if (unit === "%" && name !== "flip-or-not") expect(high).toBeLessThanOrEqual(100);
    }
  });

  it.each(names)("%s: the fresh seeds agree with the first ones wherever something is said to be so", (name) => {
    const [{ words }, result] = both(name);
    for (const { id, values, matters, sets, finding } of result.comparisons) {
      expect(matters, id).toBeGreaterThan(0);
      const halves = [values.slice(0, SEEDS), values.slice(SEEDS)].map(meanInterval);
      halves.forEach((half, i) => closeTo(id, sets[i], half, values));
      expect(finding, id).toBe(findingOf(halves[0], halves[1], matters));
    }
    // The verdict rests on what was found, and on something that was established.
    const rests = Object.entries(words.rests ?? {});
    const findings = rests.map(([id]) => [id, result.comparisons.find((one) => one.id === id)?.finding]);
    expect(findings).toEqual(rests);
    expect(rests.some(([, finding]) => finding !== "open")).toBe(true);
  });

  it.each(names)("%s: has a hypothesis, and a verdict that begins with a short answer, in both languages", (name) => {
    const [{ words }, result] = both(name);
    expect(words.hypothesis?.en).toMatch(/^If /);
    expect(words.hypothesis?.zh).toMatch(/^如果/);
    const { en, zh } = filled(words.verdict, result);
    const [sentences, inChinese] = [en.split(/(?<=[.?!])\s/), zh.split(/(?<=[。？！])/)];
    expect(sentences[0]).toMatch(ANSWERS);
    expect(sentences[0].split(" ").length, sentences[0]).toBeLessThanOrEqual(16);
    expect(inChinese[0].length, inChinese[0]).toBeLessThanOrEqual(26);
    // The numbers come after it, in sentences that can be read.
    expect(`${sentences[0]}${inChinese[0]}`).not.toMatch(/\d{2}|\d\.\d/);
    expect(sentences.length).toBeGreaterThan(1);
    expect(inChinese.length).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence.split(" ").length, sentence).toBeLessThanOrEqual(42);
    expect(en + zh).not.toMatch(/[;；]/);
  });

  it.each(names)("%s: every number in its texts is in the result, and both languages have the same ones", (name) => {
    const [{ words }, result] = both(name);
    const known = numbersOf([result, words.method, words.labels, words.hypothesis]);
    // Rounded, a half either way: 0.865 may be 0.86499… in binary.
    const found = (value: number, places: number) =>
      known.some((n) => Math.abs(Math.abs(n) - Math.abs(value)) <= 0.5 * 10 ** -places + 1e-9);
    for (const text of [words.verdict, words.details, words.hypothesis, words.method]) {
      const { en, zh } = filled(text ?? { en: "", zh: "" }, result);
      const written = [en, zh].map(numbersIn);
      for (const { value, places } of written.flat()) expect(found(value, places), `${value}`).toBe(true);
      const [inEnglish, inChinese] = written.map((list) =>
        list.map(({ value }) => Math.abs(value)).sort((a, b) => a - b),
      );
      expect(inChinese).toEqual(inEnglish);
    }
    expect(numbersIn(filled(words.verdict, result).en).length).toBeGreaterThan(0);
  });
});

/** The first so many seeds are one set, the rest are fresh ones. */
const SEEDS = 16;

/** Checks an interval of a result, which has six digits, against the one that its values have. */
function closeTo(id: string, stored: Interval, again: Interval, values: readonly number[]): void {
  const size = Math.max(...values.map(Math.abs)) || 1;
  for (const key of ["mean", "low", "high"] as const)
    if (again[key] === null) expect(stored[key], `${id} ${key}`).toBeNull();
    else expect((stored[key] as number) / size, `${id} ${key}`).toBeCloseTo(again[key] / size, 4);
}

describe("the page of all results", () => {
  it.each([
    ["en", "docs/experiments.md"],
    ["zh", "docs/zh/experiments.md"],
  ])("is what its script makes of the results: %s", async (language, page) => {
    const script = `${FOLDER}../scripts/experiments.mjs`;
    const { stdout } = await promisify(execFile)(process.execPath, [script, "--print", language]);
    expect(await readFile(`${FOLDER}../${page}`, "utf8"), "run npm run experiments:docs").toBe(stdout);
    // A bar in a cell is not a border: every row has as many cells as its table's head.
    for (const table of stdout.match(/(^\|.*\n)+/gm) ?? []) {
      const rows = table.trimEnd().split("\n");
      const cells = (row: string) => row.replaceAll("\\|", "").split("|").length;
      for (const row of rows) expect(cells(row), row).toBe(cells(rows[0]));
    }
  });
});
