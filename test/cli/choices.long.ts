// What a person may choose beside the data: hidden layers, the loss, clipping, options of a model file, all of an earlier
// run's settings, and which rows are held out.
import { readFile, rm } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonLines, linesOf, workplace } from "./support.js";

const { path, tidu, start, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--device", "wasm", "--no-report"];

const ROWS = Array.from({ length: 120 }, (_, i) => ({
  x: ((i * 7) % 11) / 4,
  z: (i * 5) % 13,
  patient: `p${i % 12}`,
  day: `2024-${String(1 + Math.floor(i / 28)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`,
  y: `class ${(i * 7) % 3}`,
}));
const csv = (rows: readonly object[]): string =>
  `${[Object.keys(rows[0]), ...rows.map((row) => Object.values(row))].map((row) => row.join(",")).join("\n")}\n`;

const config = async (run: string) => JSON.parse(await readFile(path(run, "config.json"), "utf8"));
const weights = (run: string): Promise<Buffer> => readFile(path(run, "model.safetensors"));

async function trained(...args: string[]): Promise<string> {
  const { code, errors, out } = await tidu("train", ...args, ...QUICK);
  expect([code, errors]).toEqual([0, ""]);
  return out;
}

const refused = async (...args: string[]): Promise<[number | null, string]> => {
  const { code, errors } = await tidu(...args);
  return [code, errors.replace(/^tidu: /, "").trim()];
};

beforeAll(async () => {
  await write("rows.csv", csv(ROWS.map(({ x, z, y }) => ({ x, z, y }))));
  await write("visits.csv", csv(ROWS));
  await write("values.csv", csv(ROWS.map(({ x, z }) => ({ x, z, y: 3 * x - z + 0.25 }))));
  await write(
    "model.ts",
    `import { nn } from "tidu";
export default ({ inputShape, outputs, hidden = [4], options }) => nn.sequential(
  nn.linear(inputShape[0], hidden[0]), nn.relu(), nn.linear(hidden[0], options.width ?? 3, { bias: options.bias ?? true }),
  nn.linear(options.width ?? 3, outputs));
`,
  );
});

describe("the network", () => {
  it("has the hidden layers that are said", async () => {
    const out = await trained("rows.csv", "--hidden", "7,5", "--out", "hidden");
    expect(out.match(/\[64, 7\][\s\S]*\[64, 5\]|\[16, 7\][\s\S]*\[16, 5\]/)).not.toBeNull();
    expect((await config("hidden")).model).toEqual({ name: "mlp", hidden: [7, 5] });
    const summary = await tidu("summary", "mlp", "--input", "2", "--outputs", "3", "--hidden", "7,5");
    expect(summary.out).toContain(String(2 * 7 + 7 + 7 * 5 + 5 + 5 * 3 + 3));
    expect((await tidu("eval", "hidden")).code).toBe(0);
    expect(await refused("train", "rows.csv", "--hidden", "7,x")).toEqual([
      2,
      expect.stringContaining("It must be whole numbers of at least 1"),
    ]);
    expect((await refused("summary", "lenet", "--input", "1x28x28", "--hidden", "7"))[1]).toBe(
      "--hidden: the hidden layers of lenet are fixed; use mlp or cnn",
    );
  });

  it("of a file gets hidden layers and options, and is made again with them", async () => {
    await trained("rows.csv", "--model", "model.ts", "--hidden", "9", "--set", "width=6,bias=false", "--out", "file");
    expect((await config("file")).model).toMatchObject({ hidden: [9], options: { width: 6, bias: false } });
    const { code, out } = await tidu("eval", "file", "--json");
    expect(code).toBe(0);
    expect(jsonLines(out)[0].samples).toBe(12);
    expect(await refused("train", "rows.csv", "--model", "mlp", "--set", "width=6")).toEqual([
      2,
      '--set width: mlp takes no options; they are for a model file, which gets them as "options"',
    ]);
  });
});

describe("--loss and --clip", () => {
  it("decide what is made small", async () => {
    const losses = ["mse", "mae", "huber:delta=0.5"];
    const found = await Promise.all(
      losses.map(async (loss, i) => {
        await trained("values.csv", "--loss", loss, "--out", `loss${i}`);
        return (await weights(`loss${i}`)).toString("base64");
      }),
    );
    expect(new Set(found).size).toBe(3);
    await trained("values.csv", "--out", "loss");
    expect((await weights("loss")).toString("base64")).toBe(found[0]);
    await trained(
      "rows.csv",
      "--loss",
      "cross-entropy:smoothing=0.1",
      "--class-weights",
      "balanced",
      "--out",
      "smooth",
    );
    await trained("values.csv", "--clip", "0.01", "--optimizer", "sgd", "--out", "clipped");
    await trained("values.csv", "--optimizer", "sgd", "--out", "free");
    expect(await weights("clipped")).not.toEqual(await weights("free"));
  });

  it("are refused where they do not fit", async () => {
    expect(await refused("train", "rows.csv", "--loss", "huber")).toEqual([
      2,
      "--loss huber: it is for regression, this is classification; use cross-entropy",
    ]);
    expect((await refused("train", "values.csv", "--loss", "huber:delta=0"))[1]).toContain("delta is 0");
    expect((await refused("train", "values.csv", "--loss", "hinge"))[1]).toContain('there is no "hinge"');
    expect((await refused("train", "values.csv", "--clip", "0"))[0]).toBe(2);
  });
});

describe("--config", () => {
  it("trains as an earlier run was, bit for bit, with what is said besides", async () => {
    await trained(
      "rows.csv",
      "--model",
      "model.ts",
      "--set",
      "width=5",
      "--lr",
      "0.02",
      "--seed",
      "4",
      "--out",
      "first",
    );
    const again = await tidu("train", "--config", "first/config.json", "--no-report", "--out", "again");
    expect([again.code, again.errors]).toEqual([0, ""]);
    expect(await weights("again")).toEqual(await weights("first"));
    await trained(
      "values.csv",
      "--config",
      "first/config.json",
      "--model",
      "mlp",
      "--optimizer",
      "sgd",
      "--out",
      "other",
    );
    const { model, training, data } = await config("other");
    expect(model).toEqual({ name: "mlp" });
    expect(training).toMatchObject({ optimizer: "sgd", lr: 0.02, seed: 4, epochs: 2 });
    expect(data.path).toBe(path("values.csv"));
  });

  it("takes a part of one, and refuses what is not in any", async () => {
    await write("part.json", JSON.stringify({ training: { lr: 0.5, earlyStop: 3 } }));
    await trained("rows.csv", "--config", "part.json", "--out", "part");
    expect((await config("part")).training).toMatchObject({ lr: 0.5, earlyStop: 3 });
    await write("wrong.json", JSON.stringify({ training: { lr: -1 } }));
    expect(await refused("train", "rows.csv", "--config", "wrong.json")).toEqual([
      1,
      expect.stringContaining("training.lr is -1"),
    ]);
    expect(await refused("train", "--config", "part.json")).toEqual([2, expect.stringContaining("no data given")]);
    expect((await refused("train", "rows.csv", "--config", "none.json"))[0]).toBe(2);
  });

  it("does not run the model file of somebody else", async () => {
    const own = await config("first");
    await write("others.json", JSON.stringify({ model: { ...own.model, signature: "00" } }));
    expect(await refused("train", "rows.csv", "--config", "others.json")).toEqual([
      2,
      expect.stringContaining("--trust"),
    ]);
    await trained("rows.csv", "--config", "others.json", "--trust", "--out", "trusted");
  });
});

describe("what is held out", () => {
  it("may be other files", async () => {
    await write("held.csv", csv(ROWS.slice(0, 30).map(({ x, z, y }) => ({ x, z, y }))));
    const out = await trained("rows.csv", "--validation-data", "held.csv", "--test-data", "held.csv", "--out", "held");
    expect(out).toContain("30 samples for validation from held.csv");
    const [evaluated] = jsonLines((await tidu("eval", "held", "--part", "validation", "--json")).out);
    expect(evaluated.samples).toBe(30);
    const [tested] = jsonLines((await tidu("eval", "held", "--json")).out);
    expect(tested).toMatchObject({ part: "test", samples: 30, loss: evaluated.loss });
    await write("held.csv", csv(ROWS.slice(0, 31).map(({ x, z, y }) => ({ x, z, y }))));
    expect(await refused("eval", "held")).toEqual([1, expect.stringContaining("has changed since the run began")]);
  });

  it("may be whole groups, whose column is no input", async () => {
    const out = await trained(
      "visits.csv",
      "--split-by",
      "patient",
      "--validation",
      "0.25",
      "--ignore",
      "day",
      "--out",
      "groups",
    );
    expect(out).toContain('30 of 120 training samples set apart for validation: 3 of the 12 values of "patient"');
    expect((await config("groups")).data.preprocess.columns.map((c: { name: string }) => c.name)).toEqual(["x", "z"]);
    expect((await tidu("eval", "groups", "visits.csv")).code).toBe(0);
    expect((await tidu("predict", "groups", "visits.csv")).code).toBe(0);
  });

  it("may be the last rows in time", async () => {
    const out = await trained(
      "visits.csv",
      "--split-time",
      "day",
      "--validation",
      "0.25",
      "--ignore",
      "day",
      "--out",
      "times",
    );
    expect(out).toContain('30 of 120 training samples set apart for validation: those with "day" from 2024-04-07 on');
    const byNumber = await trained("rows.csv", "--split-time", "z", "--validation", "0.1", "--out", "numbers");
    expect(byNumber).toMatch(/training samples set apart for validation: those with "z" from 1[12] on/);
    const cases: [string[], string][] = [
      [["rows.csv", "--split-time", "y"], "is to be predicted"],
      [["rows.csv", "--split-time", "when"], 'there is no column "when"'],
      [["rows.csv", "--split-by", "z", "--split-time", "x"], "give one of them"],
      [["rows.csv", "--split-by", "z", "--validation", "0"], "--split-by: no rows are set apart"],
      [["rows.csv", "--validation-data", "rows.csv", "--validation", "test"], "leave one out"],
    ];
    for (const [args, message] of cases) expect((await refused("train", ...args))[1]).toContain(message);
  });
});

describe("a run that was killed", () => {
  it("is measured and used by its checkpoints", async () => {
    const running = start("train", "rows.csv", "--epochs", "100000", "--no-report", "--json", "--out", "killed");
    await running.until(/"epoch":2,/);
    running.signal("SIGKILL");
    await running.outcome;
    await rm(path("killed", "model.safetensors"), { force: true });
    const { code, out, errors } = await tidu("eval", "killed");
    expect([code, errors]).toEqual([0, ""]);
    expect(out).toContain("the run is not finished: the network is that of its checkpoints");
    expect((await tidu("eval", "killed", "--last")).code).toBe(0);
    expect((await tidu("predict", "killed", "rows.csv")).code).toBe(0);
    await rm(path("killed", "checkpoints"), { recursive: true });
    expect(await refused("eval", "killed")).toEqual([2, expect.stringContaining("no network and no checkpoint yet")]);
  });
});

describe("compare", () => {
  it("sorts, limits and writes many runs, and leaves out what is none", async () => {
    await Promise.all(
      [0.1, 0.01, 0.001, 0.0001, 0.00001].map((lr, i) => trained("rows.csv", "--lr", String(lr), "--out", `run${i}`)),
    );
    const runs = [0, 1, 2, 3, 4].map((i) => `run${i}`);
    const all = await tidu("compare", ...runs, "config", "--sort", "lr");
    expect(linesOf(all.out).map((line) => line.split(/\s+/)[0])).toEqual(["run", ...runs.toReversed(), "left"]);
    expect(linesOf(all.out)[0]).toMatch(/^run\s+lr\s/);
    expect(linesOf(all.out).at(-1)).toBe("left out: config, which is not a run");
    expect([all.code, all.errors]).toEqual([2, expect.stringContaining("config has no config.json")]);
    expect(await refused("train", "run0")).toEqual([
      2,
      expect.stringMatching(/^run0 is the folder of a run, not data; /),
    ]);
    const [best] = jsonLines(
      (await tidu("compare", ...runs, "--sort", "validation loss", "--limit", "2", "--json")).out,
    );
    const losses = (best.runs as { outcome: { validationLoss: number } }[]).map(
      ({ outcome }) => outcome.validationLoss,
    );
    expect(losses).toHaveLength(2);
    expect(losses[0]).toBeLessThanOrEqual(losses[1]);
    const table = linesOf((await tidu("compare", ...runs, "--sort", "lr", "--reverse", "--csv")).out);
    const columns = table[0].split(",");
    expect(columns).toEqual([...new Set(columns)]);
    expect(table).toHaveLength(6);
    expect(table[1].startsWith("run0,")).toBe(true);
    expect(await refused("compare", ...runs, "--sort", "beauty")).toEqual([
      2,
      expect.stringContaining("there is no such result"),
    ]);
    expect((await refused("compare", "config"))[0]).toBe(2);
  });
});
