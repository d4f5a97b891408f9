// What axe has against a page.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What depends on colors alone: all that is left to look at in the other color scheme of a page that was looked at. */
export const COLORS = ["color-contrast"];

/** Violations of accessibility that axe finds, by all its rules or by some, except in what a selector names. */
export async function violations(page: Page, rules?: readonly string[], except = ".none"): Promise<unknown[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await readFile(AXE, "utf8"));
  const asked = { runOnly: rules, except };
  return page.evaluate(async ({ runOnly, except }) => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: object, options: object): Promise<{ violations: Violation[] }> };
    };
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    // What passes is not asked for: to name each of its elements takes longer than to look at them.
    const options = { resultTypes: ["violations"], preload: false };
    const found = await axe.run({ exclude: [except] }, runOnly === undefined ? options : { ...options, runOnly });
    return found.violations.map(({ id, nodes }) => [id, nodes.map((n) => n.failureSummary + n.html)]);
  }, asked);
}
