// What axe has against a page.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What depends on colors alone: all that is left to look at in the other color scheme of a page that was looked at. */
export const COLORS = ["color-contrast"];

/** Violations of accessibility that axe finds, by all its rules or by some. */
export async function violations(page: Page, rules?: readonly string[]): Promise<unknown[]> {
  await page.evaluate(await readFile(AXE, "utf8"));
  return page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    const found = await axe.run(runOnly === undefined ? {} : { runOnly });
    return found.violations.map(({ id, nodes }) => [id, nodes.map((n) => n.failureSummary + n.html)]);
  }, rules);
}
