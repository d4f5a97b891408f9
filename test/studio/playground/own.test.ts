// What a person brings: a table, a folder of pictures, the camera; and the examples, and links.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { describe, expect, onTestFinished, test } from "vitest";
import { fromAddress } from "../../../studio/src/engine/settings.js";
import { PRESETS } from "../../../studio/src/playground/presets.js";
import { kinds, numberOf, open, playUntil, press, steps, TIMEOUT, useSite } from "./page.js";

useSite(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
const IRIS = fileURLToPath(new URL("../../../examples/data/iris.csv", import.meta.url));

describe("data of your own", () => {
  test("a CSV file is learned, its columns name the axes, and another column can be chosen", {
    timeout: TIMEOUT,
  }, async () => {
    const { page, problems } = await open("");
    await press(page, "A table of your own");
    await page.getByRole("alert").getByText("Open a file of your own.").waitFor();
    await page.getByLabel("Open a CSV file").setInputFiles(IRIS);
    await page.getByText(/^iris\.csv: 150 rows; inputs /).waitFor();
    expect(await page.locator(".key-row").innerText()).toContain("setosa");
    await playUntil(page, 30);
    expect(await numberOf(page.locator("#accuracy"))).toBeGreaterThan(0.9);
    expect(await page.locator(".confusion .right").count()).toBe(3);
    // Numbers are learned as numbers.
    await page.getByLabel("Column to be learned").selectOption("0");
    await page.getByRole("img", { name: "The plane, colored by the number" }).waitFor();
    await playUntil(page, 3);
    expect(await page.locator("#accuracy").count()).toBe(0);
    await page
      .getByLabel("Open a CSV file")
      .setInputFiles({ name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from("a\n1\n") });
    await page.getByRole("alert").getByText("bad.csv has fewer than four rows").waitFor();
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
      .getByText(/This is a (left|right)/)
      .waitFor();
    await mkdir(join(folder, "one", "only"), { recursive: true });
    await writeFile(join(folder, "one", "only", "x.png"), "no picture");
    await page.getByLabel("Open a folder of pictures").setInputFiles(join(folder, "one"));
    await page.getByRole("alert").getByText("is no picture that this browser can read").waitFor();
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
    await press(page, "Learn these");
    await page.getByText("8 pictures: A, B").waitFor();
    await press(page, "Play");
    await page
      .locator("#answer")
      .getByText(/This is a (A|B)/)
      .waitFor();
    expect(problems).toEqual([]);
    await page.reload();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("none", "NotFoundError"));
    });
    await press(page, "Use the camera");
    await page.getByRole("alert").getByText("There is no camera to be had (NotFoundError).").waitFor();
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

test("the link is copied, or it is said that it can't be", async () => {
  const { page } = await open("#data=spiral&seed=4");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await press(page, "Copy link");
  await page.getByText("Copied: the link is this very run.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  await page.context().clearPermissions();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
  });
  await press(page, "Copy link");
  await page.getByRole("alert").getByText("The link could not be copied").waitFor();
});
