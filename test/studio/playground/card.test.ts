// A graphics card in the page: a network trains on it, and goes on when it is lost. Its driver computes on the processor, so
// the network is small; one of convolutions learns digits there in card.long.ts.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ISOLATED, serveFolder } from "../../support/static-server.js";
import { CARD, numberOf, open, playUntil, press, useSite } from "./page.js";

const site = useSite(CARD);
const TIMEOUT = 240_000;

/** The pages, with workers that lose their card when they are told so; and find no other if `last`. */
async function losing(last: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tidu-losing-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(site().folder, folder, { recursive: true });
  const spy = `{
    const [adapters, devices] = [GPU.prototype.requestAdapter, GPUAdapter.prototype.requestDevice];
    let card;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      return (card = await devices.apply(this, given));
    };
    GPU.prototype.requestAdapter = async function (...given) {
      return ${last} && card !== undefined ? null : adapters.apply(this, given);
    };
    const cards = new BroadcastChannel("cards");
    cards.onmessage = async () => {
      card.destroy();
      await card.lost;
      cards.postMessage("lost");
    };
  }\n`;
  for (const name of await readdir(join(folder, "assets"))) {
    const file = join(folder, "assets", name);
    if (/^worker-.*\.js$/.test(name)) await writeFile(file, spy + (await readFile(file, "utf8")));
  }
  const { address, close } = await serveFolder(folder, ISOLATED);
  onTestFinished(close);
  return address;
}

test("trains on it, and the page says what it is", { timeout: TIMEOUT }, async () => {
  const { page, problems } = await open("#data=circle&batch=200&device=webgpu&net=linear-4_tanh_linear-2");
  await page.locator(".standing-threads").getByText("graphics card").waitFor({ timeout: TIMEOUT });
  expect(await page.locator("#card").innerText()).toMatch(/swiftshader.* This card is software/i);
  await playUntil(page, 2);
  await page.getByLabel("Language").selectOption("zh");
  await page.locator(".standing-threads").getByText("显卡").waitFor();
  // Another choice is another training, and part of its address.
  await page.getByLabel("训练设备").selectOption("wasm");
  await page.locator(".standing-threads").getByText("线程").waitFor();
  expect(page.url()).toContain("device=wasm");
  expect(problems).toEqual([]);
});

test.each([
  [
    "on another",
    false,
    "The graphics card was lost and is back. Training goes on there from epoch 2.",
    "graphics card",
  ],
  ["on the processor", true, "The graphics card failed. Training goes on from epoch 2 on the processor.", "thread"],
])("that is lost: training goes on %s from the last epoch", { timeout: TIMEOUT }, async (_, last, says, where) => {
  const hash = "#data=circle&batch=200&device=webgpu&net=linear-4_tanh_linear-2";
  const { page } = await open(hash, await losing(last));
  const standing = async (epochs: number) =>
    page
      .locator("#position")
      .getByText(`Epochs done: ${epochs.toLocaleString("en")};`)
      .waitFor({ timeout: TIMEOUT });
  await page.locator(".standing-threads").getByText("graphics card").waitFor({ timeout: TIMEOUT });
  for (const epoch of [1, 2]) {
    await press(page, "One step");
    await standing(epoch);
  }
  const loss = await numberOf(page.locator("#loss"));
  await page.evaluate(
    () =>
      new Promise((lost) => {
        const cards = new BroadcastChannel("cards");
        cards.onmessage = lost;
        cards.postMessage("lose");
      }),
  );
  // The step that is asked for is done, though not where it began.
  await press(page, "One step");
  await page.getByRole("alert").getByText(says).waitFor({ timeout: TIMEOUT });
  await page.locator(".standing-threads").getByText(where).waitFor();
  await standing(3);
  expect(await numberOf(page.locator("#loss"))).toBeLessThan(loss);
});

test("is not taken for a training that was not asked to, where it computes on the processor", async () => {
  const { page, problems } = await open("#data=circle&net=linear-4_tanh_linear-2");
  await press(page, "Play");
  await page.locator("#loss").waitFor();
  expect(await page.locator(".standing-threads").innerText()).toMatch(/thread/);
  expect(await page.locator("#card").count()).toBe(0);
  expect(problems).toEqual([]);
});
