import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportOnnx } from "../../packages/onnx/src/index.js";
import { nn } from "../../packages/tidu/src/index.js";
import { loadGolden, type TfjsCase } from "../goldens/load.js";
import { OPENING, openBrowser, openPage } from "../support/browser.js";
import { type Bundle, bundle } from "../support/bundle.js";
import { STRICT, serveFolder } from "../support/static-server.js";

const APP = fileURLToPath(new URL("../../examples/own-pictures", import.meta.url));
/** A camera that shows a test picture, which nobody has to allow. */
const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

let built: Bundle;
let browser: Browser;
let address: string;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidu-own-"));
  ends.push(() => rm(folder, { recursive: true }));
  built = await bundle(APP, folder);
  const server = await serveFolder(folder, STRICT);
  ends.push(server.close);
  address = server.address;
  browser = await openBrowser(CAMERA);
  ends.push(() => browser.close());
}, OPENING);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** Drawings of a kind as PNG files, each at another place and of another size, dark on white. */
async function drawings(page: Page, kind: "ring" | "cross" | "zigzag", numbers: readonly number[]) {
  const files = await page.evaluate(
    ([kind, numbers]) =>
      numbers.map((n) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 120 });
        const paper = canvas.getContext("2d") as CanvasRenderingContext2D;
        paper.fillStyle = "white";
        paper.fillRect(0, 0, 160, 120);
        paper.translate(80 + ((n * 5) % 11) - 5, 60 + ((n * 3) % 9) - 4);
        paper.rotate((((n * 7) % 9) - 4) / 20);
        const size = 32 + ((n * 4) % 7);
        paper.lineWidth = 8;
        paper.beginPath();
        if (kind === "ring") paper.arc(0, 0, size, 0, 7);
        const corners = kind === "cross" ? [-1, -1, 1, 1, 1, -1, -1, 1] : [-1, -1, 1, -1, -1, 1, 1, 1];
        if (kind !== "ring")
          for (let i = 0; i < 4; i++) {
            const [x, y] = [corners[2 * i] * size, corners[2 * i + 1] * size];
            if (i === 0 || (kind === "cross" && i === 2)) paper.moveTo(x, y);
            else paper.lineTo(x, y);
          }
        paper.stroke();
        return { name: `${kind}-${n}.png`, data: canvas.toDataURL("image/png").split(",")[1] };
      }),
    [kind, numbers] as const,
  );
  return files.map(({ name, data }) => ({ name, mimeType: "image/png", buffer: Buffer.from(data, "base64") }));
}

const stateOf = (page: Page) => page.getByRole("status");
const upload = (page: Page, kind: number) => page.locator("#kinds li").nth(kind).locator("input[type=file]");

/** Gives three kinds of drawings and has them learned. */
async function teach(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Another kind" }).click();
  for (const [i, kind] of (["ring", "cross", "zigzag"] as const).entries()) {
    await page.getByRole("textbox").nth(i).fill(kind);
    await upload(page, i).setInputFiles(await drawings(page, kind, [1, 2, 3, 4]));
    await page.getByRole("img", { name: `picture 4 of ${kind}` }).waitFor();
  }
  await page.getByRole("button", { name: "Learn" }).click();
  await stateOf(page)
    .getByText(/^Learned 3 kinds from 12 pictures in [\d.]+ s\.$/)
    .waitFor();
}

/** What it answers to new drawings of a kind. */
async function ask(page: Page, kind: "ring" | "cross" | "zigzag"): Promise<string[]> {
  await page.locator("#ask").setInputFiles(await drawings(page, kind, [11, 12, 13, 14]));
  await page.locator("#answers li").nth(3).waitFor();
  return page.locator("#answers li").allInnerTexts();
}

describe("the page that learns from your own pictures", () => {
  test("is bundled without a warning; what reads other networks is fetched when somebody brings one", () => {
    expect(built.warnings).toEqual([]);
    const first = built.files.find((file) => file.type === "chunk" && file.isEntry);
    const modules = Object.keys(first?.type === "chunk" ? first.modules : {});
    expect(modules.filter((id) => id.includes("packages/onnx"))).toEqual([]);
  });

  test("learns three kinds of drawings from four uploaded pictures of each, in seconds", async () => {
    const { page, problems } = await openPage(browser, address);
    await stateOf(page).getByText("Ready, with the network of handwritten digits.").waitFor();
    await page.getByRole("button", { name: "Learn" }).click();
    await stateOf(page).getByText("Give pictures of two kinds or more.").waitFor();
    await teach(page);
    for (const kind of ["ring", "cross", "zigzag"] as const) {
      const answers = await ask(page, kind);
      expect(answers.filter((text) => text.includes(`: ${kind} (`)).length, answers.join()).toBeGreaterThanOrEqual(3);
    }
    expect(problems).toEqual([]);
  });

  test("takes a network that one brings, and says what it cannot use", async () => {
    const { page, problems } = await openPage(browser, address);
    await stateOf(page)
      .getByText(/^Ready/)
      .waitFor();
    const bring = async (name: string, bytes: Uint8Array) =>
      page
        .locator("#network")
        .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
    await bring("text.onnx", new TextEncoder().encode("nothing of the kind"));
    await stateOf(page)
      .getByText(/^This does not work: text\.onnx: /)
      .waitFor();
    await bring("rows.onnx", await exportOnnx(nn.linear(4, 2), [4]));
    await stateOf(page)
      .getByText(/rows\.onnx: it must take images/)
      .waitFor();
    const net = nn.sequential(
      nn.conv2d(3, 8, 5, { stride: 2 }),
      nn.relu(),
      nn.maxPool2d(2),
      nn.flatten(),
      nn.linear(392, 5),
      nn.softmax(),
    );
    await bring("colors.onnx", await exportOnnx(net, [3, 32, 32]));
    await stateOf(page).getByText("Ready, with colors.onnx.").waitFor();
    await teach(page);
    expect((await ask(page, "ring")).filter((text) => text.includes(": ring (")).length).toBeGreaterThanOrEqual(3);
    const tfjs = loadGolden("tfjs").cases.find(({ name }) => name === "classifier") as TfjsCase;
    const files = Object.entries(tfjs.files).map(([name, text]) => ({ name, buffer: Buffer.from(text, "base64") }));
    const model = { name: "model.json", buffer: Buffer.from(JSON.stringify(tfjs.model)) };
    await page
      .locator("#network")
      .setInputFiles([...files, model].map((file) => ({ ...file, mimeType: "application/octet-stream" })));
    await stateOf(page).getByText("Ready, with model.json.").waitFor();
    await page.getByRole("button", { name: "Learn" }).click();
    await stateOf(page)
      .getByText(/^Learned 3 kinds/)
      .waitFor();
    expect(problems).toEqual([]);
  });

  test("takes pictures with the camera, and answers to what it sees", async () => {
    const { page, problems } = await openPage(browser, address);
    await stateOf(page)
      .getByText(/^Ready/)
      .waitFor();
    await page.getByRole("button", { name: "Camera", exact: true }).click();
    await page.getByRole("button", { name: "Take" }).first().click();
    await page.getByRole("img", { name: "picture 1 of A" }).waitFor();
    await upload(page, 1).setInputFiles(await drawings(page, "cross", [1, 2]));
    await page.getByRole("img", { name: "picture 2 of B" }).waitFor();
    await page.getByRole("button", { name: "Learn" }).click();
    await stateOf(page)
      .getByText(/^Learned 2 kinds from 3 pictures/)
      .waitFor();
    await page.getByRole("button", { name: "What the camera sees" }).click();
    await page
      .locator("#answers")
      .getByText(/^The camera: [AB] \(\d+ %\)$/)
      .waitFor();
    expect(problems).toEqual([]);
  });
});
