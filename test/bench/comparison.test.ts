import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agreement } from "../../bench/lib/agreement.mjs";
import { median, spread } from "../../bench/lib/statistics.mjs";
import { channelsLast, shapesOf, transposed } from "../../bench/peers/layout.mjs";
import { firstValues, perceptron, workload, workloadNames } from "../../bench/workloads.mjs";
import { ROOT } from "../readme/blocks.js";

const about = (evaluation: number, losses?: number[]) => ({ version: "", threads: 1, evaluation, losses });

test("losses within a thousandth of the first one are the same, of all ways to run a system", () => {
  const own = about(2.3, [2.3, 2.2]);
  expect(agreement(workload("mlp"), own, [about(2.301, [2.301, 2.201])]).same).toBe(true);
  expect(agreement(workload("mlp"), own, [about(2.3, [2.3, 2.2]), about(2.3, [2.3, 2.21])]).same).toBe(false);
  expect(agreement(workload("mlp"), own, [about(2.31, [2.3, 2.2])]).same).toBe(false);
  expect(agreement(workload("mlp"), about(2.3, [2.3, 0.035]), [about(2.3, [2.3, 0.0355])]).same).toBe(true);
});

test("a loss that is missing or not a number differs", () => {
  const own = about(2.3, [2.3, 2.2]);
  expect(agreement(workload("mlp"), own, [about(2.3, [2.3])]).same).toBe(false);
  expect(agreement(workload("mlp"), own, [about(2.3)]).same).toBe(false);
  expect(agreement(workload("mlp"), own, [about(2.3, [2.3, Number.NaN])]).same).toBe(false);
  expect(agreement(workload("mlp"), about(Number.NaN, []), [about(2.3, [])]).same).toBe(false);
});

test("with dropout, only the loss without it is compared", () => {
  const dropout = workload("mlp-dropout");
  expect(agreement(dropout, about(2.3, [2.3]), [about(2.3, [9])])).toMatchObject({ same: true });
  expect(agreement(dropout, about(2.3, [2.3]), [about(2.3, [9])]).text).toContain("dropout off");
  expect(agreement(dropout, about(2.3, [2.3]), [about(2.4, [2.3])]).same).toBe(false);
});

test("the median of an even number of rounds lies between the middle two", () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(spread([4, 1, 3])).toEqual({ median: 3, min: 1, max: 4 });
});

test("a workload takes what it lacks from the one it is like", () => {
  expect(workload("lenet-one")).toMatchObject({ name: "lenet-one", batch: 1, inference: true, input: [1, 28, 28] });
  expect(perceptron({ batch: 2, width: 8, depth: 2 }).layers).toEqual([
    ["linear", 784, 8],
    ["relu"],
    ["linear", 8, 8],
    ["relu"],
    ["linear", 8, 10],
  ]);
});

test("first values have the layer's shape and stay within 1 / sqrt(inputs)", () => {
  const conv = firstValues(["conv", 3, 4, 5, 2], 7);
  expect(conv?.weight.shape).toEqual([4, 3, 5, 5]);
  expect(conv?.bias?.shape).toEqual([4]);
  const most = Math.max(...(conv?.weight.values ?? []).map(Math.abs));
  expect(most).toBeLessThanOrEqual(1 / Math.sqrt(75));
  expect(most).toBeGreaterThan(0.9 / Math.sqrt(75));
  expect(firstValues(["conv", 3, 4, 5, 2, false], 7)?.bias).toBeUndefined();
  expect(firstValues(["relu"], 1)).toBeUndefined();
});

test("channels move behind height and width, rows and columns change places", () => {
  const twoBlocks = Float32Array.from({ length: 8 }, (_, i) => i); // two of [2 channels, 1, 2]
  expect([...channelsLast(twoBlocks, [2, 1, 2])]).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  expect([...transposed(Float32Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(shapesOf(workload("lenet"))).toContainEqual([16, 5, 5]);
  expect(shapesOf(workload("cifar")).at(-2)).toEqual([2048]);
});

test("the page of benchmarks describes every workload", async () => {
  const page = await readFile(join(ROOT, "docs/benchmarks.md"), "utf8");
  const [, table] = page.split("| workload (batch) | network |");
  for (const name of workloadNames) expect(table.slice(0, table.indexOf("\n\n"))).toContain(`\`${name}\``);
});
