import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lenet } from "../../src/cli/network.js";
import { mnist } from "../../src/data/index.js";
import { load, loss, optim, Trainer } from "../../src/index.js";

const COMMAND = fileURLToPath(new URL("../../dist/cli/lenet.js", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-lenet-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly lines: string[];
  readonly errors: string;
}

/** Runs the built command as a process of its own, whose output is a pipe. */
const run = (...args: string[]): Promise<Outcome> =>
  new Promise((done) => {
    execFile(process.execPath, [COMMAND, ...args], { cwd: folder }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), lines: stdout.trimEnd().split("\n"), errors: stderr });
    });
  });

const savedIn = (lines: string[]): string =>
  join(folder, lines.map((line) => line.match(/saved to (runs\S+)$/)?.[1]).find((path) => path !== undefined) ?? "");

const SMALL = ["--samples", "1300", "--epochs", "2", "--seed", "3"];

describe("the LeNet command", () => {
  let first: Outcome;
  beforeAll(async () => {
    first = await run(...SMALL, "--threads", "2");
  });

  it("says into a pipe, in plain text, what it does", () => {
    const { code, lines, errors } = first;
    expect(errors).toBe("");
    expect(code).toBe(0);
    const text = lines.join("\n");
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text).not.toContain("\r");
    expect(lines[0]).toBe("LeNet-5 on MNIST: 1,300 images to learn from, 10,000 to be tested on");
    expect(text).toMatch(/^61,706 parameters; training with batches of 64 needs .* MiB$/m);
    const epochs = lines.filter((line) => line.startsWith("epoch "));
    const percent = String.raw`\d+\.\d\d%`;
    for (const [i, line] of epochs.entries()) {
      expect(line).toMatch(
        new RegExp(
          `^epoch ${i + 1}/2  loss \\d\\.\\d+  accuracy ${percent}  test loss \\d\\.\\d+  test accuracy ${percent}  .* samples/s$`,
        ),
      );
    }
    expect(epochs).toHaveLength(2);
  });

  it("ends with curve, confusion matrix, mistakes, memory and the accuracy", () => {
    const { lines } = first;
    const text = lines.join("\n");
    for (const part of ["█ train loss", "● test loss", "truth ↓ predicted →"]) expect(text).toContain(part);
    expect(lines.filter((line) => /^ +\d +.*\[(\d+|·)\].*%$/.test(line))).toHaveLength(10);
    expect(text.match(/\d → \d/g)).toHaveLength(6);
    expect(text).toMatch(/^peak engine memory \d+(\.\d+)? MiB$/m);
    expect(lines.at(-1)).toMatch(/^test accuracy \d\d\.\d\d%$/);
  });

  it("saves what it did, how it went and a model that is as good as it said", async () => {
    const path = savedIn(first.lines);
    expect((await readdir(path)).sort()).toEqual(["config.json", "metrics.jsonl", "model.safetensors"]);
    const config = JSON.parse(await readFile(join(path, "config.json"), "utf8"));
    expect(config).toMatchObject({ epochs: 2, batchSize: 64, lr: 0.02, seed: 3, samples: 1300, threads: 2 });
    expect(config.model).toMatch(/^sequential\(conv2d\(1, 6, 5/);
    const metrics = (await readFile(join(path, "metrics.jsonl"), "utf8")).trimEnd().split("\n");
    const epochs = metrics.map((line) => JSON.parse(line));
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const net = await load(lenet(), join(path, "model.safetensors"));
    const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0 }) });
    const { accuracy } = await trainer.evaluate((await mnist()).test);
    expect(accuracy).toBe(epochs[1].validation.accuracy);
    expect(first.lines.at(-1)).toBe(`test accuracy ${(100 * (accuracy as number)).toFixed(2)}%`);
  });

  it("makes the same model, bit for bit, in another process and on one thread", async () => {
    const second = await run(...SMALL, "--threads", "1");
    const [a, b] = [first, second].map(({ lines }) => readFile(join(savedIn(lines), "model.safetensors")));
    expect((await a).equals(await b)).toBe(true);
  });

  it("that cannot learn says why in one line, and saves the last good model", async () => {
    const { code, errors } = await run("--samples", "640", "--epochs", "1", "--lr", "1e30");
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^lenet: epoch 1, step \d+: the loss is .* layer .*: use a lower learning rate \(now .*\)\n$/,
    );
    const newest = (await readdir(join(folder, "runs"))).sort().at(-1) as string;
    const net = await load(lenet(), join(folder, "runs", newest, "model.safetensors"));
    expect((await net.parameters()[0].data()).every(Number.isFinite)).toBe(true);
  });

  it.each([["--epochs", "none"], ["--colour"]])("refuses %s in one line", async (...args) => {
    const { code, lines, errors } = await run(...args);
    expect(code).toBe(1);
    expect(lines).toEqual([""]);
    expect(errors).toMatch(/^lenet: .+\n$/);
  });

  it("explains itself", async () => {
    const { code, lines } = await run("--help");
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^npm start -- \[options\]/);
  });
});
