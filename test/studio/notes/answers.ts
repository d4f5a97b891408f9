import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import type { ExperimentWords, Result } from "tidu/experiment";
import { expect } from "vitest";

const FOLDER = fileURLToPath(new URL("../../../experiments/", import.meta.url));

/** Names of the experiments that have been run. */
export const MEASURED = readdirSync(`${FOLDER}results`).map((file) => basename(file, ".json"));

/**
 * Checks every answer on a page of the notes that is shown in both languages side by side: verdict, date, command, and
 * each number of the result's file.
 *
 * @returns names of the experiments, in the page's order.
 */
export async function checkAnswers(page: Page): Promise<string[]> {
  const names: string[] = [];
  for (const answer of await page.locator("[data-experiment]").all()) {
    const name = (await answer.getAttribute("data-experiment")) ?? "";
    names.push(name);
    const result: Result = JSON.parse(await readFile(`${FOLDER}results/${name}.json`, "utf8"));
    const words: ExperimentWords = (await import(`${FOLDER}${name}.words.ts`)).default;
    const verdict = answer.locator(".verdict");
    expect(await verdict.locator('[lang="en"]').innerText()).toBe(words.verdict.en);
    expect(await verdict.locator('[lang="zh-Hans"]').innerText()).toBe(words.verdict.zh);
    expect(words.verdict.en).toMatch(/\d/);
    expect(await answer.locator("code").innerText()).toBe(result.command);
    expect(await answer.innerText()).toContain(result.date);
    expect(await shownNumbers(answer)).toEqual(numbersOf(result));
    const drawn = await answer.locator(".strip circle").count();
    expect(drawn).toBe(result.measures.length + result.comparisons.length + (result.times?.measures.length ?? 0));
  }
  return names;
}

/** Every number of an answer, exactly, in the order in which it is shown. */
const shownNumbers = (answer: Locator): Promise<number[]> =>
  answer.locator("data").evaluateAll((all) => all.map((one) => Number(one.getAttribute("value"))));

function numbersOf({ measures, comparisons, curves, counts, times }: Result): number[] {
  const intervals = [...grouped(measures), ...grouped(comparisons)];
  const ofIntervals = (all: typeof intervals) =>
    all.flatMap(({ mean, low, high }) => [mean, low, high].filter((value) => value !== null));
  return [
    ...ofIntervals(intervals),
    ...curves.flatMap(({ points }) => points.map(({ mean }) => mean)),
    ...grouped(counts).map(({ value }) => value),
    ...ofIntervals(grouped(times?.measures ?? [])),
  ];
}

/** What shares a unit stands together. */
const grouped = <Q extends { readonly unit: string }>(all: readonly Q[]): Q[] =>
  [...new Set(all.map(({ unit }) => unit))].flatMap((unit) => all.filter((one) => one.unit === unit));
