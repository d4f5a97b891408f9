// What the tests of the playground share: the built site, a page of it, and what a person does there.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { OPENING, openPage } from "../../support/browser.js";
import { openSite, type Site } from "../site.js";

/** Milliseconds, on a machine that may be busy: for an answer of a page, and for a training. */
export const SOON = 20_000;
export const TIMEOUT = 60_000;

/** For a browser that has a graphics card, whose driver computes on the processor. */
export const CARD = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

let site: Site;

/** Builds and serves the site for the tests of a file. */
export function useSite(flags: readonly string[] = []): () => Site {
  beforeAll(async () => {
    site = await openSite(flags);
  }, OPENING);
  afterAll(() => site.close());
  return () => site;
}

type Opened = Awaited<ReturnType<typeof openPage>>;

/** Pages that tests are done with; to open one again takes less than to open another. */
const idle: Opened[] = [];

/** A page of the studio, in English, as one that was never there before; it is the test's own until that ends. */
export async function open(path: string, address = site.address): Promise<Opened> {
  const again = address === site.address ? idle.pop() : undefined;
  if (again !== undefined) await again.page.goto(`${address}${path}`);
  const opened = again ?? (await openPage(site.browser, `${address}${path}`));
  const { page } = opened;
  page.setDefaultTimeout(SOON);
  onTestFinished(() => (address === site.address ? leave(opened) : page.close()));
  return opened;
}

async function leave({ page, problems }: Opened): Promise<void> {
  await page.evaluate(() => localStorage.clear());
  await page.goto("about:blank");
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  // What it said at its end, when all was cut off, is not the next test's.
  problems.length = 0;
  idle.push({ page, problems });
}

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole("button", { name, exact: true }).click();
export const numberOf = async (locator: Locator): Promise<number> => Number(await locator.getAttribute("value"));

/** The heads of the layers. */
export const heads = (page: Page): Locator => page.getByRole("list", { name: "Layers" }).locator(".head");
export const kinds = (page: Page): Promise<string[]> => heads(page).allInnerTexts();

/** What a button gives to be saved. */
export async function download(page: Page, name: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), press(page, name)]);
  return readFile(await file.path());
}

export const done = async (page: Page): Promise<number> =>
  Number(/[\d,]+/.exec(await page.locator("#position").innerText())?.[0].replaceAll(",", ""));

/** Does single steps, each of which is an epoch, until so many are done. */
export async function steps(page: Page, epochs: number): Promise<void> {
  for (;;) {
    const now = await done(page);
    if (now === epochs) return;
    await press(page, "One step");
    await page
      .locator("#position")
      .getByText(`Epochs done: ${(now + 1).toLocaleString("en")};`)
      .waitFor();
  }
}

/** As fast as it goes, which is more than there is to see. */
export const fullSpeed = (page: Page): Promise<void> => page.getByLabel("Pace").press("End");

/** Plays until so many epochs are done, and pauses. */
export async function playUntil(page: Page, epochs: number, timeout = SOON): Promise<void> {
  await fullSpeed(page);
  await press(page, "Play");
  const reached = (least: number) =>
    Number(/[\d,]+/.exec(document.getElementById("position")?.textContent ?? "")?.[0].replaceAll(",", "")) >= least;
  await page.waitForFunction(reached, epochs, { timeout });
  await press(page, "Pause");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
}

/** Goes to another address of the page, as a link does. */
export const goTo = (page: Page, hash: string): Promise<void> =>
  page.evaluate(
    (to) =>
      new Promise<void>((done) => {
        addEventListener("hashchange", () => requestAnimationFrame(() => done()), { once: true });
        location.hash = to;
      }),
    hash,
  );
