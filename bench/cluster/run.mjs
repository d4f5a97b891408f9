// What training in processes costs on this machine, and what it would cost on many: npm run cluster [-- LAUNCHER, words], by default
// Open MPI's mpirun. Compares two processes of one thread with one process of two threads, and one process with and
// without shards. Prints the bytes of a step, the time of a message (alpha), the bytes per second (beta), and the speed
// that these predict for 64 and 1,000 processes.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "../lib/statistics.mjs";
import { digits, table } from "../lib/table.mjs";
import { workload } from "../workloads.mjs";

const RANK = fileURLToPath(new URL("rank.mjs", import.meta.url));
const given = process.argv.slice(2);
const LAUNCHER = given.length > 0 ? given : ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"];
const ROUNDS = 5;

/** @param {readonly string[]} before @param {object} job */
function run(before, job) {
  const [program, ...args] = [...before, process.execPath, RANK, JSON.stringify(job)];
  const out = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(out.split("\n").find((line) => /^[[{]/.test(line)) ?? "");
}
const inTwo = [...LAUNCHER, "-np", "2"];

/** Milliseconds of the ways, measured in turn. @param {readonly (() => any)[]} ways */
function inTurn(ways) {
  /** @type {any[][]} */
  const found = ways.map(() => []);
  for (let round = 0; round < ROUNDS; round++) ways.forEach((way, i) => void found[i].push(way()));
  const middle = (/** @type {any[]} */ all, /** @type {string} */ key) => median(all.map((one) => one[key]));
  return found.map((all) => ({
    ...all[0],
    milliseconds: middle(all, "milliseconds"),
    processor: middle(all, "processor"),
    ...(all[0].meeting === undefined ? {} : { meeting: middle(all, "meeting") }),
  }));
}

const costs = [
  [
    "step (batch)",
    "1 process, 2 threads",
    "2 processes, 1 thread",
    "speed",
    "processor time",
    "of which sums",
    "sent by each",
    "least",
  ],
];
/** @type {Map<string, { floats: number, one: number }>} */
const facts = new Map();
for (const name of ["cnn", "cifar", "mlp-dropout"]) {
  const job = { task: "steps", workload: name, steps: name === "cifar" ? 24 : 64 };
  const [one, two] = inTurn([
    () => run([], { ...job, threads: 2 }),
    () => run(inTwo, { ...job, threads: 1, shards: 2 }),
  ]);
  facts.set(name, { floats: one.floats, one: one.milliseconds });
  const speed = `${(one.milliseconds / two.milliseconds).toFixed(2)}x`;
  const work = `${(two.processor / one.processor).toFixed(2)}x`;
  const bytes = [`${Math.round(two.sent)} B`, `${4 * one.floats} B`];
  costs.push([
    `${name} (${workload(name).batch})`,
    ...[one, two].map((r) => `${digits(r.milliseconds)} ms`),
    speed,
    work,
    `${digits(two.meeting)} ms`,
    ...bytes,
  ]);
}
console.log(`${table(costs)}\n`);

const shards = [["step (batch)", "plain", "8 shards, one after the other", "time", "processor time"]];
for (const name of ["cnn", "cifar", "mlp-dropout"]) {
  const job = { task: "steps", workload: name, steps: name === "cifar" ? 24 : 64, threads: 2 };
  const [plain, cut] = inTurn([() => run([], job), () => run([], { ...job, shards: 8 })]);
  const work = `${(cut.processor / plain.processor).toFixed(2)}x`;
  const more = `${(cut.milliseconds / plain.milliseconds).toFixed(2)}x`;
  shards.push([
    `${name} (${workload(name).batch})`,
    ...[plain, cut].map((r) => `${digits(r.milliseconds)} ms`),
    more,
    work,
  ]);
}
console.log(`${table(shards)}\n`);

const sizes = [2, 1 << 20, 1 << 23];
const [small, , large] = run(inTwo, { task: "exchanges", sizes });
// Between two processes, an exchange and a collection are one message each.
const alpha = small.milliseconds / 2;
const beta = large.bytes / ((large.milliseconds - small.milliseconds) / 1000);
console.log(
  `alpha ${(1000 * alpha).toFixed(0)} µs, beta ${(beta / 1e9).toFixed(2)} GB/s (processes of this machine)\n`,
);

const reach = [["step", "processes", "shared memory here", "10 Gbit/s", "100 Gbit/s"]];
for (const [name, { floats, one }] of facts)
  for (const n of [2, 8, 64, 1000])
    reach.push([
      name,
      String(n),
      ...[beta, 1.25e9, 12.5e9].map((rate) => {
        // Each process has as large a batch as one process here: the total batch grows with the number of processes.
        const exchange = 2 * (n - 1) * alpha + (1000 * 8 * floats * (n - 1)) / (n * rate);
        return `${((100 * one) / (one + exchange)).toFixed(0)}%`;
      }),
    ]);
console.log(`Share of the time in which processes compute, each on a batch of its own:\n${table(reach)}`);
