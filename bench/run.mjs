// Whole training steps, system against system: each in a process of its own, rounds interleaved, the ratio taken in
// each round and its median printed. `npm run bench -- --only lenet --rounds 5 --seconds 1 --peers torch|none --json F`.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "1" },
    peers: { type: "string", default: "torch" },
    json: { type: "string" },
  },
});
const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const workloads = JSON.parse(readFileSync(path("workloads.json"), "utf8"));
const names = values.only === undefined ? Object.keys(workloads) : values.only.split(",");

/** A system that stays ready between rounds, so that rounds of several can be interleaved. */
async function start(command, args) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args.join(" ")} ended early`);
    return JSON.parse(value);
  };
  const about = await next();
  return {
    about,
    run: (seconds) => {
      child.stdin.write(`${seconds}\n`);
      return next();
    },
    stop: () => child.stdin.end(),
  };
}

const python = "/usr/bin/python3";
const hasTorch = values.peers !== "none" && spawnSync(python, ["-c", "import torch"]).status === 0;
if (values.peers !== "none" && !hasTorch) {
  console.log("PyTorch is not here; on Debian: apt-get install python3-torch libopenblas0-pthread");
}
const median = (list) => [...list].sort((p, q) => p - q)[list.length >> 1];
const all = availableParallelism();
console.log(
  `${cpus()[0].model}, ${all} cores, Node ${process.versions.node}; median of ${values.rounds} rounds of ${values.seconds} s`,
);
const report = [];
for (const name of names) {
  const tidu = await start(process.execPath, [path("systems/tidu.mjs"), name]);
  const peers = [];
  if (hasTorch) {
    for (const threads of new Set([1, all]))
      peers.push(await start(python, [path("systems/pytorch.py"), name, String(threads)]));
  }
  const rounds = [];
  for (let r = 0; r < Number(values.rounds); r++) {
    const own = await tidu.run(values.seconds);
    const others = [];
    for (const peer of peers) others.push(await peer.run(values.seconds));
    rounds.push({ tidu: own.median, torch: others.map((o) => o.median) });
  }
  for (const s of [tidu, ...peers]) s.stop();
  const best = (r) => Math.min(...r.torch);
  const agree = peers.every(
    (p) => Math.abs(p.about.loss - tidu.about.loss) <= 1e-3 * Math.max(1e-3, Math.abs(tidu.about.loss)),
  );
  const row = {
    name,
    tidu: median(rounds.map((r) => r.tidu)),
    torch: hasTorch ? median(rounds.map(best)) : undefined,
    ratio: hasTorch ? median(rounds.map((r) => best(r) / r.tidu)) : undefined,
    spread: hasTorch
      ? [Math.min(...rounds.map((r) => best(r) / r.tidu)), Math.max(...rounds.map((r) => best(r) / r.tidu))]
      : undefined,
    loss: workloads[name].random
      ? "random masks: not compared"
      : agree
        ? "same"
        : `differs: ${tidu.about.loss} and ${peers[0]?.about.loss}`,
  };
  report.push(row);
  const number = (x, digits = 3) => (x === undefined ? "-" : x.toPrecision(digits));
  console.log(
    `${name.padEnd(12)} Tidu ${number(row.tidu).padStart(7)} ms  PyTorch ${number(row.torch).padStart(7)} ms  ${number(row.ratio)}x (${row.spread?.map((s) => number(s)).join("-") ?? "-"})  loss ${row.loss}`,
  );
}
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ node: process.versions.node, cpu: cpus()[0].model, report }, null, 2)}\n`,
  );
