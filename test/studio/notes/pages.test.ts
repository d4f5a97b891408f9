import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Result } from "@tidu/cli/experiment";
import type { Locator, Page } from "playwright-core";
import { setDevice, WasmDevice } from "tidu";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import chapters from "../../../studio/src/notes/chapters.words.js";
import { curve, gradientsThrough } from "../../../studio/src/notes/compute/activation.js";
import { chain, pathsOf, START } from "../../../studio/src/notes/compute/chain.js";
import * as convolution from "../../../studio/src/notes/compute/convolution.js";
import { Descent } from "../../../studio/src/notes/compute/descent.js";
import { DIGIT_SIDE, digitsOf } from "../../../studio/src/notes/compute/digits.js";
import { Thinning } from "../../../studio/src/notes/compute/dropout.js";
import { EnsembleLab } from "../../../studio/src/notes/compute/ensemble.js";
import { Loop } from "../../../studio/src/notes/compute/loop.js";
import { MaxoutFit } from "../../../studio/src/notes/compute/maxout.js";
import { TwoLayers } from "../../../studio/src/notes/compute/network.js";
import { fits } from "../../../studio/src/notes/compute/overfit.js";
import { START as FLAG, pool, SIDE } from "../../../studio/src/notes/compute/pooling.js";
import { OPENING, openPage } from "../../support/browser.js";
import { serveFolder } from "../../support/static-server.js";
import { sideways } from "../sideways.js";
import { openSite, type Site } from "../site.js";
import { COLORS, violations } from "../violations.js";
import { checkAnswers, FOLDER, MEASURED } from "./answers.js";

/** Milliseconds for an answer of a page, on a machine that may be busy. */
const SOON = 20_000;
const TIMEOUT = 60_000;
const CHAPTERS = Object.keys(chapters) as (keyof typeof chapters)[];

let site: Site;
beforeAll(async () => {
  // As the pages have it: the same bits on both sides.
  setDevice(new WasmDevice({ portable: true, threads: 1 }));
  site = await openSite();
}, OPENING);
afterAll(() => site.close());

/** Pages of the real server that are open: tests of a page's figures share it, and the last test of each closes it. */
const opened = new Map<string, Awaited<ReturnType<typeof openPage>>>();

async function open(path: string): Promise<Page> {
  const known = opened.get(path) ?? (await openPage(site.browser, `${site.address}notes/${path}`));
  opened.set(path, known);
  return watched(known);
}

function watched({ page, problems }: Awaited<ReturnType<typeof openPage>>): Page {
  page.setDefaultTimeout(SOON);
  onTestFinished(() => expect(problems).toEqual([]));
  return page;
}

const figure = (page: Page, title: string): Locator => page.getByRole("figure", { name: title });
const press = (within: Locator, name: string): Promise<void> =>
  within.getByRole("button", { name, exact: true }).click();

/** Waits until a figure shows exactly this number. */
async function shows(within: Locator, reading: string, value: number): Promise<void> {
  const shown = async () => Number(await within.locator(`[data-reading="${reading}"]`).getAttribute("value"));
  await expect.poll(shown, { timeout: SOON, message: reading }).toBe(value);
}

/** Moves a slider by one key. */
const slide = (within: Locator, label: string, key = "ArrowRight"): Promise<void> =>
  within.getByRole("slider", { name: label, exact: true }).press(key);

describe("the figures", () => {
  test("1: the loop turns, and measures what the engine measures", async () => {
    const own = figure(await open("steps/"), "Figure 1");
    const loop = new Loop(8, 0.03);
    for (let turn = 1; turn <= 3; turn++) {
      const { cost, slope } = await loop.measure();
      await press(own, "One step");
      await shows(own, "cost", cost);
      await shows(own, "slope", slope);
      expect(await own.locator(".off.measured").count()).toBe(24);
      await loop.improve();
      await press(own, "One step");
      await shows(own, "turns", turn);
      expect(await own.locator(".off.measured").count()).toBe(0);
    }
    const before = await own.locator("path.line-1").getAttribute("d");
    await press(own, "Play");
    await expect.poll(() => own.locator("path.line-1").getAttribute("d"), { timeout: SOON }).not.toBe(before);
    await press(own, "Pause");
    await slide(own, "Hidden units");
    await shows(own, "turns", 0);
    await own.getByText("28 parameters").waitFor();
  });

  test("2: every edge tells its derivative, and the paths of a weight add up to its gradient", async () => {
    const own = figure(await open("backpropagation/"), "Figure 2");
    const answer = await chain(START);
    const lit = (look = "") => own.locator(`.graph .edge.lit${look}`).count();
    await own.getByRole("button", { name: "Edge from y1 to C" }).click();
    await shows(own, "local", answer.local["y1→C"]);
    expect(await lit()).toBe(1);
    await own.getByRole("button", { name: "Edge from x2 to z2" }).press("Enter");
    await shows(own, "local", answer.local["x2→z2"]);
    await own.getByRole("button", { name: "Weight w22" }).click();
    await shows(own, "local", START.x2);
    await shows(own, "gradient", answer.gradient.w22);
    const [first, second] = pathsOf("w22", answer);
    await shows(own, "path1", first.product);
    await shows(own, "path2", second.product);
    expect(first.product + second.product).toBeCloseTo(answer.gradient.w22, 7);
    const edges = new Set([...first.edges, ...second.edges]);
    expect(await lit()).toBe(edges.size);
    expect(await lit(".second")).toBe(edges.size - first.edges.length);
    await slide(own, "Value of w22");
    await shows(own, "gradient", (await chain({ ...START, w22: 1.3 })).gradient.w22);
    await slide(own, "Value of t2");
    await shows(own, "t2", 0.1);
    await shows(own, "cost", (await chain({ ...START, w22: 1.3, t2: 0.1 })).nodes.C);
  });

  test("3 to 6: activations show value and slope under the finger, and what ten layers do", async () => {
    const page = await open("activation/");
    const kinds = [
      ["Figure 3", "sigmoid", 0],
      ["Figure 4", "relu", 0],
      ["Figure 5", "leakyRelu", 0.1],
      ["Figure 6", "elu", 0.4],
    ] as const;
    for (const [title, name, shape] of kinds) {
      const own = figure(page, title);
      const at = async (z: number) => {
        const { value, slope } = await curve(name, shape, Float32Array.of(z));
        await shows(own, "value", value[0]);
        await shows(own, "slope", slope[0]);
      };
      await at(1);
      await slide(own, "z");
      await at(1.05);
      const plane = own.getByRole("img", { name: "its derivative" });
      const box = (await plane.boundingBox()) as { width: number; height: number };
      await plane.hover({ position: { x: box.width * 0.3, y: box.height / 2 } });
      await expect.poll(() => own.getByRole("slider", { name: "z", exact: true }).inputValue()).not.toBe("1.05");
      const z = Number(await own.getByRole("slider", { name: "z", exact: true }).inputValue());
      expect(z).toBeLessThan(-1);
      await at(z);
      await shows(own, "first", (await gradientsThrough(name, shape, 1))[0]);
      await slide(own, "Size of the weights (gain)");
      await shows(own, "first", (await gradientsThrough(name, shape, 1.05))[0]);
    }
    await slide(figure(page, "Figure 6"), "α");
    await shows(figure(page, "Figure 6"), "first", (await gradientsThrough("elu", 0.45, 1.05))[0]);
  });

  test("7: maxout learns its pieces, and shows which of them the gradient reaches", async () => {
    const own = figure(await open("maxout/"), "Figure 7");
    const fit = new MaxoutFit(4, 1, "square");
    await shows(own, "cost", (await fit.look()).cost);
    await fit.learn(5);
    await press(own, "One step");
    await shows(own, "cost", (await fit.look()).cost);
    await slide(own, "Place x", "ArrowLeft");
    const { pieces } = await fit.at(0.95);
    const winner = pieces.findIndex(({ value }) => value === Math.max(...pieces.map((piece) => piece.value)));
    for (const [i, { value, slope, offset }] of pieces.entries()) {
      await shows(own, `value-${i}`, value);
      await shows(own, `slope-${i}`, slope);
      await shows(own, `offset-${i}`, offset);
      expect(slope !== 0).toBe(i === winner);
    }
    expect(await own.locator(".pieces .wins").count()).toBe(1);
    await own.getByLabel("Units", { exact: true }).selectOption("difference");
    await own.getByLabel("Target function", { exact: true }).selectOption("wave");
    await shows(own, "cost", (await new MaxoutFit(4, 2, "wave").look()).cost);
    expect(await own.locator("path:is(.line-3, .line-4)").count()).toBeGreaterThanOrEqual(8);
    expect(await own.locator(".pieces .wins").count()).toBe(2);
  });

  test("8: every update thins another network, the one that the engine drew", async () => {
    const own = figure(await open("dropout/"), "Figure 8");
    const thinning = new Thinning(0.5);
    for (let i = 1; i <= 4; i++) {
      const { kept, cost, products } = await thinning.update();
      await press(own, "One step");
      await shows(own, "updates", i);
      await shows(own, "cost", cost);
      await shows(own, "products", products);
      await shows(own, "kept", kept.filter(Boolean).length);
      expect(await own.locator("[data-mask]").getAttribute("data-mask")).toBe(kept.map(Number).join(""));
      expect(await own.locator("g.gone").count()).toBe(kept.filter((k) => !k).length);
    }
    await shows(own, "distinct", 4);
  });

  test("9 and 10: all thinned networks, and their average against the scaled one", async () => {
    const page = await open("dropout/");
    const [every, together] = [figure(page, "Figure 9"), figure(page, "Figure 10")];
    const lab = new EnsembleLab(4, 0.5, "linear");
    await lab.learn(20);
    const all = await lab.all();
    await press(every, "Train 20 steps");
    await shows(every, "steps", 20);
    await shows(every, "networks", 16);
    expect(await every.getByRole("group").getByRole("button").count()).toBe(16);
    await shows(together, "gap", all.gap);
    await shows(together, "unscaledGap", all.unscaledGap);
    await every.getByRole("button", { name: "Network 6: keeps 1, 3; probability 6.25%" }).click();
    expect(await every.locator("g.gone").count()).toBe(2);
    await together.getByLabel("After the layer with dropout").selectOption("tanh");
    await shows(together, "gap", (await new EnsembleLab(4, 0.5, "tanh").all()).gap);
    await slide(every, "Hidden units n");
    await shows(every, "networks", 32);
  });

  test("11: max pooling of a pattern that keys move and draw", async () => {
    const page = await open("pooling/");
    const own = figure(page, "Figure 11");
    const board = own.getByRole("application");
    const expected = async (size: number, shift: readonly [number, number], drawing = FLAG) => {
      const { inputChanged, outputChanged } = await pool(drawing, size, shift);
      await shows(own, "inputChanged", inputChanged);
      await shows(own, "outputChanged", outputChanged);
    };
    await expected(2, [0, 0]);
    await board.press("ArrowRight");
    await expected(2, [0, 1]);
    await press(own, "Down");
    await expected(2, [1, 1]);
    await own.getByLabel("Window").selectOption("3");
    await expected(3, [1, 1]);
    await press(own, "Back to the middle");
    await board.press("Shift+ArrowDown");
    await board.press("Space");
    const drawn = FLAG.map((v, i) => (i === 12 ? 1 - v : v));
    await board.press("ArrowLeft");
    await expected(3, [0, -1], drawn);
    // Dragged two cells down; the drag draws nothing.
    const box = (await board.boundingBox()) as { x: number; y: number; width: number };
    const at = (cell: number) => (box.width / SIDE) * (cell + 0.5);
    await page.mouse.move(box.x + at(5), box.y + at(4));
    await page.mouse.down();
    for (const row of [5, 6]) await page.mouse.move(box.x + at(5), box.y + at(row));
    await page.mouse.up();
    await expected(3, [2, -1], drawn);
  });
});

test("a host without any headers, where pages are not isolated, gives the same numbers; an experiment is run in the page", {
  timeout: TIMEOUT,
}, async () => {
  const { address, close } = await serveFolder(site.folder, {});
  onTestFinished(close);
  const page = watched(await openPage(site.browser, `${address}notes/maxout/`));
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(false);
  const own = figure(page, "Figure 7");
  await shows(own, "cost", (await new MaxoutFit(4, 1, "square").look()).cost);
  const answer = page.locator("[data-experiment]");
  await press(answer, "Run it here");
  await press(answer, "Stop");
  await press(answer, "Run it here");
  await answer.getByText("All 7 numbers are the stored ones, to the last digit.").waitFor({ timeout: TIMEOUT });
  const { measures, comparisons } = JSON.parse(
    await readFile(join(FOLDER, "results/maxout-neighbours.json"), "utf8"),
  ) as Result;
  const here = await answer
    .locator("[data-here]")
    .evaluateAll((all) => all.map((one) => [(one as HTMLElement).dataset.here, Number(one.getAttribute("value"))]));
  expect(here.sort()).toEqual([...measures, ...comparisons].map(({ id, values }) => [id, values[0]]).sort());
});

describe("convolution", () => {
  test("of two functions and of two dice", async () => {
    const page = await open("convolution/");
    const own = figure(page, "Two functions");
    const at = 180;
    const { t, s } = await convolution.slide("box", "decay");
    await slide(own, "t");
    await shows(own, "s", s[at]);
    await shows(own, "area", (await convolution.overlap("box", "decay", t[at])).area);
    await own.getByLabel("w", { exact: true }).selectOption("bell");
    const { t: places, s: values } = await convolution.slide("box", "bell");
    await shows(own, "s", values[at]);
    const plane = own.getByRole("img", { name: "The convolution" });
    await plane.hover({ position: { x: 120, y: 40 } });
    await expect.poll(() => own.getByRole("slider", { name: "t", exact: true }).inputValue()).not.toBe(String(at));
    const under = Number(await own.getByRole("slider", { name: "t", exact: true }).inputValue());
    expect(places[under]).toBeLessThan(0);
    await shows(own, "s", values[under]);
    const dice = figure(page, "two dice");
    await shows(dice, "probability", (await convolution.diceSum("fair", "loaded"))[5]);
    await slide(dice, "Sum s");
    await shows(dice, "probability", (await convolution.diceSum("fair", "loaded"))[6]);
  });

  test("of a digit, with the kernel turned or not, and its weights counted", async () => {
    const page = await open("convolution/");
    const own = figure(page, "A kernel slides");
    const [first] = digitsOf(gunzipSync(await readFile(join(site.folder, "digits/test-images.idx"))), 1);
    const expected = async (flip: boolean, row: number, column: number, kernel: readonly number[]) => {
      const { output, side } = await convolution.filter(first, DIGIT_SIDE, kernel, flip);
      await shows(own, "cell", output[row * side + column]);
      await shows(own, "sum", (await convolution.meeting(first, DIGIT_SIDE, kernel, flip, [row, column])).sum);
    };
    await expected(true, 14, 15, convolution.KERNELS.edge);
    await press(own, "Flip the kernel");
    await expected(false, 14, 15, convolution.KERNELS.edge);
    await own.getByRole("application").first().press("ArrowLeft");
    await expected(false, 14, 14, convolution.KERNELS.edge);
    await own.getByLabel("Kernel, row 2, column 2").fill("0.5");
    await own.getByLabel("Kernel, row 2, column 2").press("Enter");
    await expected(false, 14, 14, [1, 0, -1, 2, 0.5, -2, 1, 0, -1]);
    const counted = figure(page, "Parameter sharing");
    await slide(counted, "Image size");
    const { convolution: few, full } = convolution.counts(29, 5, 1, 6);
    await shows(counted, "convolution", few);
    await shows(counted, "full", full);
  });
});

describe("the sections without a numbered figure", () => {
  test("a polynomial overfits without a penalty, and less with one", async () => {
    const own = figure(await open("regularization/"), "Overfitting");
    const { train, unseen } = await fits(11);
    await shows(own, "train", train[0]);
    await shows(own, "unseen", unseen[0]);
    await own.getByText("Overfitting: the noise").waitFor();
    await own.getByRole("slider", { name: "Penalty λ" }).fill("14");
    await shows(own, "unseen", unseen[14]);
    await own.getByText("About as good as").waitFor();
    await slide(own, "Degree", "ArrowLeft");
    await shows(own, "unseen", (await fits(10)).unseen[14]);
  });

  test("a network of two layers answers its inputs", async () => {
    const own = figure(await open("network/"), "Two fully");
    await slide(own, "x₁");
    const net = new TwoLayers();
    await shows(own, "output", (await net.signals([1.1, -0.5], true)).values[2][0]);
    // Each weight can be read: none stands on another.
    const apart = await own.locator(".weight text").evaluateAll((all) => {
      const boxes = all.map((one) => one.getBoundingClientRect());
      return boxes.every((a, i) =>
        boxes
          .slice(i + 1)
          .every((b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top),
      );
    });
    expect([apart, await own.locator(".weight text").count()]).toEqual([true, 9]);
    await press(own, "Activation function σ");
    await shows(own, "output", (await net.signals([1.1, -0.5], false)).values[2][0]);
  });

  test.each([
    ["gradient-descent/", "Descending", new Map(), { problem: "line", rate: 0.1 }],
    ["mini-batch/", "Steps from", new Map(), { problem: "line", rate: 0.1, batchSize: 4 }],
    [
      "regularization/",
      "How the penalty",
      new Map([["Penalty g(w)", "l2"]]),
      { problem: "weighing", rate: 0.1, penalty: "l2", lambda: 0.5 },
    ],
  ] as const)("%s goes downhill as the engine does", async (path, title, choices, options) => {
    const own = figure(await open(path), title);
    for (const [label, value] of choices) await own.getByLabel(label).selectOption(value);
    const descent = new Descent(options);
    await shows(own, "cost", (await descent.begin()).cost);
    for (let i = 0; i < 2; i++) {
      const { cost, weights } = await descent.update();
      await press(own, "One step");
      await shows(own, "cost", cost);
      await shows(own, "second", weights[1]);
    }
  });
});

/** Rows that look as those above them do. */
const ALIKE = "tbody tr:nth-child(n + 3)";

/** Whether notes of the margin begin beside their text, the window is used, and figures have numbers on all or none of a page. */
async function layoutAt(page: Page, width: number): Promise<unknown> {
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate(() => {
    for (const fold of Array.from(document.querySelectorAll("details"))) fold.open = false;
  });
  return page.evaluate(() => {
    const box = (element: Element) => element.getBoundingClientRect();
    const topics = Array.from(document.querySelectorAll(".topic"), (topic) => Array.from(topic.children, box));
    const beside = topics.every(
      ([text, margin]) => Math.abs(text.top - margin.top) < 4 && margin.left > text.left + 400,
    );
    const article = box(document.querySelector("article") as Element);
    const titles = Array.from(document.querySelectorAll(".figure > h3"), ({ textContent }) => textContent ?? "");
    const numbered = titles.filter((title) => /Figure \d|图 \d/.test(title)).length;
    return {
      beside,
      wide: topics.length === 0 || article.width > 0.65 * innerWidth,
      figures: numbered === 0 || numbered === titles.length ? "all or none" : titles,
    };
  });
}

/** Letters of drawings with axes that are not as large as those of other drawings, in pixels of the page. */
const oddLetters = (page: Page): Promise<number[]> =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll<SVGSVGElement>("svg.plane"))
      .filter((plane) => plane.checkVisibility())
      .map((plane) => (parseFloat(getComputedStyle(plane).fontSize) * plane.clientWidth) / plane.viewBox.baseVal.width)
      .filter((size) => size < 10 || size > 12.5),
  );

/** Experiments that pages show, gathered from page to page. */
const answered: string[] = [];

describe.each(["", ...CHAPTERS.map((chapter) => `${chapter}/`)])("the page notes/%s", (path) => {
  test("is accessible on a phone, light and dark, in both languages", { timeout: TIMEOUT }, async () => {
    const page = await open(path);
    onTestFinished(() => page.close());
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
    const title = path === "" ? "Living notes" : chapters[path.slice(0, -1) as keyof typeof chapters].en;
    await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
    // Every heading can be linked, those of questions too.
    const ids = await page.locator(".notes h2").evaluateAll((all) => all.map(({ id }) => id));
    expect(
      ids.every((id) => /^[a-z0-9-]+$/.test(id)),
      ids.join(),
    ).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    if (path === "convolution/") await page.getByRole("application").first().waitFor();
    // What was measured comes after the page.
    await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0);
    await page.evaluate(() => {
      for (const fold of Array.from(document.querySelectorAll("details"))) fold.open = true;
    });
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await expect.poll(() => oddLetters(page)).toEqual([]);
    expect(await page.locator(".formula:not(:has(> math > *))").count()).toBe(0);
    // Axes say what they are.
    expect(await page.locator(".figure svg.plane:not(:has(.names))").count()).toBe(0);
    await page.getByLabel("Language", { exact: true }).selectOption("zh");
    await page.getByLabel("中英对照").check();
    await page.emulateMedia({ colorScheme: "dark" });
    const both = page.locator(":is(.notes, .text) > .both").last();
    expect(await both.locator('[lang="zh-Hans"]').innerText()).toMatch(/\p{Script=Han}|Dropout|Maxout/u);
    expect(await both.locator('[lang="en"]').innerText()).toMatch(/\w/);
    expect(await violations(page, [...COLORS, "valid-lang", "duplicate-id-aria"], ALIKE)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    answered.push(...(await checkAnswers(page)));
    expect(await layoutAt(page, 1440)).toEqual({ beside: true, wide: true, figures: "all or none" });
    await expect.poll(() => oddLetters(page)).toEqual([]);
    expect(await layoutAt(page, 2560)).toEqual({ beside: true, wide: true, figures: "all or none" });
    await expect.poll(() => oddLetters(page)).toEqual([]);
  });
});

test("every experiment that was run answers its question on one page", () => {
  expect(answered.sort()).toEqual(MEASURED.sort());
});
