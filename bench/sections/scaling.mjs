// Measures steps on one thread and on all threads. Both run the same program and give the same bits.
import { measure, ratio } from "../lib/rounds.mjs";
import { median } from "../lib/statistics.mjs";
import { digits, ratioText, table } from "../lib/table.mjs";
import { TIDU } from "../systems/index.mjs";
import { workload } from "../workloads.mjs";

const WORKLOADS = ["cnn", "cifar", "mlp-dropout"];

/** @type {import("../run.mjs").Section} */
export async function scaling({ options, machine, tell }) {
  const { cores } = machine;
  const counts = [1, cores];
  tell(`Tidu on 1 and on ${cores} threads; a pure multiply-add loop scales ${machine.scaling.toFixed(2)}x here.\n`);
  const rows = [["step (batch)", "1 thread", `${cores} threads`, "scaling (range)"]];
  const results = [];
  for (const name of WORKLOADS.filter((n) => options.only.includes(n))) {
    const work = workload(name);
    const systems = counts.map((threads) => ({ ...TIDU, job: { threads } }));
    const [one, all] = await measure(systems, { task: "steps", workload: work }, options);
    const [before, after] = [one, all].map((r) => median(r.rounds));
    const gain = ratio(all, one);
    const losses = [one, all].map((r) => r.about[0].losses?.join(" "));
    if (losses[0] !== losses[1])
      throw new Error(`${name}: losses differ: ${losses[0]} on one thread, ${losses[1]} on all`);
    rows.push([`${name} (${work.batch})`, `${digits(before)} ms`, `${digits(after)} ms`, ratioText(gain)]);
    results.push({ name, milliseconds: [before, after], threads: counts, ratio: gain });
  }
  tell(table(rows));
  return results;
}
