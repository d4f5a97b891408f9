// Classes of very different sizes, and what the best epoch is chosen by.
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonLines, workplace } from "./support.js";

const { path, tidu, write } = workplace();
const QUICK = ["--threads", "1", "--no-report"];

interface Epoch {
  readonly epoch: number;
  readonly measured?: number;
  readonly best?: true;
  readonly stopped?: true;
  readonly loss: number;
}

const epochsOf = async (run: string): Promise<Epoch[]> =>
  jsonLines(await readFile(path(run, "metrics.jsonl"), "utf8")) as unknown as Epoch[];
const jsonOf = async (...names: string[]) => JSON.parse(await readFile(path(...names), "utf8"));

beforeAll(async () => {
  // One in fifteen is rare, and hard to tell.
  const rows = Array.from({ length: 600 }, (_, i) => {
    const rare = i % 15 === 0;
    const noise = ((i * 7919) % 101) / 101;
    return `${((rare ? 0.6 : 0) + noise).toFixed(3)},${((i * 31) % 17) / 17},${rare ? "rare" : "usual"}`;
  });
  await write("uneven.csv", `x,z,y\n${rows.join("\n")}\n`);
  const values = Array.from({ length: 200 }, (_, i) => `${i % 13},${i % 7},${3 * (i % 13) - (i % 7)}`);
  await write("values.csv", `x,z,y\n${values.join("\n")}\n`);
});

describe("--class-weights balanced", () => {
  it("finds the rare class, which is said to need it, and is kept with the run", async () => {
    const plain = await tidu("train", "uneven.csv", "--epochs", "12", ...QUICK, "--out", "plain");
    expect(plain.out).toContain("uneven: class weights help (--class-weights balanced");
    const weighted = await tidu(
      ...["train", "uneven.csv", "--epochs", "12", ...QUICK, "--class-weights", "balanced", "--out", "weighted"],
    );
    expect(weighted.errors).toBe("");
    expect(weighted.out).toMatch(/class weights 7\.5, 0\.536, seed 0$/m);
    const { training, data } = await jsonOf("weighted", "config.json");
    const [rare, usual] = training.classWeights;
    expect(data.classes).toEqual(["rare", "usual"]);
    // Of 540 rows to train 36 are rare.
    expect(rare).toBeCloseTo(540 / (2 * 36), 9);
    expect(usual).toBeCloseTo(540 / (2 * 504), 9);
    const [before, after] = await Promise.all(["plain", "weighted"].map((run) => jsonOf(run, "result.json")));
    expect(after.validation.balancedAccuracy).toBeGreaterThan(before.validation.balancedAccuracy);
    // The loss of the ending is that of the epochs: the weighted one.
    const best = (await epochsOf("weighted")).findLast((epoch) => epoch.best) as unknown as {
      validation: { loss: number };
    };
    expect(after.validation.loss).toBeCloseTo(best.validation.loss, 4);
    const resumed = await tidu("resume", "weighted", "--epochs", "13", "--no-report");
    expect([resumed.code, resumed.errors]).toEqual([0, ""]);
  });

  it("can be numbers of a file, one for each class", async () => {
    const given = (classWeights: unknown) => write("weights.json", JSON.stringify({ training: { classWeights } }));
    const trained = (run: string) =>
      tidu("train", "uneven.csv", "--config", "weights.json", "--epochs", "1", ...QUICK, "--out", run);
    await given([4, 0.5]);
    const { code, out } = await trained("given");
    expect([code, out]).toEqual([0, expect.stringContaining("class weights 4, 0.5, seed 0")]);
    expect((await jsonOf("given", "config.json")).training.classWeights).toEqual([4, 0.5]);
    await given([4, 0.5, 1]);
    expect(await trained("many")).toMatchObject({
      code: 2,
      errors: expect.stringContaining("training.classWeights: 3 numbers for 2 classes; give one for each"),
    });
  });

  it("is for classes", async () => {
    const { code, errors } = await tidu("train", "values.csv", "--class-weights", "balanced", ...QUICK);
    expect(code).toBe(2);
    expect(errors).toMatch(/--class-weights: it is for classification/);
  });
});

describe("--metric", () => {
  it.each<[string, string, (result: Record<string, number>) => number]>([
    ["balanced-accuracy", "uneven.csv", (r) => r.balancedAccuracy],
    ["f1", "uneven.csv", (r) => r.f1],
    ["auc", "uneven.csv", (r) => r.auc],
    ["r2", "values.csv", (r) => (r.values as unknown as { r2: number }[])[0].r2],
    ["mae", "values.csv", (r) => -(r.values as unknown as { mae: number }[])[0].mae],
  ])("%s chooses the epoch by it, and says it", async (metric, data, of) => {
    const run = `by-${metric}`;
    const args = ["train", data, "--epochs", "6", "--lr", "0.05", "--metric", metric, ...QUICK, "--out", run];
    const { code, out, errors } = await tidu(...args);
    expect([code, errors]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`^epoch 1/6 .*  validation ${metric} [\\d.e-]+  `, "m"));
    const epochs = await epochsOf(run);
    const measured = epochs.map((epoch) => epoch.measured as number);
    const best = measured.indexOf(Math.max(...measured)) + 1;
    const result = await jsonOf(run, "result.json");
    expect(result.bestEpoch).toBe(best);
    expect(of(result.validation)).toBeCloseTo(measured[best - 1], 6);
    const [evaluated] = jsonLines((await tidu("eval", run, "--json")).out) as unknown as Record<string, number>[];
    expect(of(evaluated)).toBeCloseTo(measured[best - 1], 6);
  });

  it("stops early by it, and a run that goes on comes to the same", async () => {
    const args = ["--epochs", "30", "--lr", "0.05", "--metric", "f1", "--early-stop", "2", ...QUICK];
    await tidu("train", "uneven.csv", ...args, "--out", "whole");
    const whole = await epochsOf("whole");
    expect(whole.at(-1)?.stopped).toBe(true);
    const values = whole.map((epoch) => epoch.measured as number);
    expect(whole.length).toBe(values.indexOf(Math.max(...values)) + 3);
    await tidu("train", "uneven.csv", ...args.with(1, "1"), "--out", "part");
    await tidu("resume", "part", "--epochs", "30", "--no-report");
    const part = await epochsOf("part");
    expect(part.map(({ epoch, loss, measured }) => [epoch, loss, measured])).toEqual(
      whole.map(({ epoch, loss, measured }) => [epoch, loss, measured]),
    );
  });

  it("accuracy and loss are the trainer's own; one of the other task is refused", async () => {
    const args = ["train", "uneven.csv", "--epochs", "3", "--metric", "accuracy", ...QUICK, "--out", "accurate"];
    expect((await tidu(...args)).errors).toBe("");
    expect((await epochsOf("accurate"))[0].measured).toBeUndefined();
    const { code, errors } = await tidu("train", "values.csv", "--metric", "auc", ...QUICK);
    expect(code).toBe(2);
    expect(errors).toMatch(/--metric auc: it is for classification, this is regression; use loss, r2, mae/);
  });
});
