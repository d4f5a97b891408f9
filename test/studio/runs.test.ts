// The page of runs, in Chromium.
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveFolder } from "../support/static-server.js";
import { open, TIMEOUT, useSite } from "./playground/page.js";
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
    await page.locator("#standing").getByRole("row", { name: "long 120000" }).waitFor();
    await page.locator("#standing").getByRole("row", { name: "damaged 1 0.5" }).waitFor();
    await page.getByRole("row", { name: "damaged" }).getByText("its config.json can't be read").waitFor();
    await page.getByRole("row", { name: "long" }).getByText("stopped before its end").waitFor();
    await page.getByRole("figure", { name: "Loss" }).locator("canvas").waitFor();
    expect(problems).toEqual([]);
  });

  test("are not there on a host that only has the pages, which says so", async () => {
    const { address, close } = await serveFolder(site().folder, {});
    onTestFinished(close);
    const { page } = await open("runs/", address);
    await page.getByText("Runs can be seen where tidu studio serves these pages.").waitFor();
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
