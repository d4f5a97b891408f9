// Measures the time from the start of a process to the first finished step of LeNet, each time in a fresh process. Native
// code comes from the cache.
import { ask } from "../lib/child.mjs";
import { median } from "../lib/statistics.mjs";
import { digits, table } from "../lib/table.mjs";
import { DEVICES } from "../systems/index.mjs";
import { workload } from "../workloads.mjs";

const PARTS = {
  total: "all",
  processor: "all, of the processors' time",
  importing: "import",
  making: "make the device",
  building: "network and batch",
  compiling: "compile the step",
  engine: "  of it the engine's",
  running: "first step",
  runningAgain: "second step",
  third: "third step",
  again: "compile it again, from the cache",
};

/** @type {import("../run.mjs").Section} */
export async function start({ options, peers, tell }) {
  const job = { task: "start", workload: workload("lenet") };
  // PyTorch is the only peer that supports this job.
  const torch = peers.find(({ name }) => name === "torch");
  const own = Object.values(DEVICES).filter((d) => options.devices.includes(d.name));
  const contestants = [...own, ...(torch === undefined ? [] : [torch])];
  /** @type {Record<string, number>[][]} */
  const answers = contestants.map(() => []);
  for (let r = 0; r <= options.rounds; r++)
    for (const [i, { commands, job: its }] of contestants.entries()) {
      const answer = await ask(/** @type {any} */ (commands.at(-1)), { ...job, ...its });
      // The first process compiles what the others find in the cache.
      if (r > 0) answers[i].push(answer);
    }
  const middle = (/** @type {number} */ i, /** @type {string} */ part) => median(answers[i].map((a) => a[part]));
  tell(`First LeNet step in a fresh process; medians of ${options.rounds} processes, in milliseconds.\n`);
  const rows = Object.entries(PARTS).map(([part, label]) => [
    label,
    ...contestants.map((_, i) => (answers[i].every((a) => part in a) ? digits(middle(i, part)) : "")),
  ]);
  tell(table([["", ...contestants.map((c) => c.title)], ...rows]));
  return contestants.map(({ name }, i) => ({ name, processes: answers[i] }));
}
