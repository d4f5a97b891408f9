// Readers who set larger text in their browser get the layout of a narrower window, in which nothing is cut or covered.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { done, open, press, useSite } from "./page.js";

/** Text of twice the size that browsers have at first. */
useSite(["--blink-settings=defaultFontSize=32"]);

const SIZES = [
  [390, 844],
  [820, 1180],
  [1440, 900],
  [2560, 1440],
] as const;

/** Parts of the network that lie over each other, by what they say. */
const overlaps = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const parts = Array.from(document.querySelectorAll(".head, .add, .unit, .size > button, .size > span, .more"));
    const named = parts.map((part) => [part, part.getBoundingClientRect()] as const);
    const name = (part: Element) => part.getAttribute("aria-label") ?? part.textContent ?? "";
    return named.flatMap(([a, one], i) =>
      named.slice(i + 1).flatMap(([b, two]) => {
        const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        return across > 1 && down > 1 ? [`${name(a)} over ${name(b)}`] : [];
      }),
    );
  });

/** What stands in less room than it takes: beyond its own edges, or in lines of a few letters. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll(".head, button:not(.unit), label, h2, h3, output, .standing-epoch, .quiet"))
      .filter((own) => own.clientWidth > 2 && own.closest(".visually-hidden") === null)
      .filter(({ scrollWidth, clientWidth, clientHeight, textContent }) => {
        const lines = clientHeight / 48;
        return scrollWidth > clientWidth + 1 || (lines > 3 && (textContent ?? "").length / lines < 6);
      })
      .map((own) => own.textContent ?? ""),
  );

test.each([
  ["", ".plane-view canvas"],
  ["#data=digits", ".pad"],
])("network, result and controls of %j can be used at every size", async (path, result) => {
  const { page, problems } = await open(path);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.locator("#unit-0-0").waitFor();
    await expect.poll(() => overlaps(page), { message: `at ${width}` }).toEqual([]);
    expect(await cut(page), `at ${width}`).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    // A press fails where something else lies over what is pressed.
    const before = await done(page);
    await press(page, "One step");
    await page.locator("#unit-1-0").click();
    await page.getByRole("region", { name: "Unit 1 of layer 2" }).waitFor();
    await page.keyboard.press("Escape");
    await press(page, "Add a layer at position 1");
    await page
      .getByRole("dialog", { name: "Which layer?" })
      .getByRole("button", { name: "relu", exact: true })
      .press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator(result).click();
    await press(page, "Reset");
    expect(before).toBe(0);
    await page.evaluate(() => scrollTo(0, 0));
    const seen = async (selector: string) => (await page.locator(selector).boundingBox())?.height;
    expect(await seen(".network"), `at ${width}`).toBeLessThan(0.8 * height);
    expect(await seen(".play"), `at ${width}`).toBeLessThan(0.25 * height);
  }
  expect(problems).toEqual([]);
});

test("nothing of the other pages lies beside the window", async () => {
  const { page, problems } = await open("notes/");
  const links = await page.getByRole("main").getByRole("link").all();
  const addresses = await Promise.all(links.map((link) => link.evaluate((own: HTMLAnchorElement) => own.href)));
  const notes = [page.url(), ...new Set(addresses)];
  expect(notes.length).toBeGreaterThan(12);
  const beside: string[] = [];
  for (const address of [...notes, new URL("../runs/", page.url()).href]) {
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      if (needed > width) beside.push(`${new URL(address).pathname} at ${width}: ${needed}`);
    }
  }
  expect(beside).toEqual([]);
  expect(problems).toEqual([]);
});
