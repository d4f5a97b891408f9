// Checks the answers that the notes show against the results of the experiments.
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExperimentWords, Result } from "@tidu/cli/experiment";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { filled } from "../../../packages/cli/src/experiment/filled.js";

export const FOLDER = fileURLToPath(new URL("../../../experiments/", import.meta.url));

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
    const { en, zh } = filled(words.verdict, result);
    expect(await verdict.locator('[lang="en"]').innerText()).toBe(en);
    expect(await verdict.locator('[lang="zh-Hans"]').innerText()).toBe(zh);
    expect(en).toMatch(/\d/);
    // What the verdict rests on is seen before anything is unfolded.
    const rests = answer.locator("[data-measure]:not(details *)");
    const shown = await rests.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.measure));
    expect(shown.sort()).toEqual(Object.keys(words.rests ?? {}).sort());
    expect(await answer.locator("code").innerText()).toBe(result.command);
    expect(await answer.innerText()).toContain(result.date);
    expect(await shownNumbers(answer)).toEqual(numbersOf(result));
    expect(await answer.locator(".strip circle").count()).toBe(intervalsOf(result).length);
  }
  expect(await page.locator(".question").count(), "questions without an answer").toBe(names.length);
  return names;
}

/** Every number of an answer, exactly, with what it is said to be. */
const shownNumbers = async (answer: Locator): Promise<string[]> => {
  const all = await answer.locator("data").evaluateAll((numbers) =>
    numbers.map((one) => {
      const { dataset } = one as HTMLElement;
      const { measure } = (one.closest("[data-measure]") as HTMLElement | null)?.dataset ?? {};
      return [measure ?? dataset.point ?? dataset.count, one.getAttribute("value")].join(" ");
    }),
  );
  return all.sort();
};

const intervalsOf = ({ measures, comparisons, times }: Result) => [
  ...measures,
  ...comparisons,
  ...(times?.measures ?? []),
];

const numbersOf = (result: Result): string[] =>
  [
    ...intervalsOf(result).flatMap(({ id, mean, low, high }) =>
      [mean, low, high].filter((value) => value !== null).map((value) => `${id} ${value}`),
    ),
    ...result.curves.flatMap(({ id, points }) => points.map(({ x, mean }) => `${id} ${x} ${mean}`)),
    ...result.counts.map(({ id, value }) => `${id} ${value}`),
  ].sort();
