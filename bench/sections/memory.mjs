// Measures the peak memory of a training process, beside the memory that the compiler planned.
import { ask } from "../lib/child.mjs";
import { measure } from "../lib/rounds.mjs";
import { digits, table } from "../lib/table.mjs";
import { TIDU } from "../systems/index.mjs";
import { workload } from "../workloads.mjs";

const mib = (/** @type {number | undefined} */ bytes) => (bytes === undefined ? "?" : digits(bytes / 2 ** 20));

/** @type {import("../run.mjs").Section} */
export async function memory({ options, peers, tell }) {
  const torch = peers.filter(({ name }) => name === "torch");
  const systems = [TIDU, ...torch];
  tell(
    "Most memory of a process that trains (VmHWM), in MiB, and the working memory of one of Tidu's steps: planned as",
  );
  tell("one arena, beside what the same values would take side by side.\n");
  const rows = [["step (batch)", ...systems.map(({ title }) => title), "arena", "side by side"]];
  const idle = await Promise.all(systems.map(({ commands }) => ask(commands[0], { task: "idle" })));
  rows.push(["nothing, only imported", ...idle.map((i) => mib(i.peakBytes)), "", ""]);
  const results = [];
  for (const name of options.only) {
    const work = workload(name);
    const measured = await measure(systems, { task: "steps", workload: work }, { rounds: 1, seconds: options.seconds });
    const { arenaBytes, separateBytes } = await ask(TIDU.commands[0], { task: "plan", workload: work });
    const peaks = measured.map((m) => m.peakBytes);
    rows.push([`${name} (${work.batch})`, ...peaks.map(mib), mib(arenaBytes), mib(separateBytes)]);
    results.push({
      name,
      arenaBytes,
      separateBytes,
      peaks: measured.map((m) => ({ system: m.name, bytes: m.peakBytes })),
    });
  }
  tell(table(rows));
  return { idle: idle.map((i) => i.peakBytes), steps: results };
}
