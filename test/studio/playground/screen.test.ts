// The screen as a whole: what is seen together, accessibility, languages, speed, size.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { sideways } from "../sideways.js";
import { COLORS, violations } from "../violations.js";
import { done, open, press, useSite } from "./page.js";

/** Bytes that a page may take before it can be used, compressed: the playground, and one of the notes beside its font. */
const PLAYGROUND = 200_000;
const NOTES = 150_000;
const site = useSite();

/** Whether all of it lies within the window. */
async function isSeen(page: Page, selector: string): Promise<boolean> {
  const box = await page.locator(selector).first().boundingBox();
  const size = page.viewportSize();
  if (box === null || size === null) return false;
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
}

const SIZES = [
  [1440, 900],
  [390, 844],
  [820, 1180],
  [1920, 1080],
  [2560, 1440],
] as const;

test.each(["", "#data=digits"])(
  "network, result and controls are seen together at every size, and controls never go: %j",
  async (path) => {
    const { page, problems } = await open(path);
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      await page.locator("#unit-0-0").waitFor();
      // All columns are in the picture, once it has taken its new place.
      const fits = () => {
        const [network, heads] = [document.querySelector(".network"), document.querySelectorAll(".head")];
        const last = heads[heads.length - 1];
        if (network === null || last === undefined) return false;
        // Nor is anything cut off at its end.
        const view = document.querySelector(".network-view");
        if (view === null || view.scrollWidth > view.clientWidth) return false;
        return last.getBoundingClientRect().right <= network.getBoundingClientRect().right + 1;
      };
      await page.waitForFunction(fits);
      const result = path === "" ? ".plane-view canvas" : ".pad";
      for (const what of [".network", result, ".play-buttons"])
        expect(await isSeen(page, what), `${what} at ${width}`).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      // Names of layers are not cut, and how many more units there are stands in one line.
      const cut = await page.evaluate(() =>
        Array.from(document.querySelectorAll(".head, .more"))
          .filter((own) =>
            own.matches(".more")
              ? own.clientHeight > 16
              : own.scrollWidth > own.clientWidth + 1 || own.scrollHeight > own.clientHeight + 1,
          )
          .map((own) => own.textContent),
      );
      expect(cut, `at ${width}`).toEqual([]);
      // Where there is a column for it, all of the result is seen.
      if (width >= 1900)
        expect(await page.locator(".result").evaluate((own) => own.scrollHeight - own.clientHeight)).toBe(0);
      // Pace, examples and the link are there at every size; nothing in the bar lies over something else.
      await page.getByLabel("Pace").waitFor();
      await page.getByRole("button", { name: "Copy link" }).waitFor();
      const [buttons, standing] = [
        await page.locator(".play-buttons").boundingBox(),
        await page.locator(".standing-epoch").boundingBox(),
      ];
      if (buttons === null || standing === null) throw new Error("there are no controls");
      const apart = standing.x >= buttons.x + buttons.width || standing.y + standing.height <= buttons.y;
      expect(apart, `epoch beside the buttons at ${width}`).toBe(true);
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      expect(await isSeen(page, ".play-buttons")).toBe(true);
    }
    // A wide window is used: what explains more is on the first screen too, at its right edge.
    await page.evaluate(() => scrollTo(0, 0));
    const [setup, side] = [await page.locator(".setup").boundingBox(), await page.locator(".details").boundingBox()];
    if (setup === null || side === null) throw new Error("there is no stage");
    expect(setup.x).toBeLessThan(40);
    expect(side.x + side.width).toBeGreaterThan(2520);
    expect(side.y).toBeLessThan(200);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(1440);
    expect(problems).toEqual([]);
  },
);

test("the tabulator goes from left to right: data and recipe come before the network where they stand left of it", async () => {
  const { page, problems } = await open("");
  for (const [width, first] of [
    [1440, "setup"],
    [820, "middle"],
    [1440, "setup"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.locator(".stage > *").first().getAttribute("class")).toBe(first);
    expect(await page.locator(".setup").count()).toBe(1);
  }
  expect(problems).toEqual([]);
});

test("a phone has room for the scrubber and names its losses; histograms stand in columns at every size", async () => {
  const { page, problems } = await open("#lr=0.0003&batch=1000");
  await page.setViewportSize({ width: 390, height: 844 });
  for (let i = 0; i < 2; i++) await press(page, "One step");
  await page.locator(".standing-loss .testing").waitFor();
  const widthOf = async (selector: string) => (await page.locator(selector).boundingBox())?.width;
  expect(await widthOf(".scrub")).toBeGreaterThan(100);
  const losses = await page.locator(".standing-loss").innerText();
  expect(losses).toMatch(/^training\s+0\.\d+\s+test\s+0\.\d+$/);
  expect((await page.locator(".standing-loss").boundingBox())?.height).toBeLessThan(40);
  // As long as a loss may be.
  const beyond = await page.locator(".last").evaluate((table) => {
    Array.from(table.querySelectorAll("td data")).forEach((cell, i) => {
      cell.textContent = i % 2 === 0 ? "9.55×10⁻⁶" : "100.00%";
    });
    return table.scrollWidth - (table.parentElement?.clientWidth ?? 0);
  });
  expect(beyond).toBeLessThanOrEqual(0);
  // Names stand beside small pictures, which they would cover.
  expect(await page.locator(".unit .name").allInnerTexts()).toEqual(["x", "y", "0", "1"]);
  expect(await page.locator(".unit .name.beside").count()).toBe(4);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    for (const kind of ["values", "gradients"]) {
      const lefts = await page
        .locator(`.bars.${kind}`)
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
      expect(lefts.length).toBeGreaterThan(2);
      expect(new Set(lefts.map(Math.round)).size, `${kind} at ${width}`).toBe(1);
    }
  }
  expect(problems).toEqual([]);
});

test.each(["", "#data=digits", "#data=hills", "#data=table", "#data=pictures&net="])(
  "the page %j is accessible, in both languages, on a phone, light and dark",
  async (path) => {
    const { page, problems } = await open(path);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("heading", { level: 1 }).waitFor();
    if (!/table|pictures/.test(path)) {
      await page.getByRole("img", { name: "Histogram of the values of 1" }).waitFor();
      await page.locator("#unit-0-0").click();
      await page.getByRole("region", { name: "Unit 1 of layer 1" }).locator("#unit-value").waitFor();
    }
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violations(page, COLORS)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByLabel("Language").selectOption("zh");
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-Hans");
    await page.getByRole("heading", { level: 1, name: "实验场" }).waitFor();
    // The choice is kept.
    if (path === "") await page.reload();
    await page.getByRole("link", { name: "笔记" }).waitFor();
    await page.getByLabel("语言").selectOption("en");
    await page.getByRole("link", { name: "Notes" }).waitFor();
    expect(await sideways(page)).toEqual([]);
    expect(problems).toEqual([]);
  },
);

test("everything that opens is accessible too", async () => {
  const { page } = await open("#net=linear-4_tanh_dropout-0.5_linear-2");
  await press(page, "Add a layer at position 2");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Layer 3, dropout:" }).click();
  expect(await violations(page)).toEqual([]);
  await press(page, "Examples");
  expect(await violations(page)).toEqual([]);
});

/** Bytes of what a page has loaded, compressed, without its font; and of other files, such as the worker that it starts. */
async function loaded(page: Page, ...own: string[]): Promise<number> {
  const all = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname.slice(1)),
  );
  const files = new Set([...own, ...all.filter((path) => path.startsWith("assets/") && !/\.woff2?$/.test(path))]);
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(join(site().folder, file))).length;
  expect(files.size).toBeGreaterThan(4);
  return bytes;
}

test("pages are small: the playground with its worker, and every page of the notes, compressed", async () => {
  const { page } = await open("");
  await page.locator("#unit-0-0").waitFor();
  const workers = (await readdir(join(site().folder, "assets"))).filter((name) => /^worker-.*js$/.test(name));
  expect(await loaded(page, "index.html", ...workers.map((name) => `assets/${name}`))).toBeLessThan(PLAYGROUND);
  for (const chapter of await readdir(join(site().folder, "notes"))) {
    if (chapter.endsWith(".html")) continue;
    await page.goto(`${site().address}notes/${chapter}/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
    expect(await loaded(page, `notes/${chapter}/index.html`), chapter).toBeLessThan(NOTES);
  }
});

test("while a network learns it is painted, on one canvas, and no element of it or of the plane changes", async () => {
  const { page } = await open("#data=spiral&net=linear-16_tanh_linear-16_tanh_linear-2");
  await page.setViewportSize({ width: 1440, height: 900 });
  await press(page, "Play");
  await page.locator(".curves canvas").waitFor();
  expect(await page.locator(".stage canvas").count()).toBe(3);
  const changes = await page.evaluate(async () => {
    let [elements, numbers] = [0, 0];
    const whole = { attributes: true, characterData: true, childList: true, subtree: true };
    const watch = new MutationObserver((all) => {
      elements += all.length;
    });
    for (const place of [".network", ".plane"]) watch.observe(document.querySelector(place) as Element, whole);
    const canvas = document.querySelector<HTMLCanvasElement>(".edges canvas") as HTMLCanvasElement;
    const before = canvas.toDataURL();
    const position = new MutationObserver(() => {
      numbers++;
    });
    position.observe(document.getElementById("position") as Element, whole);
    while (numbers < 5) await new Promise(requestAnimationFrame);
    return { elements, painted: canvas.toDataURL() !== before };
  });
  expect(changes).toEqual({ elements: 0, painted: true });
});

test("a canvas that takes a new size is painted at once: nobody sees it black", async () => {
  const { page } = await open("#data=spiral&net=linear-8_tanh_linear-2");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    for (const canvas of Array.from(
      document.querySelectorAll<HTMLCanvasElement>(".edges canvas, .plane-view canvas"),
    )) {
      const look = () => seen.push(String(canvas.getContext("2d")?.getImageData(1, 1, 1, 1).data));
      new MutationObserver(look).observe(canvas, { attributes: true, attributeFilter: ["width"] });
    }
  });
  await page.setViewportSize({ width: 1000, height: 900 });
  const seen = () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  await expect.poll(async () => (await seen()).length).toBeGreaterThan(1);
  expect((await seen()).filter((pixel) => pixel.startsWith("0,0,0,"))).toEqual([]);
});

test("a page moves once a second for readers who asked for less movement", async () => {
  const { page } = await open("");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.evaluate(() => {
    const counted = { changes: 0 };
    Object.assign(globalThis, { counted });
    const watch = new MutationObserver(() => counted.changes++);
    watch.observe(document.getElementById("position") as Element, { characterData: true, subtree: true });
  });
  await press(page, "Play");
  await page.locator("#loss").waitFor();
  await page.waitForTimeout(1500);
  const changes = await page.evaluate(
    () => (globalThis as unknown as { counted: { changes: number } }).counted.changes,
  );
  expect(await done(page)).toBeGreaterThan(0);
  expect(changes).toBeGreaterThan(0);
  expect(changes).toBeLessThan(6);
});

test("colors that a reader chose for all pages leave what is pressed and what is positive to be seen", async () => {
  const { page } = await open("#net=linear-8_tanh_linear-2");
  await page.emulateMedia({ forcedColors: "active" });
  await page.locator("#unit-0-0").waitFor();
  const ground = (pressed: boolean) =>
    page
      .locator(`.chip[aria-pressed="${pressed}"]`)
      .first()
      .evaluate((chip) => getComputedStyle(chip).backgroundColor);
  expect(await ground(true)).not.toBe(await ground(false));
  /** Whether there are edges of both colors: more red than blue, and more blue than red. */
  const bothSigns = () => {
    const canvas = document.querySelector<HTMLCanvasElement>(".edges canvas");
    const { data } = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
    const differences = Array.from({ length: (data?.length ?? 0) / 4 }, (_, i) =>
      data === undefined ? 0 : data[4 * i] - data[4 * i + 2],
    );
    return differences.some((d) => d > 50) && differences.some((d) => d < -50);
  };
  await page.waitForFunction(bothSigns);
  await page.emulateMedia({ forcedColors: null });
});

test("a page that is enlarged four times has nothing beside it", async () => {
  const { page } = await open("#data=spiral&net=linear-8_tanh_linear-8_tanh_linear-2");
  await page.setViewportSize({ width: 320, height: 640 });
  await press(page, "One step");
  await page.locator("#unit-0-1").click();
  await page.locator(".inspector").waitFor();
  // As wide as the numbers of a loss may be.
  await page.evaluate(() => {
    for (const cell of Array.from(document.querySelectorAll(".last td"))) cell.textContent = "0.04123";
  });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});
