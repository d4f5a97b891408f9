// Processes that do not make the same calls end with a line that says so, instead of waiting for each other or adding up
// what does not belong together.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Calls, ENTRY, REMEMBERED } from "../../../packages/tidu/src/runtime/mpi/calls.js";
import { inProcesses, Job, LAUNCHERS } from "./jobs.js";

const CALLS = fileURLToPath(new URL("./calls.mjs", import.meta.url));
const DIFFER = /^tidu: call \d+ of rank \d on \S+ is .+, call \d+ of rank \d on \S+ is .+ ends the job$/m;

describe.each(process.env.MPI === "all" ? LAUNCHERS : LAUNCHERS.slice(0, 1))("$name", (launcher) => {
  it.each([
    ["fails in a step and closes", "throws", 3, 75, /close\(\)/],
    ["leaves its loop", "breaks", 2, 75, /close\(\)/],
    ["measures alone", "measures", 2, 75, /a comparison/],
    ["trains fewer weights", "freezes", 2, 75, DIFFER],
    ["ends in between", "leaves", 2, 1, /rank 1 on \S+ ended without close\(\), .*; await world.close\(\) last/],
  ])(
    "a process that %s ends the job",
    async (_, course, processes, code, line) => {
      const ended = await inProcesses(launcher, processes, CALLS, course);
      expect(ended.err).toMatch(line);
      if (code === 75) expect(ended.err).toMatch(DIFFER);
      expect(ended.code).toBe(code);
    },
    60_000,
  );

  it("weights that differ after an epoch are an error in all processes", async () => {
    const { code, err } = await inProcesses(launcher, 2, CALLS, "schedules");
    const line =
      /^fit: after epoch 1 "0\.weight" of rank 1 on \S+ has other values than that of rank 0 on \S+; give all /gm;
    expect(err.match(line)).toHaveLength(2);
    expect(code).toBe(0);
  }, 60_000);

  it("allReduce refuses numbers that f32 may not hold", async () => {
    const { code, err } = await inProcesses(launcher, 1, CALLS, "wide");
    expect(err).toContain("allReduce: x is tensor i32 [1]; it must be of a type whose values f32 holds");
    expect(code).toBe(0);
  }, 60_000);

  it("MPI starts once in a process", async () => {
    const { code, err } = await inProcesses(launcher, 2, CALLS, "twice");
    expect(err).toContain("mpi: MPI has already started in this process; call mpi() once, and pass its world on");
    expect(code).toBe(0);
  }, 60_000);
});

it.each(LAUNCHERS.filter(({ name }) => name === "MPICH"))(
  "descriptors of $name that were closed on the way, as npx does, are named",
  async ({ command }) => {
    const closing = 'eval "exec $PMI_FD>&-"; exec "$0" "$1" twice';
    const { code, err } = await new Job([...command, "-np", "2", "bash", "-c", closing, process.execPath, CALLS]).ended;
    expect(err).toMatch(/mpi: the file descriptors that MPICH's mpiexec opens .*; start node_modules\/.bin\/tidu/);
    expect(code).toBe(1);
  },
  60_000,
);

it("a digest tells calls of another kind, size or order, however long ago", () => {
  const digest = (...sizes: readonly number[]): number => {
    const calls = new Calls();
    for (const size of sizes) calls.add("the end of a sum", size);
    return calls.add("a sum")[ENTRY - 1];
  };
  const same = Array(2 * REMEMBERED).fill(7);
  expect(digest(1, 2, ...same)).toBe(digest(1, 2, ...same));
  const others = [digest(1, 2, ...same), digest(2, 1, ...same), digest(1, 3, ...same), digest(0, 0, ...same)];
  expect(new Set(others).size).toBe(4);
});
