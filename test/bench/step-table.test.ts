import { afterEach, expect, test } from "vitest";
import { ask } from "../../bench/lib/child.mjs";
import { against, stepTable } from "../../bench/lib/step-table.mjs";
import { workload, workloadNames } from "../../bench/workloads.mjs";

const system = (name: string, rounds: number[], own = false) =>
  ({
    name,
    title: name,
    own,
    rounds,
    min: Math.min(...rounds),
    about: [],
    refusals: [],
    fastest: name,
    loss: "same",
  }) as never;
const row = (systems: never[]) => ({ name: "mlp", label: "mlp (64)", date: "", machine: {}, systems }) as never;

test("a ratio is taken round by round against whichever peer was fastest then", () => {
  const peers = [system("torch", [4, 8]), system("jax", [6, 6])];
  expect(against(system("native", [2, 2], true), peers)).toEqual({ median: 2.5, min: 2, max: 3 });
  expect(against(system("native", [2, 2], true), [])).toBeUndefined();
});

test("the best of the field counts, an old version does not, and a mean closes the table", () => {
  const systems = [system("native", [2], true), system("torch", [4]), system("torch-debian", [1])];
  const table = stepTable([row(systems), row([system("native", [1], true), system("torch", [8])])], String);
  expect(table[0]).toEqual(["step (batch)", "native", "torch", "torch-debian", "best / native"]);
  expect(table[1]).toEqual(["mlp (64)", "2", "4", "1", "2.00x (2.00-2.00)"]);
  expect(table[2][3]).toBe("–");
  expect(table[3].at(-1)).toBe("4.00x");
});

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test("measured processes have none of the variables that hold libraries back, but those of their command", async () => {
  Object.assign(process.env, {
    OPENBLAS_CORETYPE: "Haswell",
    MKL_NUM_THREADS: "1",
    DNNL_MAX_CPU_ISA: "AVX2",
    OTHER: "kept",
  });
  const names = ["OPENBLAS_CORETYPE", "MKL_NUM_THREADS", "DNNL_MAX_CPU_ISA", "OTHER"];
  const args = [
    "-e",
    `console.log(JSON.stringify(${JSON.stringify(names)}.map((n) => process.env[n] ?? "").reduce((o, v, i) => ({ ...o, [i]: v }), {})))`,
  ];
  const answer = await ask({ label: "env", command: process.execPath, args, env: { MKL_NUM_THREADS: "2" } }, {});
  expect([0, 1, 2, 3].map((i) => answer[i])).toEqual(["", "2", "", "kept"]);
});

test("every workload names layers with sizes that fit a batch", () => {
  expect(workloadNames).toContain("mobile-infer");
  for (const name of workloadNames) expect(workload(name).layers.length, name).toBeGreaterThan(0);
});
