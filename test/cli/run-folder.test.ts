import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TiduError } from "../../src/base/errors.js";
import { RunFolder } from "../../src/cli/run-folder.js";

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "tidu-runs-"));
});
afterEach(() => rm(parent, { recursive: true }));

describe("RunFolder", () => {
  it("is named by time and kind, and never shared", async () => {
    const runs = join(parent, "runs");
    const paths = await Promise.all([1, 2, 3].map(() => RunFolder.create(runs, "lenet")));
    expect(new Set(paths.map(({ path }) => path)).size).toBe(3);
    for (const name of await readdir(runs)) expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-lenet(-\d)?$/);
  });

  it("holds the configuration, and a line of metrics for each epoch", async () => {
    const folder = await RunFolder.create(parent, "x");
    await folder.saveConfig({ epochs: 2 });
    await folder.addMetrics({ epoch: 1 });
    await folder.addMetrics({ epoch: 2 });
    expect(JSON.parse(await readFile(join(folder.path, "config.json"), "utf8"))).toEqual({ epochs: 2 });
    expect(await readFile(join(folder.path, "metrics.jsonl"), "utf8")).toBe('{"epoch":1}\n{"epoch":2}\n');
  });

  it("cannot be made inside a file", async () => {
    await writeFile(join(parent, "file"), "");
    const making = RunFolder.create(join(parent, "file"), "x");
    await expect(making).rejects.toThrow(TiduError);
    await expect(making).rejects.toThrow(/^cannot make .*file/);
  });
});
