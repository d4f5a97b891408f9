import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { importOnnx } from "../../packages/onnx/src/index.js";
import { KINDS, type KindName, settingsOf } from "../../studio/src/engine/layers.js";
import { OPENING, openPage } from "../support/browser.js";
import { ISOLATED, serveFolder } from "../support/static-server.js";
import { latencies, noteLatencies, tasksOf } from "./latency.js";
import { openSite, type Site, withCores } from "./site.js";
import { violations } from "./violations.js";

/** Milliseconds, on a machine that may be busy: for an answer of a page, and for a training. */
const SOON = 20_000;
const TIMEOUT = 120_000;
/** Times that a page is asked for something while it trains. */
const INPUTS = 12;
const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, OPENING);
afterAll(() => site.close());

/** A page of the studio, in English, that ends with its test. */
async function open(path: string, address = site.address): Promise<{ page: Page; problems: string[] }> {
  const opened = await openPage(site.browser, `${address}${path}`);
  opened.page.setDefaultTimeout(SOON);
  onTestFinished(() => opened.page.close());
  return opened;
}

const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
const numberOf = async (locator: Locator): Promise<number> => Number(await locator.getAttribute("value"));

/** What a button gives to be saved. */
async function download(page: Page, name: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent("download"), press(page, name)]);
  return readFile(await file.path());
}

describe("the playground", () => {
  test("builds a network by hand, and says at a layer what does not fit", async () => {
    const { page, problems } = await open("#net=linear-4_tanh_linear-2");
    const layers = page.getByRole("list", { name: "Layers" }).getByRole("listitem");
    await layers.nth(2).getByText("gives [2], 10 parameters").waitFor();
    await page.getByLabel("New layer").selectOption("conv2d");
    await press(page, "Add");
    await layers
      .nth(2)
      .getByRole("alert")
      .getByText("input is tensor f32 [1, 4]; it must be [samples, channels")
      .waitFor();
    expect(await page.getByRole("button", { name: "Play" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Layer 3, conv2d" }).press("Delete");
    await page.getByLabel("Units").first().fill("6");
    await page.getByLabel("Units").first().press("Enter");
    await layers.nth(0).getByText("gives [6], 18 parameters").waitFor();
    await page.getByRole("button", { name: "Layer 2, tanh" }).press("ArrowUp");
    await layers.nth(0).getByText("gives [2], 0 parameters").waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("layer-0");
    await page.getByRole("button", { name: "Layer 1, tanh" }).dragTo(layers.nth(1));
    await layers.nth(0).getByText("gives [6], 18 parameters").waitFor();
    await press(page, "Remove layer 2");
    expect(await layers.count()).toBe(2);
    expect(page.url()).toContain("net=linear-6_linear-2");
    expect(problems).toEqual([]);
  });

  test("has every kind of layer, with its settings, and says in words which do not fit points", async () => {
    const { page, problems } = await open("#net=linear-2");
    const first = page.getByRole("list", { name: "Layers" }).getByRole("listitem").first();
    for (const kind of Object.keys(KINDS) as KindName[]) {
      await page.evaluate((net) => {
        location.hash = net;
      }, `net=${kind}_linear-2`);
      await first.getByRole("button", { name: `Layer 1, ${kind}:` }).waitFor();
      await first
        .getByText(/^gives \[/)
        .or(first.getByRole("alert").getByText(`${kind}(`))
        .waitFor();
      expect(await first.locator("input, select").count(), kind).toBe(Object.keys(settingsOf(kind)).length);
    }
    expect(problems).toEqual([]);
  });

  test("plays, steps, goes back, and gives the same run from a shared link, with threads or without", async () => {
    const net = "linear-8_relu_dropout-0.25-elements-training_linear-2";
    // All points in one batch: a step is an epoch.
    const { page, problems } = await open(`#data=spiral&seed=7&l2=0.001&batch=200&net=${net}`);
    await steps(page, 6);
    const loss = await numberOf(page.locator("#loss"));
    expect(loss).toBeGreaterThan(0);
    await press(page, "Back an epoch");
    await page.locator("#position").getByText("Epochs done: 5;").waitFor();
    expect(await numberOf(page.locator("#loss"))).not.toBe(loss);
    await page.getByLabel("Saved epochs").fill("2");
    await page.locator("#position").getByText("Epochs done: 2;").waitFor();
    await steps(page, 6);
    expect(await numberOf(page.locator("#loss"))).toBe(loss);
    await press(page, "Play");
    await page.getByRole("img", { name: "The plane" }).waitFor();
    await press(page, "Pause");

    for (const [headers, cores, threads] of [
      [{}, 3, "1 thread"],
      [ISOLATED, 2, "1 thread"],
      [ISOLATED, 3, "2 threads"],
    ] as const) {
      const { address, close } = await serveFolder(await withCores(site.folder, cores), headers);
      onTestFinished(close);
      const shared = await open(new URL(page.url()).hash, address);
      await steps(shared.page, 6);
      expect(await numberOf(shared.page.locator("#loss"))).toBe(loss);
      expect(await shared.page.locator("#position").innerText()).toMatch(new RegExp(`${threads}$`));
      expect(shared.problems).toEqual([]);
    }
    expect(problems).toEqual([]);
  });

  test("trains a network of convolutions to 95 % of the digits, recognises a drawn one, exports and loads it", {
    timeout: TIMEOUT,
  }, async () => {
    const net =
      "conv2d-6-5-1-2_relu_maxPool2d-2_conv2d-16-5-1-0_relu_maxPool2d-2_flatten_dropout-0.2-elements-training_linear-10";
    const { page, problems } = await open(`#data=digits&net=${net}`);
    await press(page, "Play");
    const isGood = () => Number(document.getElementById("test-accuracy")?.getAttribute("value")) >= 0.95;
    await page.waitForFunction(isGood, undefined, { timeout: TIMEOUT });
    await press(page, "Pause");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    for (const name of [
      "Curves of the loss",
      "Kernels",
      "Mask of 8 dropout",
      "Histogram of the gradients of 1 conv2d",
    ]) {
      expect(await page.getByRole(name === "Kernels" ? "figure" : "img", { name }).count(), name).toBe(1);
    }
    const right = await page.locator(".confusion .right").allInnerTexts();
    expect(right.reduce((sum, n) => sum + Number(n), 0) / 1000).toBe(await numberOf(page.locator("#test-accuracy")));

    await press(page, "Clear");
    const box = await page.getByRole("img", { name: "Paper to draw on" }).boundingBox();
    if (box === null) throw new Error("the paper is not to be seen");
    const corners = [
      [0.3, 0.24],
      [0.68, 0.22],
      [0.55, 0.5],
      [0.46, 0.82],
    ];
    const move = ([x, y]: number[]) => page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
    await move(corners[0]);
    await page.mouse.down();
    for (const corner of corners) await move(corner);
    await page.mouse.up();
    await page.locator("#answer").getByText("This is a 7").waitFor();

    const weights = await download(page, "Weights (safetensors)");
    const onnx = await importOnnx(new Uint8Array(await download(page, "Network (ONNX)")));
    expect([...onnx.state().values()].reduce((sum, v) => sum + v.size, 0)).toBeGreaterThan(6000);
    expect(String(await download(page, "Program (TypeScript)"))).toContain("nn.conv2d(1, 6, 5, { padding: 2 })");
    const loss = await numberOf(page.locator("#test-loss"));
    const position = await page.locator("#position").innerText();
    await press(page, "Reset");
    const chooser = page.getByLabel("Load weights");
    await chooser.setInputFiles({ name: "own.safetensors", mimeType: "application/octet-stream", buffer: weights });
    await page.locator("#loaded").waitFor();
    if (position.includes("steps of this one: 0 ")) expect(await numberOf(page.locator("#loaded"))).toBe(loss);
    expect(await numberOf(page.locator("#loaded"))).toBeLessThan(0.3);
    await page.locator("#answer").getByText("This is a 7").waitFor();
    await chooser.setInputFiles({
      name: "bad.safetensors",
      mimeType: "application/octet-stream",
      buffer: weights.subarray(9),
    });
    await page.getByRole("alert").getByText("bad.safetensors").waitFor();
    expect(problems).toEqual([]);
  });
});

describe("while it trains, the page", () => {
  const deep = "linear-16_tanh_linear-16_tanh_linear-16_tanh_linear-16_tanh_dropout-0.5_linear-2";
  test.each([
    ["a network of convolutions, on digits", "#data=digits"],
    ["a deep network, on points", `#data=spiral&net=${deep}`],
  ])("is there within a second and answers within 50 ms: %s", { retry: 2 }, async (_, address) => {
    const { page, problems } = await open(address);
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    expect(await (await page.waitForFunction(paint)).jsonValue()).toBeLessThan(1000);
    // All of the page is to be seen, so all of it is drawn.
    await page.setViewportSize({ width: 1280, height: 2200 });
    await page.getByRole("img", { name: "Histogram of the gradients of 1" }).first().waitFor();
    await noteLatencies(page);
    await press(page, "Play");
    const tasks = await tasksOf(site.browser, page, async () => {
      for (let i = 0; i < INPUTS; i++) {
        await page.getByLabel("Pace").press("ArrowUp");
        await page.waitForTimeout(100);
      }
    });
    const position = await page.locator("#position").innerText();
    expect(position).not.toContain("done: 0; steps of this one: 0 ");
    // The processor's time does not depend on what else the machine does; what is seen does, so half of the inputs may wait.
    expect(tasks.length).toBeGreaterThan(INPUTS);
    expect(tasks[0]).toBeLessThan(50);
    expect((await latencies(page)).filter((time) => time > 50).length).toBeLessThan(INPUTS / 2);
    expect(problems).toEqual([]);
  });
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
  await page.waitForTimeout(1500);
  const changes = await page.evaluate(
    () => (globalThis as unknown as { counted: { changes: number } }).counted.changes,
  );
  expect(changes).toBeGreaterThan(0);
  expect(changes).toBeLessThan(6);
});

/** Does single steps, each of which is an epoch, until so many are done. */
async function steps(page: Page, epochs: number): Promise<void> {
  const position = page.locator("#position");
  for (;;) {
    const done = Number(/\d+/.exec(await position.innerText())?.[0]);
    if (done === epochs) return;
    await press(page, "One step");
    await position.getByText(`Epochs done: ${done + 1};`).waitFor();
  }
}

describe("runs", () => {
  test("are followed live and compared", { timeout: TIMEOUT }, async () => {
    const run = (name: string, ...more: string[]) => {
      const data = root("examples/data/iris.csv");
      const args = [
        root("packages/cli/bin/tidu.js"),
        "train",
        data,
        "--model",
        "mlp",
        "--out",
        join(site.runs, name),
        ...more,
      ];
      const child = spawn(process.execPath, args, { stdio: "ignore" });
      return new Promise<number | null>((done) => child.on("close", done));
    };
    expect(await run("first", "--epochs", "3")).toBe(0);
    const { page, problems } = await open("runs/");
    await page.getByLabel("Show first").check();
    await page.locator("#standing").getByRole("row", { name: "first 3" }).waitFor();
    const done = run("second", "--epochs", "6", "--lr", "0.005");
    // It is listed soon after it has begun.
    await page.getByLabel("Show second").check();
    await page.locator("#standing").getByRole("row", { name: "second 6" }).waitFor();
    expect(await done).toBe(0);
    await page.getByRole("row", { name: "second", exact: false }).getByText("finished", { exact: true }).waitFor();
    await page.getByRole("heading", { name: "What differs" }).waitFor();
    expect(await page.getByRole("row", { name: /^lr / }).innerText()).toContain("0.005");
    expect(problems).toEqual([]);
    expect(await violations(page)).toEqual([]);
  });

  test("are not there on a host that only has the pages, which says so", async () => {
    const { address, close } = await serveFolder(site.folder, {});
    onTestFinished(close);
    const { page } = await open("runs/", address);
    await page.getByText("Runs can be seen where tidu studio serves these pages.").waitFor();
  });
});

describe.each(["", "#data=digits", "runs/"])("the page %j", (path) => {
  test.each(["light", "dark"] as const)("is accessible, in both languages, on a phone, %s", async (colorScheme) => {
    const { page, problems } = await open(path);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("heading", { level: 1 }).waitFor();
    if (path !== "runs/") await page.getByRole("img", { name: "Histogram of the values of 1" }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByLabel("Language").selectOption("zh");
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-Hans");
    await page.getByRole("heading", { level: 1, name: path === "runs/" ? "训练记录" : "实验场" }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "笔记" }).waitFor();
    await page.getByLabel("语言").selectOption("en");
    await page.getByRole("link", { name: "Notes" }).waitFor();
    expect(problems).toEqual([]);
  });
});
