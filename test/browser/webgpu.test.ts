// WebGPU as browsers have it: a page and a worker of it train on the driver that computes on the processor.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { hasBrowser, OPENING, openBrowser, openPage } from "../support/browser.js";
import { bundle } from "../support/bundle.js";
import { STRICT, serveFolder } from "../support/static-server.js";
import type { tasks } from "./app/tasks.js";

const APP = fileURLToPath(new URL("./app", import.meta.url));
const FLAGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const there = await hasBrowser();
if (!there) console.warn("WebGPU in browsers is not tested: apt-get install chromium, or set CHROMIUM_PATH to it");

test.skipIf(!there)(
  "a page and a worker train on WebGPU to the losses that WebAssembly has",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidu-webgpu-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await bundle(APP, folder);
    const { address, close } = await serveFolder(folder, STRICT);
    onTestFinished(close);
    const browser = await openBrowser(FLAGS);
    onTestFinished(() => browser.close());
    const { page } = await openPage(browser, address);
    for (const where of ["page", "worker"] as const) {
      const { name, card, wasm } = await page.evaluate(
        (at) =>
          (globalThis as unknown as { run(...args: unknown[]): ReturnType<(typeof tasks)["card"]> }).run(at, {
            name: "card",
            options: {},
          }),
        where,
      );
      expect(name).toMatch(/swiftshader/i);
      expect(wasm).toHaveLength(5);
      expect(card).toHaveLength(5);
      card.forEach((loss, i) => void expect(Math.abs(loss / wasm[i] - 1)).toBeLessThan(1e-4));
      expect(card[4]).toBeLessThan(card[0]);
    }
  },
  OPENING,
);
