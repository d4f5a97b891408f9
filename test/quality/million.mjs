// `npm run million`: trains one epoch on a table of 1,000,000 rows and 20 columns, measures the network and writes its
// predictions to a CSV file, with the defaults of the command line, and prints time, processor time and peak memory (VmHWM) of each. Linux.
import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROWS = Number(process.argv[2] ?? 1_000_000);
const COLUMNS = 20;
const COMMAND = fileURLToPath(new URL("../../packages/cli/bin/tidu.js", import.meta.url));

/** Writes 19 columns of numbers and a class, which some of them decide. */
async function writeTable(/** @type {string} */ path) {
  const out = createWriteStream(path);
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  out.write(`${Array.from({ length: COLUMNS - 1 }, (_, i) => `x${i}`).join(",")},y\n`);
  for (let from = 0; from < ROWS; from += 1000) {
    let text = "";
    for (let row = from; row < Math.min(from + 1000, ROWS); row++) {
      const x = Array.from({ length: COLUMNS - 1 }, random);
      text += `${x.map((value) => value.toFixed(4)).join(",")},${x[0] + x[1] * x[2] > x[3] + 0.5 ? "yes" : "no"}\n`;
    }
    if (!out.write(text)) await new Promise((done) => out.once("drain", () => done(undefined)));
  }
  await new Promise((done) => out.end(() => done(undefined)));
}

/** Ticks of the processor's time in a second, as /proc counts. */
const TICKS = 100;

/** Processor time of a process, in seconds, with that of the system for it. */
function processorTime(/** @type {number | undefined} */ pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // After the program's name in brackets: the third field and so on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Runs a command, and looks at its processor time and the peak of its memory ten times a second. */
async function measured(/** @type {string[]} */ ...args) {
  const start = performance.now();
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  let [peak, processor] = [0, 0];
  const look = setInterval(() => {
    try {
      processor = processorTime(child.pid) || processor;
      peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? peak);
    } catch {
      // It has just ended.
    }
  }, 100);
  const code = await new Promise((done) => child.once("close", done));
  clearInterval(look);
  if (code !== 0) throw new Error(`tidu ${args[0]} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, processor, peak: peak / 1024 };
}

const folder = mkdtempSync(join(tmpdir(), "tidu-million-"));
try {
  const [data, run, out] = ["data.csv", "run", "predictions.csv"].map((name) => join(folder, name));
  await writeTable(data);
  const count = ROWS.toLocaleString("en");
  console.log(
    `${count} rows × ${COLUMNS} columns, ${(statSync(data).size / 2 ** 20).toFixed()} MiB of CSV, Node ${process.versions.node}`,
  );
  console.log("| command | seconds | processor seconds | peak memory, MiB |");
  console.log("|---|---|---|---|");
  const commands = [
    ["train", data, "--epochs", "1", "--no-report", "--out", run],
    ["eval", run, data],
    ["predict", run, data, "--out", out],
  ];
  for (const args of commands) {
    const { seconds, processor, peak } = await measured(...args);
    console.log(`| \`${args[0]}\` | ${seconds.toFixed(1)} | ${processor.toFixed(1)} | ${peak.toFixed()} |`);
  }
  console.log(`${(statSync(out).size / 2 ** 20).toFixed()} MiB of predictions`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
