// Networks drawn at random can be built and compiled, and are the same each time.
import { afterAll, expect, test } from "vitest";
import { parseOptions } from "../../bench/options.mjs";
import { batchTensors, build } from "../../bench/systems/tidu/network.mjs";
import { leavesOf, workload } from "../../bench/workloads.mjs";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";

afterAll(() => void setDevice(new WasmDevice()));

const seeds = Array.from({ length: 60 }, (_, i) => i + 1);

test("a seed is always the same network, and seeds are different ones", () => {
  for (const seed of seeds) expect(workload(`random:${seed}`)).toEqual(workload(`random:${seed}`));
  expect(new Set(seeds.map((seed) => JSON.stringify(workload(`random:${seed}`).layers))).size).toBe(seeds.length);
});

test("they are of every family, train and predict, with batches of one and of many", () => {
  const all = seeds.map((seed) => workload(`random:${seed}`));
  const kinds = new Set(all.flatMap(({ layers }) => leavesOf(layers).map(([kind]) => kind)));
  for (const kind of ["linear", "convx", "attention", "lstm", "conv1d", "convt", "batchnorm", "dropout"])
    expect(kinds).toContain(kind);
  expect(new Set(all.map((w) => w.inference))).toEqual(new Set([true, false]));
  expect(Math.min(...all.map((w) => w.batch))).toBeLessThan(4);
  expect(Math.max(...all.map((w) => w.batch))).toBeGreaterThan(100);
});

test("each can be built, and its step compiled", async () => {
  for (const seed of seeds.slice(0, 20)) {
    setDevice(new NullDevice());
    const work = workload(`random:${seed}`);
    const { x, t } = await batchTensors(work);
    expect(() => build(work).step.prepare(x, t), JSON.stringify(work)).not.toThrow();
  }
});

test("--random names one or several of them", () => {
  const only = (...args: string[]) => parseOptions(args, ["steps"]).only;
  expect(only("--random", "7")).toEqual(["random:7"]);
  expect(only("--random", "3-5")).toEqual(["random:3", "random:4", "random:5"]);
  expect(only("--only", "mlp,random:2")).toEqual(["mlp", "random:2"]);
  expect(() => only("--random", "all")).toThrow(/--random: "all" is not a seed/);
  expect(() => only("--random", "5-3")).toThrow(/--random: "5-3" is not a seed/);
  expect(() => only("--only", "random:x")).toThrow(/--only: "random:x" is not known/);
});
