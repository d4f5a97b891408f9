import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPENING, openBrowser, openPage } from "../support/browser.js";
import { type Bundle, bundle } from "../support/bundle.js";
import { STRICT, serveFolder } from "../support/static-server.js";

const APP = fileURLToPath(new URL("../../examples/draw-a-digit", import.meta.url));

let built: Bundle;
let browser: Browser;
let address: string;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidu-digit-"));
  ends.push(() => rm(folder, { recursive: true }));
  built = await bundle(APP, folder);
  const server = await serveFolder(folder, STRICT);
  ends.push(server.close);
  address = server.address;
  browser = await openBrowser();
  ends.push(() => browser.close());
}, OPENING);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

type Place = readonly [x: number, y: number];

/** Digits as a hand draws them: corners of strokes, in hundredths of the paper. */
const DRAWN: Readonly<Record<string, readonly (readonly Place[])[]>> = {
  0: [
    [
      [50, 20],
      [36, 28],
      [31, 50],
      [37, 72],
      [51, 80],
      [64, 70],
      [69, 48],
      [63, 27],
      [50, 20],
    ],
  ],
  2: [
    [
      [33, 33],
      [42, 22],
      [57, 22],
      [65, 34],
      [60, 48],
      [44, 65],
      [32, 78],
      [50, 76],
      [70, 78],
    ],
  ],
  3: [
    [
      [35, 25],
      [50, 18],
      [63, 27],
      [60, 42],
      [47, 48],
      [62, 55],
      [66, 69],
      [53, 81],
      [35, 76],
    ],
  ],
  4: [
    [
      [42, 20],
      [33, 50],
      [66, 50],
    ],
    [
      [62, 22],
      [58, 82],
    ],
  ],
  7: [
    [
      [30, 24],
      [68, 22],
      [55, 50],
      [46, 82],
    ],
  ],
};

async function draw(page: Page, strokes: readonly (readonly Place[])[]): Promise<void> {
  const box = await page.getByRole("img", { name: "Paper" }).boundingBox();
  if (box === null) throw new Error("the paper is not to be seen");
  const move = ([x, y]: Place, steps: number) =>
    page.mouse.move(box.x + (x / 100) * box.width, box.y + (y / 100) * box.height, { steps });
  for (const [first, ...rest] of strokes) {
    await move(first, 1);
    await page.mouse.down();
    for (const place of rest) await move(place, 2);
    await page.mouse.up();
  }
}

const answerOf = (page: Page) => page.getByRole("status");

describe("the page that knows drawn digits", () => {
  test("is bundled without a warning and without anything that only training needs", () => {
    expect(built.warnings).toEqual([]);
    const modules = built.files.flatMap((file) => (file.type === "chunk" ? Object.entries(file.modules) : []));
    const charactersOf = (path: RegExp): number =>
      modules.reduce((sum, [id, { renderedLength }]) => sum + (path.test(id) ? renderedLength : 0), 0);
    expect(charactersOf(/\/src\/(compile|codegen)\//)).toBeGreaterThan(50_000);
    // A table or two that bundlers do not know to be without effects may stay.
    expect(charactersOf(/\/src\/(optim|insight|data|augment|train\/(?!files))|\/loss\./)).toBeLessThan(1000);
  });

  test("has a network of less than 100 KB", async () => {
    expect((await readFile(join(APP, "src/digits.safetensors"))).length).toBeLessThan(100_000);
  });

  test("recognizes digits that are drawn with the mouse, and forgets them", async () => {
    const { page, problems } = await openPage(browser, address);
    const answer = answerOf(page);
    await answer.getByText("Draw a digit.").waitFor();
    for (const [digit, strokes] of Object.entries(DRAWN)) {
      await draw(page, strokes);
      await answer.getByText(`This is a ${digit}`).waitFor();
      expect(await page.locator('li[aria-current="true"]').innerText()).toMatch(new RegExp(`^${digit}\\s`));
      await page.getByRole("button", { name: "Clear" }).click();
      await answer.getByText("Draw a digit.").waitFor();
    }
    expect(problems).toEqual([]);
  });

  test("works without a mouse, on the screen of a phone, in the dark", async () => {
    const { page, problems } = await openPage(browser, address);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme: "dark" });
    await answerOf(page).getByText("Draw a digit.").waitFor();
    await page.getByRole("button", { name: "Draw one for me" }).focus();
    for (let digit = 0; digit < 10; digit++) {
      await page.keyboard.press("Enter");
      await answerOf(page).getByText(`This is a ${digit}`).waitFor();
    }
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
    expect(problems).toEqual([]);
  });

  test("says so when the network cannot be fetched", async () => {
    const { page } = await openPage(browser, "about:blank");
    await page.route("**/*.safetensors", (route) => route.fulfill({ status: 404 }));
    await page.goto(address);
    await answerOf(page).getByText("This does not work here: the network could not be fetched: 404").waitFor();
  });
});
