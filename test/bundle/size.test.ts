import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { APPS, bundle, sizesOf } from "../../bench/lib/bundle.mjs";
import { SOURCES } from "../../scripts/sources.mjs";

/** In KB, minified and gzipped; half a KB or so above what they are. What is saved lowers them. */
const MOST = { library: 81.5, training: 73, inference: 63.5, sum: 54 };

const files: Record<string, Buffer[]> = {};
const gzip = (app: (typeof APPS)[number]) => sizesOf(files[app]).gzip;
beforeAll(async () => {
  for (const app of APPS) files[app] = await bundle(app, SOURCES);
});

test.each(APPS)("%s is not above its limit", (app) => {
  expect(gzip(app) / 1024).toBeLessThanOrEqual(MOST[app]);
});

test("an app that trains leaves out what it does not use, and one that only predicts leaves out training", () => {
  expect(gzip("training")).toBeLessThan(gzip("library"));
  expect(gzip("inference")).toBeLessThan(gzip("training"));
});

test("docs/browser.md says what is measured, to within 1 KB", async () => {
  const page = await readFile(new URL("../../docs/browser.md", import.meta.url), "utf8");
  const [said] = /^What Tidu adds to an app.*?`await tensor/ms.exec(page) as RegExpExecArray;
  const numbers = [...said.matchAll(/(\d+) KB/g)].map(([, number]) => Number(number));
  const measured = (["inference", "training", "library", "sum"] as const).map((app) => gzip(app) / 1024);
  expect(numbers).toHaveLength(measured.length);
  numbers.forEach((number, i) => void expect(Math.abs(number - measured[i]), `${number} KB`).toBeLessThan(1));
});

test("every bundle has the device, whose only use is an effect of the index", () => {
  for (const app of APPS) expect(files[app].join()).toContain("new WebAssembly.Memory(");
});

test("an app that does not use graphics cards carries nothing of them", async () => {
  const marks = ["createComputePipeline", "requestAdapter", "workgroup"];
  const carried = (files: readonly Buffer[]) => marks.filter((mark) => files.join().includes(mark));
  for (const app of APPS) expect([app, carried(files[app])]).toEqual([app, []]);
  const entryPoints = [SOURCES["tidu/webgpu"]];
  const [device] = (await build({ entryPoints, bundle: true, write: false, format: "esm" })).outputFiles;
  expect(carried([Buffer.from(device.text)])).toEqual(marks);
});
