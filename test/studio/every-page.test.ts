// What holds for every page: sizes of type are those of the scale, and nothing has to be scrolled sideways on a phone.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPENING, openPage } from "../support/browser.js";
import { sideways } from "./sideways.js";
import { openSite, type Site } from "./site.js";

const SOURCE = fileURLToPath(new URL("../../studio/src", import.meta.url));
/** Pixels at the usual size of text. */
const SCALE = [10, 12, 14, 16, 20, 24];
const WIDTHS = [390, 1440, 2560];
/** Milliseconds for a page, on a machine that may be busy, and for all of them. */
const SOON = 20_000;
const TIMEOUT = 120_000;

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, OPENING);
afterAll(() => site.close());

test("style sheets name no size of type but the scale's", async () => {
  const files = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith(".css"));
  expect(files.length).toBeGreaterThan(5);
  const others: string[] = [];
  for (const file of files) {
    const text = (await readFile(join(SOURCE, file), "utf8")).replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [whole, name, value] of text.matchAll(/(font-size|font|--t-[a-z]+):\s*([^;]+);/g)) {
      const sizes = name === "font" ? /^inherit$|var\(--t-[a-z]+\)/ : /^var\(--t-[a-z]+\)$/;
      const isToken = name.startsWith("--t-") && SCALE.includes(16 * Number.parseFloat(value));
      if (!isToken && !sizes.test(value)) others.push(`${file}: ${whole}`);
    }
  }
  expect(others).toEqual([]);
});

/** Texts of other sizes, as they are seen; runs in the page. Letters of formulas are as large as formulas have them. */
function others(scale: readonly number[]): string[] {
  const found = new Set<string>();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
    const own = node.parentElement as Element;
    if (!node.nodeValue?.trim() || own.closest("math, script, style, option, .visually-hidden") !== null) continue;
    if (own.getClientRects().length === 0) continue;
    const matrix = own instanceof SVGGraphicsElement ? own.getScreenCTM() : null;
    const size =
      Number.parseFloat(getComputedStyle(own).fontSize) * (matrix === null ? 1 : Math.hypot(matrix.a, matrix.b));
    // A drawing's letters are sized by a width in whole pixels.
    if (!scale.some((one) => Math.abs(one - size) < 0.1)) found.add(`${size}: ${node.nodeValue.slice(0, 40)}`);
  }
  return [...found];
}

/** Every page of the studio, with all that is folded in it opened. */
async function eachPage(check: (page: Page, name: string) => Promise<void>): Promise<void> {
  const pages = (await readdir(site.folder, { recursive: true })).filter((name) => name.endsWith("index.html"));
  expect(pages.length).toBeGreaterThan(13);
  const { page, problems } = await openPage(site.browser, site.address);
  for (const name of pages) {
    await page.goto(`${site.address}${name.replace(/index\.html$/, "")}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
    await page.evaluate(() => {
      for (const folded of Array.from(document.querySelectorAll("details"))) folded.open = true;
    });
    await check(page, name);
  }
  await page.close();
  expect(problems).toEqual([]);
}

test("every text has a size of the scale", { timeout: TIMEOUT }, () =>
  eachPage(async (page, name) => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      // A drawing takes its new size a moment later.
      const look = () => page.evaluate(others, SCALE);
      await expect.poll(look, { message: `${name}, ${width}`, timeout: SOON }).toEqual([]);
    }
  }),
);

test("nothing has to be scrolled sideways on a phone, in either language", { timeout: TIMEOUT }, () =>
  eachPage(async (page, name) => {
    for (const language of ["zh", "en"]) {
      await page.locator(".bar select").first().selectOption(language);
      await expect.poll(() => sideways(page), { message: `${name}, ${language}`, timeout: SOON }).toEqual([]);
    }
  }),
);
