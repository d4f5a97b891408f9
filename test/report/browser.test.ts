import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportHtml } from "../../packages/cli/src/report/page/page.js";
import { writeFileAtomic } from "../../packages/tidu/src/io/files.js";
import { sideways } from "../studio/sideways.js";
import { OPENING, openBrowser } from "../support/browser.js";
import { classFindings, report, valueFindings } from "./support/example.js";

let folder: string;
let browser: Browser;
let axe: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-page-"));
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");
  const pages = { classes: await classFindings(), values: await valueFindings() };
  for (const [name, findings] of Object.entries(pages)) {
    await writeFileAtomic(join(folder, `${name}.html`), Buffer.from(reportHtml(report(findings))));
  }
  browser = await openBrowser();
}, OPENING);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

/** Opens a page, and gathers what it says on the console and what it asks for besides itself. */
async function open(name: string, options: BrowserContextOptions): Promise<{ page: Page; problems: string[] }> {
  const address = pathToFileURL(join(folder, `${name}.html`)).href;
  const page = await (await browser.newContext(options)).newPage();
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => problems.push(dialog.message()));
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) problems.push(request.url());
  });
  await page.goto(address);
  return { page, problems };
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds, by all its rules or by some: rules that are broken, and names of those that hold. */
async function look(page: Page, runOnly?: readonly string[]): Promise<{ broken: string[]; held: string[] }> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe);
  // To name each element that passes takes longer than to look at them.
  const options = JSON.stringify({ resultTypes: ["violations"], runOnly });
  const found = (await page.evaluate(`axe.run(${options})`)) as { violations: Finding[]; passes: Finding[] };
  return {
    broken: found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    held: found.passes.map(({ id }) => id),
  };
}

const WIDTHS = { phone: 360, screen: 1400 };

test.each<[string, keyof typeof WIDTHS]>([
  ["classes", "phone"],
  ["classes", "screen"],
  ["values", "phone"],
])("the page of %s fits a %s, light and dark, is accessible and asks for nothing", async (name, width) => {
  const { page, problems } = await open(name, {
    viewport: { width: WIDTHS[width], height: 800 },
    colorScheme: "light",
  });
  const fits = async () => expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(WIDTHS[width]);
  await fits();
  const { broken, held } = await look(page);
  expect(broken).toEqual([]);
  expect(held).toEqual(expect.arrayContaining(["color-contrast", "svg-img-alt", "th-has-data-cells"]));
  await page.emulateMedia({ colorScheme: "dark" });
  await fits();
  const dark = await look(page, ["color-contrast"]);
  expect(dark.broken).toEqual([]);
  expect(dark.held).toEqual(["color-contrast"]);
  // With text of twice the size too, and in a window that is wider than a page is read in.
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  await fits();
  await session.send("Page.setFontSizes", { fontSizes: { standard: 16, fixed: 13 } });
  if (width === "screen") {
    await page.setViewportSize({ width: 2560, height: 1440 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(2560);
    expect((await page.locator("main").boundingBox())?.width).toBeGreaterThan(1700);
  }
  if (width === "phone") expect(await sideways(page)).toEqual([]);
  if (name === "values") {
    await page.setViewportSize({ width: WIDTHS.screen, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(WIDTHS.screen);
  }
  expect(problems).toEqual([]);
  await page.context().close();
});

describe("the page", () => {
  test("takes no text for markup", async () => {
    const { page, problems } = await open("classes", {});
    expect(await page.title()).toContain("<script>alert(2)</script>");
    expect(await page.locator("img[src='x'], script").count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test("shows every picture", async () => {
    const { page } = await open("classes", {});
    const widths = await page.evaluate("[...document.images].map((image) => image.naturalWidth)");
    expect(widths).toHaveLength(24 + 6);
    expect(Math.min(...(widths as number[]))).toBe(5);
  });

  test("is printed on white, whatever the screen's colors, without what only a screen can do", async () => {
    const { page } = await open("classes", { colorScheme: "dark" });
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await paper()).not.toBe("rgb(255, 255, 255)");
    await page.emulateMedia({ media: "print" });
    expect(await paper()).toBe("rgb(255, 255, 255)");
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(
      await page
        .locator(".scroll")
        .first()
        .evaluate((e) => getComputedStyle(e).overflow),
    ).toBe("visible");
  });

  test("opens its details and scrolls long tables with the keyboard", async () => {
    const { page } = await open("classes", { viewport: { width: 360, height: 800 } });
    const table = page.getByRole("table").filter({ hasText: "validation accuracy" });
    expect(await table.isVisible()).toBe(false);
    await page.getByText("All epochs in numbers").focus();
    await page.keyboard.press("Enter");
    expect(await table.isVisible()).toBe(true);
    const region = page.getByRole("region", { name: "All epochs in numbers" });
    await page.keyboard.press("Tab");
    expect(await region.evaluate((e) => e === e.ownerDocument.activeElement)).toBe(true);
    // As long as one of many epochs is.
    await region.evaluate((e) => {
      e.style.maxHeight = "3rem";
    });
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => region.evaluate((e) => e.scrollTop)).toBeGreaterThan(0);
  });

  test("goes to a section by its link", async () => {
    const { page } = await open("classes", { reducedMotion: "reduce" });
    await page.getByRole("link", { name: "Configuration" }).press("Enter");
    const place = () => page.locator("#configuration").evaluate((e) => e.getBoundingClientRect().top / innerHeight);
    await expect.poll(place).toBeLessThan(1);
  });
});
