// `node bench/join.mjs FILE…`: one table of Markdown from several files that `npm run bench -- --json FILE` wrote. If a
// row was measured several times, the last file's counts.
import { readFileSync } from "node:fs";
import { stepTable } from "./lib/step-table.mjs";
import { digits, markdown } from "./lib/table.mjs";
import { workloadNames } from "./workloads.mjs";

/** @type {Map<string, import("./sections/steps.mjs").Row>} */
const rows = new Map();
const versions = new Set();
for (const file of process.argv.slice(2)) {
  const { results } = JSON.parse(readFileSync(file, "utf8"));
  for (const row of results.steps ?? []) rows.set(row.name, row);
}
if (rows.size === 0) {
  console.error("usage: node bench/join.mjs FILE…, of results that `npm run bench -- --json FILE` wrote");
  process.exit(1);
}
const ordered = workloadNames.flatMap((name) => rows.get(name) ?? []);
for (const { systems, machine, date } of ordered) {
  versions.add(`${machine.cpu}, Node ${machine.node}, ${date.slice(0, 10)}`);
  for (const { title, about } of systems) for (const { version } of about) versions.add(`${title}: ${version}`);
}
console.log(markdown(stepTable(ordered, digits)));
console.log(`\n${[...versions].join("\n")}`);
const differing = ordered.flatMap((r) =>
  r.systems.filter((s) => s.loss.startsWith("DIFFERS")).map((s) => `${r.name}: ${s.title}`),
);
console.log(differing.length === 0 ? "Losses agree in every row." : `Losses differ: ${differing.join("; ")}`);
