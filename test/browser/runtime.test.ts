import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPENING, openBrowser, openPage } from "../support/browser.js";
import { bundle } from "../support/bundle.js";
import { ISOLATED, STRICT, serveFolder } from "../support/static-server.js";
import { type Outcome, type Task, tasks } from "./app/tasks.js";

/** Many runs on a machine that may be busy. */
const TIMEOUT = 120_000;

const APP = fileURLToPath(new URL("./app", import.meta.url));

let folder: string;
let browser: Browser;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-browser-"));
  ends.push(() => rm(folder, { recursive: true }));
  const { warnings } = await bundle(APP, folder);
  expect(warnings).toEqual([]);
  browser = await openBrowser();
  ends.push(() => browser.close());
}, OPENING);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A page that is served with these headers. */
async function pageWith(headers: Readonly<Record<string, string>>) {
  const { address, close } = await serveFolder(folder, headers);
  ends.push(close);
  return openPage(browser, address);
}

/** Runs a task on the page's main thread or in a worker of its. */
const ask = <T = Outcome>(page: Page, where: "page" | "worker", name: Task["name"], options: Task["options"]) =>
  page.evaluate(
    ([where, task]) => (globalThis as unknown as { run: (...args: unknown[]) => Promise<T> }).run(where, task),
    [where, { name, options }] as const,
  );

describe.each([
  ["isolated", { ...ISOLATED, ...STRICT }, 2],
  ["not isolated", STRICT, 1],
])("a page that is %s", (_, headers, most) => {
  test("computes the same bits as Node does: all ops and a training, on its main thread and in a worker", {
    timeout: TIMEOUT,
  }, async () => {
    const { page, problems } = await pageWith(headers);
    const node = {
      train: await tasks.train({ threads: 1, portable: true }),
      ops: await tasks.ops({ threads: 1, portable: true }),
    };
    expect(Object.keys(node.ops.values).length).toBeGreaterThan(40);
    expect(new Set(Object.values(node.train.values)).size).toBe(8);
    for (const name of ["train", "ops"] as const) {
      const { values } = node[name];
      const answer = (where: "page" | "worker", threads: number) => ask(page, where, name, { threads, portable: true });
      expect(await answer("worker", 1)).toEqual({ threads: 1, values });
      expect(await answer("worker", 2)).toEqual({ threads: most, values });
      // Its main thread may not wait for others.
      expect(await answer("page", 2)).toEqual({ threads: 1, values });
    }
    expect(problems).toEqual([]);
  });
});

test("a thread that fails does not keep the others waiting for ever", async () => {
  const { page } = await pageWith(ISOLATED);
  const said = await ask<string>(page, "worker", "failure", {});
  expect(said).toMatch(/^DeviceError: thread 1 of 2 failed: RuntimeError: divide by zero/);
});

test("there are no files in a browser, and what wants one says what to use", async () => {
  const { page } = await pageWith(STRICT);
  const said = await ask<string>(page, "page", "toFile", {});
  expect(said).toMatch(
    /^DeviceError: lenet.safetensors: a path needs Node, which is not available here; use serialize/,
  );
});

test("a page whose policy forbids WebAssembly is told what to allow", async () => {
  const { page } = await pageWith({ "Content-Security-Policy": "default-src 'self'" });
  const said = await ask<string>(page, "page", "make", {});
  expect(said).toMatch(/^DeviceError: .*'wasm-unsafe-eval'/);
});
