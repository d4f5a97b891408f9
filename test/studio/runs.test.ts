// The page of runs, in Chromium.
import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveFolder } from "../support/static-server.js";
import { open, TIMEOUT, useSite } from "./playground/page.js";
import { sideways } from "./sideways.js";
import { COLORS, violations } from "./violations.js";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const site = useSite();

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
        join(site().runs, name),
        ...more,
      ];
      const child = spawn(process.execPath, args, { stdio: "ignore" });
      return new Promise<number | null>((done) => child.on("close", done));
    };
    await mkdir(join(site().runs, "unread"));
    await writeFile(join(site().runs, "unread/config.json"), "{");
    expect(await run("first", "--epochs", "3")).toBe(0);
    const { page, problems } = await open("runs/");
    await page.getByLabel("Show first").check();
    await page.locator("#standing").getByRole("row", { name: "first 3 / 3" }).waitFor();
    const done = run("second", "--epochs", "6", "--lr", "0.005", "--metric", "brier", "--optimizer", "sgd:nesterov");
    // It is listed soon after it has begun.
    await page.getByLabel("Show second").check();
    await page.locator("#standing").getByRole("row", { name: "second 6 / 6" }).waitFor();
    expect(await done).toBe(0);
    await page.getByRole("row", { name: "second", exact: false }).getByText("finished", { exact: true }).waitFor();
    // A run whose settings cannot be read differs in none.
    await page.getByLabel("Show unread").check();
    await page.locator("#standing").getByRole("row", { name: "unread" }).waitFor();
    await page.getByRole("heading", { name: "Differences" }).waitFor();
    expect(await page.getByRole("row", { name: /^Setting / }).innerText()).toMatch(/first\s+second$/);
    expect(await page.getByRole("row", { name: /^version of Tidu / }).count()).toBe(0);
    expect(await page.getByRole("row", { name: /^learning rate / }).innerText()).toContain("0.005");
    expect(await page.getByRole("row", { name: /^epochs / }).allInnerTexts()).toHaveLength(1);
    // Words of the command line have names in both languages.
    expect(await page.getByRole("row", { name: /^optimizer / }).innerText()).toContain("SGD, Nesterov");
    expect(await page.locator("#standing").innerText()).toMatch(/\d \(by Brier score\): 0/);
    expect(problems).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Language").selectOption("zh");
    expect(await page.getByRole("row", { name: /^优化器 / }).innerText()).toContain("SGD，Nesterov");
    expect(await page.locator("#standing").innerText()).toMatch(/\d（依据：Brier 分数）：0/);
    await page.getByLabel("语言").selectOption("en");
    expect(await sideways(page)).toEqual([]);
    // On a phone each number has the name of its column before it.
    await page.setViewportSize({ width: 390, height: 844 });
    const named = await page
      .locator("#standing tr:last-child td")
      .evaluateAll((all) => all.map((cell) => getComputedStyle(cell, "::before").content));
    expect(named).toContain('"Validation accuracy "');
  });

  test("are shown however they are: a damaged config, lines that say nothing, 120,000 epochs, one that was stopped", {
    timeout: TIMEOUT,
  }, async () => {
    const { runs } = site();
    for (const name of ["damaged", "long"]) await mkdir(join(runs, name), { recursive: true });
    await writeFile(join(runs, "damaged/config.json"), "null");
    await writeFile(
      join(runs, "damaged/metrics.jsonl"),
      'null\n{"loss":1}\n{"epoch":1,"loss":0.5,"validation":null}\n',
    );
    await writeFile(join(runs, "long/config.json"), "{}");
    const lines = Array.from(
      { length: 120_000 },
      (_, i) => `{"epoch":${i + 1},"loss":${1 / (i + 1)},"accuracy":0.5}\n`,
    );
    await writeFile(join(runs, "long/metrics.jsonl"), lines.join(""));
    const { page, problems } = await open("runs/#run=damaged&run=long");
    await page.locator("#standing").getByRole("row", { name: "long 120,000" }).waitFor();
    await page.locator("#standing").getByRole("row", { name: "damaged 1 0.5" }).waitFor();
    await page.getByRole("row", { name: "damaged" }).getByText("its config.json can't be read").waitFor();
    await page.getByRole("row", { name: "long" }).getByText("stopped before its end").waitFor();
    await page.getByRole("figure", { name: "Loss" }).locator("canvas").waitFor();
    expect(problems).toEqual([]);
  });

  test("that are not there are named once, and a name of any length leaves the other columns to be seen", async () => {
    const name = "n".repeat(200);
    const folder = join(site().runs, name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.json"), "{}");
    await writeFile(join(folder, "metrics.jsonl"), '{"epoch":1,"loss":1}\n');
    const { page, problems } = await open(`runs/#run=lost&run=lost&run=${name}`);
    await page.getByText("lost: there is no run of this name here.").waitFor();
    expect(await page.locator("#standing tbody tr").count()).toBe(2);
    const state = page
      .getByRole("row", { name: `Show ${name}` })
      .locator("td")
      .first();
    const box = await state.boundingBox();
    expect((box?.x ?? 1e9) + (box?.width ?? 0)).toBeLessThan(1280);
    // A folder that goes while it is shown.
    await rm(folder, { recursive: true });
    await page.getByText(`${name}: there is no run of this name here.`).waitFor();
    expect(problems).toEqual([]);
  });

  test("whose metrics are missing, damaged or cut say so in the list and beside their curves, in both languages", {
    timeout: TIMEOUT,
  }, async () => {
    const epoch = (n: number, more = {}) => `${JSON.stringify({ epoch: n, loss: 1 / n, ...more })}\n`;
    const cut = Array.from({ length: 7 }, (_, i) => epoch(i + 1)).join("");
    const files = {
      none: undefined,
      empty: "",
      garbage: "\u0000\u0001\n\u0002 {\n\u0003",
      cut: `${cut}{"epoch":8,"lo`,
      hole: `${epoch(1)}{"epoch":2,\n${[3, 4, 12].map((n) => epoch(n, { accuracy: 0.5 })).join("")}`,
    };
    for (const [name, text] of Object.entries(files)) {
      const folder = join(site().runs, name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "config.json"), '{"training":{"epochs":12,"lr":0.01}}');
      await writeFile(join(folder, "result.json"), '{"epochs":12}');
      if (text !== undefined) await writeFile(join(folder, "metrics.jsonl"), text);
    }
    const { page, problems } = await open("runs/#run=none&run=empty&run=garbage&run=cut&run=hole");
    const listed = (name: string) =>
      page
        .getByRole("row", { name: `Show ${name}` })
        .locator("td")
        .first();
    await page.getByText("cut: 7 lines of its metrics.jsonl could be read; line 8, the last, is incomplete;").waitFor();
    await expect.poll(() => listed("cut").innerText()).toBe("finished; its metrics.jsonl ends at epoch 7 of 12");
    expect(await listed("none").innerText()).toBe("finished; there is no metrics.jsonl");
    expect(await listed("empty").innerText()).toBe("finished; its metrics.jsonl is empty");
    expect(await listed("garbage").innerText()).toBe("finished; its metrics.jsonl can't be read");
    expect(await listed("hole").innerText()).toBe("finished; its metrics.jsonl is damaged");
    const told = page.locator("#standing ~ .error, .drawing ~ .error");
    expect(await told.allInnerTexts()).toEqual([
      "none: there is no metrics.jsonl, so it has no curves.",
      "empty: its metrics.jsonl is empty, so it has no curves.",
      "garbage: no line of its metrics.jsonl could be read; 2 lines are damaged, the first of them line 1; line 3, the last, is incomplete.",
      "cut: 7 lines of its metrics.jsonl could be read; line 8, the last, is incomplete; the curves end at epoch 7 of 12.",
      "hole: 4 lines of its metrics.jsonl could be read; line 2 is damaged.",
    ]);
    // A legend names the curves that are there, and no others.
    const named = async (name: string) => {
      const texts = await page.getByRole("figure", { name }).locator(".legend li").allTextContents();
      return texts.map((text) => text.trim());
    };
    expect(await named("Accuracy")).toEqual(["hole"]);
    expect(await named("Loss")).toEqual(["cut", "hole"]);
    await page.getByLabel("Language").selectOption("zh");
    expect((await told.allInnerTexts())[3]).toBe(
      "cut：metrics.jsonl 中读到 7 行；最后的第 8 行不完整；所示内容到第 7 轮为止，共 12 轮。",
    );
    expect(problems).toEqual([]);
  });

  test("with long names leave what stands beside them in view; the best epoch is named beside the last", {
    timeout: TIMEOUT,
  }, async () => {
    const name = "n".repeat(150);
    const folder = join(site().runs, name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.json"), `{"model":{"name":"mlp"},"data":{"path":"${"d".repeat(200)}"}}`);
    await writeFile(join(folder, "metrics.jsonl"), '{"epoch":1,"loss":1,"validation":{"loss":0.25,"accuracy":0.9}}\n');
    await writeFile(
      join(folder, "result.json"),
      '{"epochs":30,"bestEpoch":12,"validation":{"loss":0.1779,"accuracy":1}}',
    );
    const { page, problems } = await open(`runs/#run=${name}`);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator("#standing").getByText("12: 0.1779, 100.00%").waitFor();
    for (const region of await page.locator(".drawing").all()) {
      expect(await region.evaluate((e) => e.scrollWidth - e.clientWidth)).toBe(0);
    }
    expect(await page.locator("#standing .name").getAttribute("title")).toBe(name);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1440);
    expect(problems).toEqual([]);
  });

  test("are not there on a host that only has the pages, which says so", async () => {
    const { address, close } = await serveFolder(site().folder, {});
    onTestFinished(close);
    const { page } = await open("runs/", address);
    await page.getByText("Runs are shown only when tidu studio serves these pages.").waitFor();
  });
});

test("the page of runs is accessible, in both languages, on a phone, light and dark", async () => {
  const { page, problems } = await open("runs/");
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page, COLORS)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.getByLabel("Language").selectOption("zh");
  await page.getByRole("heading", { level: 1, name: "训练记录" }).waitFor();
  expect(problems).toEqual([]);
});
