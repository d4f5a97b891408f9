import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Findings } from "../../packages/cli/src/report/data.js";
import { readRun } from "../../packages/cli/src/report/read.js";
import { writeReport } from "../../packages/cli/src/report/write.js";
import { ArgumentError, FormatError, TiduError } from "../../packages/tidu/src/base/errors.js";

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "tidu-report-"));
});
afterEach(() => rm(run, { recursive: true }));

const put = (name: string, text: string) => writeFile(join(run, name), text);

const FINDINGS: Findings = {
  format: 1,
  part: "test",
  samples: 3,
  loss: 0.125,
  network: { inputShape: [2], layers: [], parameters: 0, batchSize: 3, trainingBytes: 96 },
  parameters: [],
  times: [],
  environment: { node: "20", platform: "x", processor: "y", cores: 2, memoryBytes: 1024, fusedMultiplyAdd: true },
};

describe("readRun", () => {
  it("reads epochs, with what was measured", async () => {
    const validation = { loss: 0.6, accuracy: 0.7 };
    await put(
      "metrics.jsonl",
      `${JSON.stringify({ epoch: 1, loss: 0.5, accuracy: 0.8, validation, lr: 0.1, seconds: 2, best: true, losses: [1, 0.5] })}\n${JSON.stringify({ epoch: 2, loss: 0.25, more: "unknown" })}\n`,
    );
    expect((await readRun(run)).epochs).toEqual([
      {
        ...{ epoch: 1, loss: 0.5, accuracy: 0.8, validationLoss: 0.6, validationAccuracy: 0.7 },
        ...{ lr: 0.1, seconds: 2, best: true, losses: [1, 0.5] },
      },
      { epoch: 2, loss: 0.25, best: false, losses: [] },
    ]);
  });

  it("passes over steps, other lines, empty ones and one that was cut off", async () => {
    const lines = ['{"epoch":1,"step":1,"loss":3}', '{"epoch":1,"loss":2}', "", "null", '"text"', '{"event":"end"}'];
    await put("metrics.jsonl", `${lines.join("\n")}\n{"epoch":2,"lo`);
    expect((await readRun(run)).epochs.map((e) => [e.epoch, e.loss])).toEqual([[1, 2]]);
  });

  it("keeps an epoch whose loss was no number", async () => {
    await put("metrics.jsonl", '{"epoch":1,"loss":null,"losses":[null,1]}\n');
    expect((await readRun(run)).epochs[0]).toMatchObject({ epoch: 1, loss: Number.NaN, losses: [1] });
  });

  it("takes its title from the folder, and whatever config.json has", async () => {
    await mkdir(join(run, "my run"));
    await put("my run/config.json", '{"a":{"b":[1,null]}}');
    expect(await readRun(`${run}/my run/`)).toMatchObject({ title: "my run", config: { a: { b: [1, null] } } });
  });

  it("refuses a folder that is no run's, or is not there", async () => {
    for (const path of [run, join(run, "nowhere")]) {
      const reading = readRun(path);
      await expect(reading).rejects.toThrow(ArgumentError);
      await expect(reading).rejects.toThrow(/has no config\.json, metrics\.jsonl or report\.json; name the folder/);
    }
  });

  it.each([
    ["config.json", "{", /config\.json: byte 1: it is not JSON/],
    ["metrics.jsonl", '{"epoch":1}\n{]\n', /metrics\.jsonl: byte 13: line 2: it is not JSON/],
    ["report.json", "[1", /report\.json: byte 2: it is not JSON/],
    ["report.json", '{"format":2}', /its format is 2, this version reads 1; remove it, and make the report again/],
    ["report.json", "null", /its format is undefined, this version reads 1/],
  ])("names the file where it is damaged: %s %s", async (name, text, message) => {
    await put(name, text);
    await expect(readRun(run)).rejects.toThrow(FormatError);
    await expect(readRun(run)).rejects.toThrow(message);
  });

  it("says which file cannot be read", async () => {
    await mkdir(join(run, "config.json"));
    await expect(readRun(run)).rejects.toThrow(TiduError);
    await expect(readRun(run)).rejects.toThrow(/cannot read .*config\.json/);
  });
});

describe("writeReport", () => {
  it("keeps the findings, so that the page can be made again without them", async () => {
    await put("metrics.jsonl", '{"epoch":1,"loss":2}\n');
    const path = await writeReport(run, FINDINGS);
    expect(path).toBe(join(run, "report.html"));
    const page = await readFile(path, "utf8");
    expect(page).toContain("0.125");
    expect(JSON.parse(await readFile(join(run, "report.json"), "utf8"))).toEqual(FINDINGS);
    await rm(path);
    await writeReport(run);
    expect(await readFile(path, "utf8")).toBe(page);
    expect((await readdir(run)).sort()).toEqual(["metrics.jsonl", "report.html", "report.json"]);
  });

  it("shows epochs that have come since", async () => {
    await put("metrics.jsonl", '{"epoch":1,"loss":2}\n');
    await writeReport(run);
    await appendFile(join(run, "metrics.jsonl"), '{"epoch":2,"loss":1.5}\n');
    expect(await readFile(await writeReport(run), "utf8")).toContain("1.5 in epoch 2");
  });

  it("writes nothing into a folder that is no run's", async () => {
    await expect(writeReport(run)).rejects.toThrow(ArgumentError);
    expect(await readdir(run)).toEqual([]);
  });
});
