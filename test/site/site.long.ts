// The site as it is published, below a path of its host: links, languages, search, accessibility, and its live parts.
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildSite } from "../../scripts/site.mjs";
import { sideways } from "../studio/sideways.js";
import { COLORS } from "../studio/violations.js";
import { OPENING, openBrowser, openPage } from "../support/browser.js";
import { serveFolder } from "../support/static-server.js";

vi.setConfig({ testTimeout: 60_000 });

const BASE = "/docs/tidu/";
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let folder: string;
let site: string;
let address: string;
let browser: Browser;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-site-"));
  ends.push(() => rm(folder, { recursive: true }));
  site = join(folder, BASE);
  await cp(await buildSite(BASE), site, { recursive: true });
  const server = await serveFolder(folder, {});
  ends.push(server.close);
  address = server.address.replace(/\/$/, BASE);
  browser = await openBrowser();
  ends.push(() => browser.close());
}, 2 * OPENING);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const open = async (path: string): Promise<{ page: Page; problems: string[] }> => openPage(browser, address + path);

describe("the site", () => {
  it("has no dead link and no missing anchor", async () => {
    const pages = (await readdir(site, { recursive: true })).filter((name) => /^(?!studio\/|404).*\.html$/.test(name));
    expect(pages.length).toBeGreaterThan(40);
    const texts = new Map<string, string>();
    const textOf = async (path: string): Promise<string | undefined> => {
      const known = texts.get(path) ?? (await readFile(join(site, path), "utf8").catch(() => undefined));
      if (known !== undefined) texts.set(path, known);
      return known;
    };
    const dead: string[] = [];
    for (const page of pages) {
      const text = (await textOf(page)) as string;
      for (const [, href] of text.matchAll(/<a[^>]* href="([^"]*)"/g)) {
        if (/^[a-z]+:/.test(href)) continue;
        const [path, anchor] = decodeURIComponent(href).split("#");
        const target =
          path === ""
            ? page
            : new URL(path, `http://site${BASE}${page}`).pathname.slice(BASE.length).replace(/(^|\/)$/, "$1index.html");
        const found = await textOf(target);
        if (found === undefined) dead.push(`${page}: ${href}`);
        else if (anchor && !found.includes(` id="${anchor}"`)) dead.push(`${page}: ${href} has no such anchor`);
      }
    }
    expect(dead).toEqual([]);
  });

  it("has nothing that is scrolled sideways on a phone", { timeout: 600_000 }, async () => {
    const pages = (await readdir(site, { recursive: true })).filter((name) => /^(?!studio\/|404).*\.html$/.test(name));
    const { page, problems } = await open("");
    const wide: unknown[] = [];
    for (const path of pages) {
      await page.goto(address + path, { waitUntil: "domcontentloaded" });
      const found = await sideways(page, [390]);
      if (found.length > 0) wide.push([path, found]);
    }
    expect(wide).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it("has every page in both languages", async () => {
    const pages = (await readdir(site, { recursive: true })).filter((name) => /^(?!studio\/|404).*\.html$/.test(name));
    const chinese = pages.filter((name) => name.startsWith("zh/"));
    expect(chinese.map((name) => name.slice("zh/".length)).sort()).toEqual(
      pages.filter((name) => !name.startsWith("zh/")).sort(),
    );
  });

  it.each([
    ["", "Train LeNet in this page", /epoch 2: (9\d\.\d)%/],
    ["zh/", "在本页训练 LeNet", /第 2 轮：1,000 个测试数字的准确率 (9\d\.\d)%/],
  ])("trains LeNet on the front page %s", async (path, button, ending) => {
    const { page, problems } = await open(path);
    await page.getByRole("button", { name: button }).click();
    await page.getByText(ending).waitFor({ timeout: 50_000 });
    expect(await page.locator(".lenet-digits li").count()).toBe(24);
    // The first test digits of MNIST.
    expect((await page.locator(".lenet-digits b").allTextContents()).slice(0, 4)).toEqual(["7", "2", "1", "0"]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it("compiles a step in the page about the compiler", async () => {
    const { page, problems } = await open("learn/machine-code.html");
    await page.getByRole("button", { name: "Compile the step in this page" }).click();
    await page.locator(".stages pre").first().waitFor();
    const [graph, program] = await page.locator(".stages pre").allTextContents();
    expect(graph).toMatch(/^%\d+ = /m);
    expect(graph).toMatch(/^return /m);
    expect(program).toMatch(/kernel/);
    expect(problems).toEqual([]);
    await page.close();
  });

  it.each([
    ["learn/first-network.html", "vanishing gradient", "What went wrong"],
    ["zh/learn/first-network.html", "过拟合", "哪里出了问题"],
  ])("is searched in the page, from %s", async (path, words, title) => {
    const { page } = await open(path);
    await page.waitForLoadState("networkidle");
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill(words);
    await page.locator(".VPLocalSearchBox .result").first().waitFor();
    expect((await page.locator(".VPLocalSearchBox .results").textContent()) ?? "").toContain(title);
    await page.close();
  });

  it.each([
    "",
    "zh/",
    "learn/first-network.html",
    "zh/learn/what-went-wrong.html",
    "from/pytorch.html",
    "api/tidu/insight.html",
    "zh/api/tidu/data.html",
  ])("is accessible: %s", async (path) => {
    const { page } = await open(path);
    await page.addScriptTag({ path: AXE });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      // What VitePress itself brings is in its own hands; the texts and live parts are ours.
      const found = await page.evaluate(
        async (options) => {
          const { axe } = globalThis as unknown as {
            axe: { run(context: unknown, options: unknown): Promise<{ violations: Violation[] }> };
          };
          interface Violation {
            readonly id: string;
            readonly nodes: readonly { readonly html: string }[];
          }
          const { violations } = await axe.run({ include: [".vp-doc"] }, options);
          return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
        },
        { resultTypes: ["violations"], preload: false, ...(colorScheme === "light" ? {} : { runOnly: COLORS }) },
      );
      expect(found, colorScheme).toEqual([]);
    }
    await page.close();
  });

  it("is quick from a click to the first digits: so many bytes, so many steps", async () => {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const news: string[] = [];
      const Plain = Worker;
      class Heard extends Plain {
        constructor(...given: ConstructorParameters<typeof Plain>) {
          super(...given);
          this.addEventListener("message", ({ data }) => news.push(data.kind));
        }
      }
      Object.assign(globalThis, { Worker: Heard, news });
    });
    await page.goto(address, { waitUntil: "networkidle" });
    const fetched = new Set<string>();
    page.on("request", (request) => void fetched.add(request.url().slice(address.length)));
    await page.locator(".lenet button").click();
    await page.locator(".lenet-digits b").first().waitFor({ timeout: 50_000 });
    const news = await page.evaluate(() => (globalThis as unknown as { news: string[] }).news);
    // 6,000 digits in mini-batches of 64.
    expect(news.slice(0, news.indexOf("digits")).filter((kind) => kind === "step")).toHaveLength(94);
    expect([...fetched].filter((name) => name.endsWith(".idx"))).toHaveLength(4);
    const sizes = await Promise.all(
      [...fetched].map(async (name) => gzipSync(await readFile(join(site, name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1700 * 1024);
    await page.close();
  });

  it("shows the front page's code whole", async () => {
    const { page } = await open("");
    await page.setViewportSize({ width: 1440, height: 900 });
    const [whole, seen] = await page
      .locator(".front-demo pre")
      .evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
    expect(whole).toBe(seen);
    await page.close();
  });

  it("is quick: the front page's own files are small", async () => {
    const { page } = await open("");
    await page.waitForLoadState("networkidle");
    const names = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    const files = names
      .filter((name) => name.startsWith(address))
      .map((name) => name.slice(address.length).split("?")[0]);
    const sizes = await Promise.all(
      ["index.html", ...files].map(async (file) => gzipSync(await readFile(join(site, file))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300 * 1024);
    await page.close();
  });
});
