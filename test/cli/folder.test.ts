import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunConfig } from "../../packages/cli/src/cli/run/config.js";
import { RunFolder } from "../../packages/cli/src/cli/run/folder.js";
import type { EpochMetrics } from "../../packages/cli/src/cli/run/metrics.js";
import { ArgumentError, FormatError, TiduError } from "../../packages/tidu/src/base/errors.js";

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "tidu-runs-"));
});
afterEach(() => rm(parent, { recursive: true }));

const CONFIG: RunConfig = {
  format: 1,
  command: "tidu train rows.csv",
  versions: { tidu: "0.1.0", node: "20.19.0" },
  model: { name: "mlp" },
  data: {
    path: "/rows.csv",
    options: {},
    kind: "csv",
    task: "regression",
    fingerprint: "12",
    inputShape: [1],
    outputs: 1,
    preprocess: {
      kind: "table",
      task: "regression",
      columns: [{ name: "x", kind: "number", mean: 0, deviation: 1 }],
      target: ["y"],
      targets: [{ name: "y", mean: 0, deviation: 1 }],
    },
  },
  training: {
    epochs: 1,
    batchSize: 1,
    optimizer: "adam",
    lr: 1,
    l2: 0,
    validation: 0,
    seed: 1,
    checkpoint: {},
    portable: false,
    tensorboard: false,
  },
};

const epoch = (n: number): EpochMetrics => ({ epoch: n, loss: 1 / n, seconds: 1, samplesPerSecond: 1, losses: [1] });

describe("a run's folder", () => {
  it("is named by time and kind, and never shared", async () => {
    const runs = join(parent, "runs");
    const paths = await Promise.all([1, 2, 3].map(() => RunFolder.makeIn(runs, "lenet")));
    expect(new Set(paths.map(({ path }) => path)).size).toBe(3);
    for (const name of await readdir(runs)) expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-lenet(-\d)?$/);
  });

  it("may have a name of its own, if nothing is there", async () => {
    await mkdir(join(parent, "empty"));
    expect((await RunFolder.make(join(parent, "empty"))).path).toBe(join(parent, "empty"));
    await RunFolder.make(join(parent, "a", "b"));
    const making = RunFolder.make(parent);
    await expect(making).rejects.toThrow(ArgumentError);
    await expect(making).rejects.toThrow(/is not empty; choose another folder, or run tidu resume/);
  });

  it("cannot be made inside a file", async () => {
    await writeFile(join(parent, "file"), "");
    const file = join(parent, "file");
    for (const make of [() => RunFolder.makeIn(file, "x"), () => RunFolder.make(join(file, "x"))]) {
      await expect(make()).rejects.toThrow(TiduError);
      await expect(make()).rejects.toThrow(/^cannot make .*file/);
    }
  });

  it("gives back what it was given", async () => {
    const folder = await RunFolder.make(join(parent, "run"));
    expect(await folder.result()).toBeUndefined();
    expect(await folder.metrics()).toEqual([]);
    await folder.saveConfig(CONFIG);
    await folder.addMetrics(epoch(1));
    await folder.addMetrics(epoch(2));
    const result = { parameters: 1, epochs: 2, bestEpoch: 1, seconds: 2, peakBytes: 3, test: { loss: 1 } };
    await folder.saveResult(result);
    const again = await RunFolder.open(folder.path);
    expect(again.config).toEqual(CONFIG);
    expect(await again.folder.metrics()).toEqual([epoch(1), epoch(2)]);
    expect(await again.folder.result()).toEqual(result);
    await again.folder.keepMetrics([epoch(1)]);
    expect(await readFile(folder.file("metrics.jsonl"), "utf8")).toBe(`${JSON.stringify(epoch(1))}\n`);
  });

  it("leaves out a line of metrics that was never finished", async () => {
    const folder = await RunFolder.make(join(parent, "run"));
    await folder.addMetrics(epoch(1));
    await appendFile(folder.file("metrics.jsonl"), '{"epoch":2,"lo');
    expect(await folder.metrics()).toEqual([epoch(1)]);
  });

  it.each<[string, string | undefined, new (...args: never[]) => Error, RegExp]>([
    ["is not there", undefined, ArgumentError, /has no config\.json; name the folder of a run/],
    ["is damaged", '{"format": 1,', FormatError, /config\.json: .*not JSON/],
    ["is of a later version", '{"format": 2}', FormatError, /its format is 2, this version reads 1/],
  ])("is refused when its configuration %s", async (_, text, type, message) => {
    if (text !== undefined) await writeFile(join(parent, "config.json"), text);
    await expect(RunFolder.open(parent)).rejects.toThrow(type);
    await expect(RunFolder.open(parent)).rejects.toThrow(message);
  });
});
