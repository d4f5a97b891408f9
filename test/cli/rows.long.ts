// What used to be wrong with exit code 0, each with the real command on a small file made for it.
import { mkdir, readFile, rm } from "node:fs/promises";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeImage } from "../../packages/cli/src/sources/images/decode.js";
import { jsonLines, workplace } from "./support.js";

const { path, tidu, start, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--no-report"];

/** Rows of two features and a class or value that follows from them. */
const rows = (count: number, target: (x: number, z: number) => string | number): string =>
  Array.from({ length: count }, (_, i) => [(i * 7) % 11, (i * 5) % 13])
    .map(([x, z]) => `${x},${z},${target(x, z)}`)
    .join("\n");

/** Runs a command that must succeed, and gives what it wrote as JSON. */
async function json(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, out, errors } = await tidu(...args, "--json");
  expect(errors).toBe("");
  expect(code).toBe(0);
  return jsonLines(out);
}

/** Runs a command that must fail, and gives its message. */
async function failing(code: number, ...args: string[]): Promise<string> {
  const outcome = await tidu(...args);
  expect(outcome.code).toBe(code);
  return outcome.errors;
}

beforeAll(async () => {
  await write("classes.csv", `x,z,y\n${rows(120, (x, z) => ["a", "b", "c"][(x + z) % 3])}\n`);
  await write("values.csv", `x,z,y\n${rows(120, (x, z) => 100 * x - 3.5 * z + 0.25)}\n`);
});

describe("a model file that imports others", () => {
  it("gives the same network when they have changed or are gone, and says what it cannot keep", async () => {
    const sizes = (units: number): string => `{"units": ${units}}`;
    const block = (layer: string): string =>
      `import { nn } from "tidu";\nimport { width } from "./width.js";\nexport const block = (inputs: number) => [nn.linear(inputs, width()), ${layer}];\n`;
    await write(
      "model.ts",
      'import { nn } from "tidu";\nimport { block } from "./block.ts";\nexport default ({ inputShape, outputs }) => nn.sequential(...block(inputShape[0]), nn.linear(16, outputs));\n',
    );
    await write("block.ts", block("nn.relu()"));
    await write("width.ts", 'import sizes from "./sizes.json";\nexport const width = (): number => sizes.units;\n');
    await write("sizes.json", sizes(16));
    await json("train", "classes.csv", "--model", "model.ts", ...QUICK, "--out", "kept");
    const { model } = JSON.parse(await readFile(path("kept", "config.json"), "utf8"));
    expect(Object.keys(model.files).sort()).toEqual(["block.ts", "sizes.json", "width.ts"]);
    const [before] = await json("eval", "kept");
    await write("block.ts", block("nn.tanh()"));
    await write("sizes.json", sizes(5));
    expect(await json("eval", "kept")).toEqual([before]);
    for (const file of ["model.ts", "block.ts", "width.ts", "sizes.json"]) await rm(path(file));
    expect(await json("eval", "kept")).toEqual([before]);
    await json("predict", "kept", "classes.csv");
  });

  it("may not have files that import each other in a circle", async () => {
    await write("round.ts", 'import { a } from "./a.ts";\nexport default a;\n');
    await write("a.ts", 'import { b } from "./b";\nexport const a = b;\n');
    await write("b.ts", 'import { a } from "./a";\nexport const b = () => a;\n');
    const error = await failing(2, "train", "classes.csv", "--model", "round.ts", ...QUICK);
    expect(error).toMatch(/have a circular import: a\.ts → b\.ts → a\.ts/);
  });
});

describe("a network that gives something else than the data ask for", () => {
  it.each([
    [
      "more outputs than classes",
      "classes.csv",
      "nn.linear(2, 9)",
      /gives outputs \[2, 9\] for 2 samples, the data need 3 classes/,
    ],
    [
      "fewer outputs than classes",
      "classes.csv",
      "nn.linear(2, 2)",
      /\[2, 2\].*3 classes; make its last layer give \[2, 3\]/,
    ],
    ["more outputs than values", "values.csv", "nn.linear(2, 3)", /\[2, 3\].*the data need 1 value; /],
  ])("%s, is refused before training", async (_, data, layer, message) => {
    await write("wide.ts", `import { nn } from "tidu";\nexport default () => ${layer};\n`);
    expect(await failing(2, "train", data, "--model", "wide.ts", ...QUICK, "--out", "never")).toMatch(message);
    await expect(readFile(path("never", "config.json"))).rejects.toThrow(/ENOENT/);
  });
});

describe("the epoch that is used", () => {
  it("is the best in validation, unless the last is asked for; the ending says both", async () => {
    const trained = await tidu(
      "train",
      "values.csv",
      "--epochs",
      "6",
      "--lr",
      "0.5",
      "--seed",
      "4",
      "--no-report",
      "--out",
      "best",
    );
    expect(trained.errors).toBe("");
    const result = JSON.parse(await readFile(path("best", "result.json"), "utf8"));
    const metrics = jsonLines(await readFile(path("best", "metrics.jsonl"), "utf8"));
    const losses = metrics.map(({ validation }) => (validation as { loss: number }).loss);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(result.bestEpoch).toBe(best);
    expect(best).toBeLessThan(6);
    expect(result.validation.loss).toBeCloseTo(losses[best - 1], 5);
    expect(result.last.validation.loss).toBeCloseTo(losses[5], 5);
    expect(trained.out).toMatch(
      new RegExp(
        `last epoch 6: validation R² \\S+, mean absolute error \\S+\\nbest epoch ${best}: validation R² \\S+, mean absolute error \\S+\\n$`,
      ),
    );
    const measured = async (...more: string[]) =>
      (await json("eval", "best", ...more))[0] as { loss: number; values: { mae: number; r2: number }[] };
    expect((await measured()).loss).toBe(result.validation.loss);
    expect((await measured("--last")).loss).toBe(result.last.validation.loss);
    const { values } = await measured();
    expect(values[0]).toMatchObject(result.validation.values[0]);
    expect(trained.out).toContain(`mean absolute error ${Number(values[0].mae.toPrecision(4)).toLocaleString("en")}`);
    const predicted = await json("predict", "best", "values.csv");
    expect(await json("predict", "best", "values.csv", "--last")).not.toEqual(predicted);
  });

  it("is the last where nothing was measured on other data", async () => {
    const { out } = await tidu("train", "classes.csv", ...QUICK, "--validation", "0", "--out", "all");
    expect(out).toMatch(/\nlast epoch 2: train accuracy \S+%\n$/);
    expect(await json("eval", "all", "--last")).toEqual(await json("eval", "all"));
  });

  it("is said to be too good where the test part chose it", async () => {
    const table = (from: number) =>
      `x,y\n${Array.from({ length: 40 }, (_, i) => `${i + from},${i % 2 ? "a" : "b"}`).join("\n")}\n`;
    await mkdir(path("parts"));
    await write("parts/train.csv", table(0));
    await write("parts/test.csv", table(3));
    const said = "the best epoch was chosen on the test part, so the test result is too optimistic";
    expect((await tidu("train", "parts", ...QUICK, "--validation", "test")).out).toContain(said);
    const fair = await tidu("train", "parts", ...QUICK, "--out", "fair");
    expect(fair.out).not.toContain(said);
    expect(fair.out).toMatch(
      /best epoch \d(?: \(by brier; see --metric\))?: validation accuracy \S+%; test accuracy \S+%\n$/,
    );
    const metrics = jsonLines(await readFile(path("fair", "metrics.jsonl"), "utf8"));
    expect(Object.keys(metrics[0])).toContain("validation");
    // The test part is measured once, at the end.
    expect(JSON.stringify(metrics)).not.toContain("test");
  });
});

describe("a reader that has seen enough", () => {
  it("does not end training", async () => {
    const running = start("train", "classes.csv", "--epochs", "30", "--threads", "1", "--out", "piped");
    await running.until(/classes/);
    running.closeOutput();
    const { code, errors } = await running.outcome;
    expect(errors).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(path("piped", "result.json"), "utf8")).epochs).toBe(30);
    expect((await readFile(path("piped", "report.html"), "utf8")).length).toBeGreaterThan(1000);
  });
});

describe("pictures in color", () => {
  it("become gray by the luma of ITU-R 601", async () => {
    const colors = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
      [12, 200, 99],
      [128, 128, 128],
      [255, 255, 255],
      [0, 0, 0],
    ];
    const luma = colors.map(([r, g, b]) => Math.round(0.299 * r + 0.587 * g + 0.114 * b));
    const raw = { width: colors.length, height: 1, channels: 3 } as const;
    const file = await sharp(Uint8Array.from(colors.flat()), { raw }).png().toBuffer();
    const grey = await decodeImage(file, "a.png", { height: 1, width: colors.length, channels: 1 });
    expect([...grey]).toEqual(luma);
  });
});

describe("words", () => {
  it("say which error is meant", async () => {
    await tidu("train", "values.csv", ...QUICK, "--out", "words");
    expect((await tidu("eval", "words")).out).toMatch(/^value +mean absolute error +root mean square error +R²$/m);
  });

  it("name the setting of an experiment that does not fit", async () => {
    expect(await failing(2, "experiment", "pooling-invariance", "--seeds", "1", "--set", "tested=50")).toMatch(
      /pooling-invariance: looked is 100; it must be at most tested, 50; set it with --set looked=/,
    );
    expect(await failing(2, "experiment", "pooling-invariance", "--set", "tested=20000")).toMatch(/at most 10000/);
    expect(await failing(2, "experiment", "permuted-pixels", "--set", "epochs=1.5")).toMatch(
      /epochs is 1.5; it must be a whole number of at least 1/,
    );
  });
});
