import { readdir, readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { presets } from "../../packages/cli/src/cli/models/presets.js";
import { mnist } from "../../packages/tidu/src/data/index.js";
import { load, loss, optim, Trainer } from "../../packages/tidu/src/index.js";
import { jsonLines, linesOf, type Outcome, workplace } from "./support.js";

const { path, lenet } = workplace();
const SMALL = ["--samples", "1300", "--epochs", "2", "--seed", "3", "--no-report"];

const savedIn = ({ out }: Outcome): string => path(/saved to (runs\S+)$/m.exec(out)?.[1] ?? "");

const network = () => presets.lenet({ inputShape: [1, 28, 28], outputs: 10 });

describe("what npm start runs", () => {
  let first: Outcome;
  beforeAll(async () => {
    first = await lenet(...SMALL, "--threads", "2");
  });

  it("says into a pipe, in plain text, what it does", () => {
    const { code, out, errors } = first;
    expect(errors).toBe("");
    expect(code).toBe(0);
    expect(stripVTControlCharacters(out)).toBe(out);
    expect(out).not.toContain("\r");
    expect(out).toMatch(/^ {2}1,300 samples to train on, 6,000 for validation, 10,000 to test on$/m);
    expect(out).toMatch(/^61,706 parameters; training with batches of 64 needs .* MiB$/m);
    const epochs = linesOf(out).filter((line) => line.startsWith("epoch "));
    const percent = String.raw`\d+\.\d\d%`;
    for (const [i, line] of epochs.entries()) {
      expect(line).toMatch(
        new RegExp(
          `^epoch ${i + 1}/2  loss \\d\\.\\d+  accuracy ${percent}  validation loss \\d\\.\\d+  validation accuracy ${percent}  lr 0.0[12]  .* samples/s$`,
        ),
      );
    }
    expect(epochs).toHaveLength(2);
  });

  it("ends with curve, confusion matrix, mistakes, memory and the accuracy", () => {
    const { out } = first;
    for (const part of ["█ train loss", "● validation loss", "truth ↓ predicted →"]) expect(out).toContain(part);
    expect(linesOf(out).filter((line) => /^ +\d +.*\[(\d+|·)\].*%$/.test(line))).toHaveLength(10);
    expect(out.match(/\d → \d/g)).toHaveLength(6);
    expect(out).toMatch(/^peak engine memory \d+(\.\d+)? MiB$/m);
    expect(linesOf(out).at(-1)).toMatch(/^best epoch 2: validation accuracy \d\d\.\d\d%; test accuracy \d\d\.\d\d%$/);
  });

  it("saves what it did, how it went and a model that is as good as it said", async () => {
    const folder = savedIn(first);
    expect(await readdir(folder)).toContain("config.json");
    const { training } = JSON.parse(await readFile(`${folder}/config.json`, "utf8"));
    expect(training).toMatchObject({ epochs: 2, batchSize: 64, lr: 0.02, seed: 3, samples: 1300, threads: 2 });
    const epochs = jsonLines(await readFile(`${folder}/metrics.jsonl`, "utf8"));
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const net = await load(await network(), `${folder}/model.safetensors`);
    const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0 }) });
    const { accuracy } = await trainer.evaluate((await mnist()).test);
    expect(linesOf(first.out).at(-1)).toContain(`; test accuracy ${(100 * (accuracy as number)).toFixed(2)}%`);
    // The best epoch is chosen by a part of the training samples; the test part is measured once, at the end.
    expect(epochs.map(({ validation }) => validation)).not.toContainEqual(expect.objectContaining({ accuracy }));
    const result = JSON.parse(await readFile(`${folder}/result.json`, "utf8"));
    expect(result).toMatchObject({
      bestEpoch: 2,
      test: { accuracy },
      validation: { accuracy: (epochs[1].validation as { accuracy: number }).accuracy },
    });
  });

  it("makes the same model, bit for bit, in another process and on one thread", async () => {
    const second = await lenet(...SMALL, "--threads", "1");
    const [a, b] = await Promise.all([first, second].map((run) => readFile(`${savedIn(run)}/model.safetensors`)));
    expect(a.equals(b)).toBe(true);
  });

  it("that cannot learn says why in one line, and saves the last good model", async () => {
    const { code, errors } = await lenet(
      "--samples",
      "640",
      "--epochs",
      "1",
      "--lr",
      "1e30",
      "--no-report",
      "--out",
      "failed",
    );
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^tidu: epoch 1, step \d+: the loss is .* layer .*; use a lower learning rate \(now .*\)\n$/,
    );
    const net = await load(await network(), path("failed", "model.safetensors"));
    expect((await net.parameters()[0].data()).every(Number.isFinite)).toBe(true);
  });

  it("explains itself", async () => {
    const { code, out } = await lenet("--help");
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: tidu train/);
  });
});
