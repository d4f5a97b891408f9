// What a person brings: a table, a folder of pictures, the camera; and the examples, and links.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { describe, expect, onTestFinished, test } from "vitest";
import { fromAddress } from "../../../studio/src/engine/settings.js";
import { PRESETS } from "../../../studio/src/playground/presets.js";
import { download, fullSpeed, kinds, numberOf, open, playUntil, press, steps, TIMEOUT, useSite } from "./page.js";

useSite(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
const IRIS = fileURLToPath(new URL("../../../examples/data/iris.csv", import.meta.url));

describe("data of your own", () => {
  test("a CSV file is learned, its columns name the axes, and another column can be chosen", {
    timeout: TIMEOUT,
  }, async () => {
    const { page, problems } = await open("");
    await press(page, "A table of your own");
    // Nothing went wrong yet.
    await page.locator(".trouble.missing").getByText("Open a file of your own.").waitFor();
    await page.getByLabel("Open a CSV file").setInputFiles(IRIS);
    await page.getByText(/^iris\.csv: 150 rows; inputs: /).waitFor();
    expect(await page.locator(".key-row").innerText()).toContain("setosa");
    await playUntil(page, 30);
    expect(await numberOf(page.locator("#accuracy"))).toBeGreaterThan(0.9);
    expect(await page.locator(".confusion .right").count()).toBe(3);
    // Inputs and outputs say what they are.
    expect(
      await page.locator(".unit .name").evaluateAll((all) => all.map((one) => (one as HTMLElement).title)),
    ).toEqual([
      ...["sepal_length", "sepal_width", "petal_length", "petal_width"],
      ...["setosa", "versicolor", "virginica"],
    ]);
    // Numbers are learned as numbers.
    await page.getByLabel("Column to learn").selectOption("0");
    await page.getByRole("img", { name: "The plane, colored by the output" }).waitFor();
    await playUntil(page, 3);
    expect(await page.locator("#accuracy").count()).toBe(0);
    await page
      .getByLabel("Open a CSV file")
      .setInputFiles({ name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("a\n1\n") });
    await page.getByRole("alert").getByText("bad.csv has fewer than four rows").waitFor();
    // The column to be learned is the one that tidu train would take.
    const points = Array.from({ length: 20 }, (_, i) => `${i % 2 ? "a" : "b"},${i},${-i}`);
    const buffer = Buffer.from(["label,x,z", ...points].join("\n"));
    await page.getByLabel("Open a CSV file").setInputFiles({ name: "pts.csv", mimeType: "text/csv", buffer });
    await page.getByText("pts.csv: 20 rows; inputs: x, z").waitFor();
    expect(await page.getByLabel("Column to learn").inputValue()).toBe("0");
    await page
      .getByLabel("Open a CSV file")
      .setInputFiles({ name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("a\n1\n") });
    await page.getByLabel("Language").selectOption("zh");
    await page.getByRole("alert").getByText("bad.csv 在列名一行之下不足四行数据。").waitFor();
    expect(problems).toEqual([]);
  });

  test("a folder of pictures is learned, its folders are the classes", { timeout: TIMEOUT }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidu-pictures-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const [name, bright] of [
      ["left", (x: number) => x < 20],
      ["right", (x: number) => x >= 20],
    ] as const) {
      await mkdir(join(folder, "set", name), { recursive: true });
      for (let i = 0; i < 12; i++) {
        const data = Uint8Array.from({ length: 40 * 40 }, (_, k) =>
          bright((k % 40) + (i % 5) - 2) ? 255 - 9 * i : 7 * i,
        );
        await writeFile(
          join(folder, "set", name, `${i}.png`),
          encode({ width: 40, height: 40, channels: 1, depth: 8, data }),
        );
      }
    }
    const { page, problems } = await open("");
    await press(page, "Pictures of your own");
    await page.getByLabel("Open a folder of pictures").setInputFiles(join(folder, "set"));
    await page.getByText("24 pictures: left, right").waitFor();
    expect(await page.locator(".head").last().innerText()).toBe("linear");
    await playUntil(page, 40, TIMEOUT);
    expect(await numberOf(page.locator("#accuracy"))).toBeGreaterThan(0.9);
    await page
      .locator("#answer")
      .getByText(/This is (left|right) /)
      .waitFor();
    await mkdir(join(folder, "one", "only"), { recursive: true });
    await writeFile(join(folder, "one", "only", "x.png"), "no picture");
    await page.getByLabel("Open a folder of pictures").setInputFiles(join(folder, "one"));
    await page
      .getByRole("alert")
      .getByText("None of the files is a picture that this browser can read; the first is only/x.png.")
      .waitFor();
    // What can be read is learned; what can't is named.
    for (let i = 0; i < 5; i++) await writeFile(join(folder, "set", "left", `bad${i}.png`), "no picture");
    await page.getByLabel("Open a folder of pictures").setInputFiles(join(folder, "set"));
    await page.getByText("24 pictures: left, right").waitFor();
    const unread = page.locator(".unread");
    expect(await unread.innerText()).toMatch(/^5 files are left out, .*: (left\/bad\d\.png, ){3}2 more\.$/);
    await page.getByLabel("Language").selectOption("zh");
    expect(await unread.innerText()).toContain("未用 5 个浏览器读不了的图片文件：");
    await page.getByLabel("语言").selectOption("en");
    expect(problems).toEqual([]);
  });

  test("pictures are seen on white, whatever was before them, and what systems keep beside them is none", {
    timeout: TIMEOUT,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidu-clear-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    // Names longer than any panel is wide.
    const [black, clear] = ["black", "clear"].map((name) => name.repeat(20));
    for (const [name, alpha] of [
      [black, 255],
      [clear, 0],
    ] as const) {
      await mkdir(join(folder, name));
      const data = Uint8Array.from({ length: 40 * 40 * 4 }, (_, k) => (k % 4 === 3 ? alpha : 0));
      const picture = encode({ width: 40, height: 40, channels: 4, depth: 8, data });
      for (let i = 0; i < 6; i++) await writeFile(join(folder, name, `${i}.png`), picture);
      await writeFile(join(folder, name, "Thumbs.db"), "no picture");
    }
    const { page, problems } = await open("#data=pictures");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByLabel("Open a folder of pictures").setInputFiles(folder);
    await page.getByText(`12 pictures: ${black}, ${clear}`).waitFor();
    await playUntil(page, 20, TIMEOUT);
    expect(await numberOf(page.locator("#accuracy"))).toBe(1);
    await page.locator("#answer").getByText(black).or(page.locator("#answer").getByText(clear)).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect((await page.locator(".shares meter").first().boundingBox())?.width).toBeGreaterThan(12);
    // Digits have names of their own again.
    await press(page, "Handwritten digits");
    await page.locator(".shares").getByText("9", { exact: true }).waitFor();
    expect(await page.locator(".shares").innerText()).not.toContain("black");
    expect(problems).toEqual([]);
  });

  test("the camera's pictures are taken, learned and answered to; without a camera that is said", {
    timeout: TIMEOUT,
  }, async () => {
    const { page, problems } = await open("#data=pictures");
    await press(page, "Use the camera");
    await page.waitForFunction(() => (document.querySelector("video")?.videoWidth ?? 0) > 0);
    for (const name of ["A", "B"])
      for (let i = 0; i < 4; i++) await page.getByRole("button", { name: `Take ${name} (${i})` }).click();
    await press(page, "Train on these");
    await page.getByText("8 pictures: A, B").waitFor();
    await press(page, "Play");
    await page
      .locator("#answer")
      .getByText(/This is (A|B) /)
      .waitFor();
    // What is looked at stands there, not the paper.
    await page.getByRole("figure", { name: "What the camera sees" }).waitFor();
    expect(await page.locator(".pad").isVisible()).toBe(false);
    expect(problems).toEqual([]);
    await page.reload();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("none", "NotFoundError"));
    });
    await press(page, "Use the camera");
    await page.getByRole("alert").getByText("The camera cannot be used (NotFoundError).").waitFor();
  });
});

describe("the gallery", () => {
  test("opens every example with its network, and undo brings back what there was", { timeout: TIMEOUT }, async () => {
    const { page, problems } = await open("#batch=200");
    await steps(page, 2);
    for (const { title, address } of PRESETS) {
      await press(page, "Examples");
      await page.getByRole("dialog", { name: "Examples" }).getByRole("button", { name: title.en }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      expect(await kinds(page)).toEqual(fromAddress(address).layers.map(({ kind }) => kind));
      expect((await page.getByRole("alert").allInnerTexts()).join("")).toBe("");
    }
    for (let i = 0; i < PRESETS.length; i++) await press(page, "Undo");
    await page.locator("#position").getByText("Epochs done: 2;").waitFor();
    expect(problems).toEqual([]);
  });
});

test("a table says what became of its columns, and its numbers keep their units; before a file nothing is empty", {
  timeout: TIMEOUT,
}, async () => {
  const { page, problems } = await open("#data=table");
  await page.getByText("The loss appears here, once there are data").waitFor();
  expect(await page.getByLabel("Loss function").inputValue()).toBe("crossEntropy");
  const rows = Array.from({ length: 40 }, (_, i) => `${i};${i % 2 ? "red" : "blue"};${i},5;${100000 + 250 * i}`);
  const buffer = Buffer.from(["a;c;b;price", ...rows].join("\n"));
  await page.getByLabel("Open a CSV file").setInputFiles({ name: "p.csv", mimeType: "text/csv", buffer });
  await page.getByText("p.csv: 40 rows; inputs: a, b").waitFor();
  const note = await page.locator(".table-note").innerText();
  expect(note).toContain("Left out, since not every field is a number: c.");
  expect(note).toContain("price: −1 is 100,000, 1 is 109,750.");
  expect(await page.locator(".key-row").innerText()).toMatch(/^price:\s+100,000\s+109,750$/);
  expect(await page.locator(".loss-unit").innerText()).toContain("a difference of 1 there is 4,875.");
  await page.getByLabel("Language").selectOption("zh");
  expect(await page.locator(".table-note").innerText()).toContain("未用（并非每格都是数）：c。");
  expect(problems).toEqual([]);
});

test("a table with empty fields is learned, and the page says what became of them", { timeout: TIMEOUT }, async () => {
  const { page, problems } = await open("#data=table");
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i % 9 === 0 ? "" : i},${60 - i},${i === 7 ? "" : i < 30 ? "low" : "high"}`,
  );
  const buffer = Buffer.from(["a,b,kind", ...rows].join("\n"));
  await page.getByLabel("Open a CSV file").setInputFiles({ name: "gaps.csv", mimeType: "text/csv", buffer });
  await page.getByText("gaps.csv: 59 rows; inputs: a, b").waitFor();
  const note = page.locator(".table-note");
  expect(await note.innerText()).toContain(
    "Left out: 1 row without kind. 7 empty fields have their column's mean (a).",
  );
  await playUntil(page, 40, TIMEOUT);
  expect(await numberOf(page.locator("#accuracy"))).toBeGreaterThan(0.8);
  await page.getByLabel("Language").selectOption("zh");
  expect(await note.innerText()).toContain("未用：没有“kind”的 1 行。7 个空格取所在列的平均值（a）。");
  expect(problems).toEqual([]);
});

test("digits that do not come are named in both languages, and asked for again with Reset", async () => {
  const { page } = await open("");
  // Unlike a page that is offline, one whose requests are caught takes nothing from the browser's cache.
  await page.route("**/digits/*.idx", (route) => route.abort());
  onTestFinished(() => page.unrouteAll());
  await press(page, "Handwritten digits");
  await page.getByRole("alert").getByText("the server does not answer. Press Reset to try again.").waitFor();
  await page.getByLabel("Language").selectOption("zh");
  await page.getByRole("alert").getByText("取不到手写数字：服务器没有回应。按“重来”再试。").waitFor();
  await page.unrouteAll();
  await press(page, "重来");
  await page.locator("#unit-0-0").waitFor();
  expect((await page.getByRole("alert").allInnerTexts()).join("")).toBe("");
});

test("where the loss is exactly 0 the page says why the curve ends", { timeout: TIMEOUT }, async () => {
  const { page } = await open("#data=xor&noise=0&features=xy&net=linear-2&lr=10");
  await fullSpeed(page);
  await press(page, "Play");
  await page.getByText("Where the loss is exactly 0, the curve ends").waitFor();
});

test("a program is a module in any folder", async () => {
  const { page } = await open("#data=gauss&batch=200&net=linear-2");
  await steps(page, 1);
  const [file] = await Promise.all([page.waitForEvent("download"), press(page, "Program (TypeScript)")]);
  expect(file.suggestedFilename()).toBe("network.mts");
});

test("a file that is chosen again is read again", { timeout: TIMEOUT }, async () => {
  const { page, problems } = await open("");
  await press(page, "A table of your own");
  const folder = await mkdtemp(join(tmpdir(), "tidu-again-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "edit.csv");
  for (const rows of [20, 44]) {
    const lines = Array.from({ length: rows }, (_, i) => `${i},${i % 7},${i % 2 ? "a" : "b"}`);
    await writeFile(file, ["x,z,label", ...lines].join("\n"));
    await page.getByLabel("Open a CSV file").setInputFiles(file);
    await page.getByText(`edit.csv: ${rows} rows;`).waitFor();
  }
  // The browser tells of a choice only where the field holds another file than before.
  expect(
    await page.locator("input[type=file]").evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)),
  ).toEqual(["", ""]);
  await page
    .getByLabel("Load weights")
    .setInputFiles({ name: "w.safetensors", mimeType: "", buffer: Buffer.from("no") });
  await page.getByRole("alert").getByText("w.safetensors is not a complete safetensors file.").waitFor();
  expect(await page.getByLabel("Load weights").inputValue()).toBe("");
  expect(problems).toEqual([]);
});

test("a link and a program of a training with loaded weights are not called that training", {
  timeout: TIMEOUT,
}, async () => {
  const { page, problems } = await open("#data=spiral&batch=200&net=linear-8_tanh_linear-2");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await steps(page, 3);
  const weights = await download(page, "Weights (safetensors)");
  await press(page, "Copy link");
  await page.getByText("Copied: the link opens this run.").waitFor();
  // What was said of another run is no longer said.
  await press(page, "Reset");
  expect(await page.locator(".copied").innerText()).toBe("");
  await page
    .getByLabel("Load weights")
    .setInputFiles({ name: "own.safetensors", mimeType: "application/octet-stream", buffer: weights });
  await page.locator("#loaded").waitFor();
  await press(page, "Copy link");
  await page.getByText("but not the weights that were loaded.").waitFor();
  await steps(page, 2);
  const loss = await numberOf(page.locator("#loss"));
  await press(page, "Program (TypeScript)");
  await page.getByRole("alert").getByText("into this training some were loaded").waitFor();
  // Gone back over, and to the beginning, the training is the same again: with the weights that were loaded.
  await page.getByLabel("Epoch shown").fill("0");
  await page.locator("#position").getByText("Epochs done: 0;").waitFor();
  await steps(page, 2);
  expect(await numberOf(page.locator("#loss"))).toBe(loss);
  await page.getByLabel("Language").selectOption("zh");
  await page.locator(".play-more").getByRole("button", { name: "复制链接" }).click();
  await page.getByText("但没有载入的权重").waitFor();
  await page.getByRole("button", { name: "自己的表格" }).click();
  await page.locator(".play-more").getByRole("button", { name: "复制链接" }).click();
  await page.getByText("但没有你的数据").waitFor();
  expect(problems).toEqual([]);
});

test("the link is copied, or it is said that it can't be", async () => {
  const { page } = await open("#data=spiral&seed=4");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await press(page, "Copy link");
  await page.getByText("Copied: the link opens this run.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  await page.context().clearPermissions();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
  });
  await press(page, "Copy link");
  await page.getByRole("alert").getByText("The link could not be copied").waitFor();
});
