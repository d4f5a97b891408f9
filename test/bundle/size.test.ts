import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { zeros } from "tidu";
import { predictWasm } from "tidu/native";
import { beforeAll, describe, expect, test } from "vitest";
import { APPS, bundle, bundleByEsbuild, sizesOf } from "../../bench/lib/bundle.mjs";
import { SOURCES } from "../../scripts/sources.mjs";
import { lenet } from "../support/lenet.js";

/**
 * In KB, minified and gzipped: by Vite, and by esbuild without the threads' file; 0.2 KB or so above what they are. What
 * is saved lowers them.
 */
const MOST = {
  library: { vite: 85.1, esbuild: 90.1 },
  training: { vite: 76.4, esbuild: 80.7 },
  inference: { vite: 65.2, esbuild: 68.6 },
  sum: { vite: 52.3, esbuild: 54.7 },
};

const page = await readFile(new URL("../../docs/browser.md", import.meta.url), "utf8");

const BUNDLERS = ["vite", "esbuild"] as const;
const files = { vite: {} as Record<string, Buffer[]>, esbuild: {} as Record<string, Buffer[]> };
beforeAll(async () => {
  for (const app of APPS) {
    files.vite[app] = await bundle(app, SOURCES);
    files.esbuild[app] = await bundleByEsbuild(app, SOURCES);
  }
});
const kib = (app: (typeof APPS)[number], by: (typeof BUNDLERS)[number]) => sizesOf(files[by][app]).gzip / 1024;

describe.each(BUNDLERS)("by %s", (by) => {
  test.each(APPS)("%s is not above its limit", (app) => {
    expect(kib(app, by)).toBeLessThanOrEqual(MOST[app][by]);
  });

  test("an app that trains leaves out what it does not use, and one that only predicts leaves out training", () => {
    expect(kib("training", by)).toBeLessThan(kib("library", by));
    expect(kib("inference", by)).toBeLessThan(kib("training", by));
  });
});

test("docs/browser.md says what is measured, to within 1 KB", async () => {
  const [, byVite, byEsbuild] = /^(What Tidu adds to an app.*?`await tensor.*?)esbuild makes (.*?) KB/ms.exec(
    page,
  ) as RegExpExecArray;
  const said = [byVite.matchAll(/(\d+) KB/g), byEsbuild.matchAll(/(\d+)/g)].map((all) =>
    [...all].map(([, number]) => Number(number)),
  );
  const order = ["inference", "training", "library", "sum"] as const;
  const measured = [order.map((app) => kib(app, "vite")), order.slice(0, 3).map((app) => kib(app, "esbuild"))];
  expect(said.map((numbers) => numbers.length)).toEqual(measured.map((numbers) => numbers.length));
  measured.flat().forEach((size, i) => {
    const number = said.flat()[i];
    expect(Math.abs(number - size), `${number} KB`).toBeLessThan(1);
  });
});

test("LeNet exported as WebAssembly is as small as docs/browser.md says, beside its weights", async () => {
  const net = await lenet();
  for (const parameter of net.parameters()) parameter.assign(zeros(parameter.shape));
  const { module, loader } = await predictWasm(net, [1, 28, 28], { file: "lenet.wasm" });
  const { gzip } = sizesOf([Buffer.from(module), Buffer.from(loader)]);
  const [, said] = /LeNet\s+takes (\d+) KB beside its weights/.exec(page) as RegExpExecArray;
  expect(Math.abs(Number(said) - gzip / 1024)).toBeLessThan(1);
});

test("every bundle has the device, whose only use is an effect of the index", () => {
  for (const by of BUNDLERS) for (const app of APPS) expect(files[by][app].join()).toContain("new WebAssembly.Memory(");
});

test("an app that does not use graphics cards carries nothing of them", async () => {
  const marks = ["createComputePipeline", "requestAdapter", "workgroup"];
  const carried = (files: readonly Buffer[]) => marks.filter((mark) => files.join().includes(mark));
  for (const app of APPS) expect([app, carried(files.vite[app])]).toEqual([app, []]);
  const entryPoints = [SOURCES["tidu/webgpu"]];
  const [device] = (await build({ entryPoints, bundle: true, write: false, format: "esm" })).outputFiles;
  expect(carried([Buffer.from(device.text)])).toEqual(marks);
});
