// Measures Tidu on a machine with a graphics card, beside PyTorch, jax-js and TensorFlow.js on the same card: correctness
// first, then costs, memory, matrix products, contractions and training steps. Every part has a time limit, and each
// result is written at once, so that nothing is lost when a borrowed machine is taken back.
//
// node bench/gpu.mjs --prepare DIR puts everything that such a machine needs into one folder
// node DIR/gpu.mjs --out RESULTS on that machine: writes results.jsonl and results.md
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    prepare: { type: "string" },
    peers: { type: "string" },
    out: { type: "string", default: "gpu-results" },
    minutes: { type: "string", default: "9" },
    small: { type: "boolean", default: false },
  },
});

if (options.prepare !== undefined) {
  const { prepare } = await import("./gpu/prepare.mjs");
  await prepare(options.prepare, options.peers);
  process.exit(0);
}

const out = options.out;
mkdirSync(out, { recursive: true });
const deadline = Date.now() + Number(options.minutes) * 60_000;
const env = { ...process.env, ...(options.small ? { GPU_SMALL: "1" } : {}) };
/** @type {any[]} */
const rows = [];

const { ALL_JOBS, COMPILED_JOBS, table } = await import(
  existsSync(join(here, "table.mjs")) ? "./table.mjs" : "./gpu/table.mjs"
);

/** @param {any} row */
function note(row) {
  rows.push(row);
  appendFileSync(join(out, "results.jsonl"), `${JSON.stringify(row)}\n`);
}

/**
 * Runs a part as a process of its own, for at most so many seconds, and notes each line of its output.
 *
 * @param {string} name
 * @param {number} seconds
 * @param {string[]} command
 * @param {Record<string, string>} [more] of its environment
 */
function part(name, seconds, command, more = {}) {
  const most = Math.min(seconds * 1000, deadline - Date.now());
  if (most < 3000) return Promise.resolve(note({ section: "part", name, skipped: "no time is left" }));
  return new Promise((done) => {
    const start = Date.now();
    const [program, ...args] = command;
    const child = spawn(program, args, { cwd: here, env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (data) => {
      errors = (errors + data).slice(-2000);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      try {
        note({ ...JSON.parse(line), ...(more.DAWN_FLAGS === undefined ? {} : { flags: more.DAWN_FLAGS }) });
      } catch {
        errors = `${errors}${line}\n`.slice(-2000);
      }
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), most);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const taken = (Date.now() - start) / 1000;
      note({ section: "part", name, seconds: taken, code, signal, ...(code === 0 ? {} : { errors }) });
      writeFileSync(join(out, "results.md"), table(rows));
      console.log(`${name}: ${taken.toFixed(1)} s, ${code ?? signal}${code === 0 ? "" : `\n${errors}`}`);
      done(code);
    });
    child.on("error", (error) => note({ section: "part", name, failed: String(error) }));
  });
}

const node = (/** @type {string} */ name, /** @type {string[]} */ ...args) => [
  process.execPath,
  join(here, `${name}.mjs`),
  ...args,
];
const torch = (/** @type {string} */ task, /** @type {any} */ jobs) => [
  "python3",
  join(here, "torch_steps.py"),
  task,
  JSON.stringify(jobs),
];
const few = options.small;

await part("costs and memory", 40, node("costs"));
const wrong = await part("check", 85, node("check"));
if (wrong !== 0) note({ section: "part", name: "check", warning: "what follows was measured all the same" });
await part("products", 75, node("products"));
await part("products, PyTorch", 50, torch("products", []));
await part("steps", 100, node("steps"));
await part("steps, PyTorch", 70, torch("eager", ALL_JOBS(few)));
await part("steps, processor", 45, node("steps", "cpu"));
await part("steps, jax-js", 45, node("jax"));
await part("steps, TensorFlow.js", 45, node("tfjs"));
await part("products, without robustness", 45, node("products"), {
  DAWN_FLAGS: "enable-dawn-features=disable_robustness",
});
await part("steps, PyTorch compiled", 110, torch("compiled", COMPILED_JOBS(few)));
writeFileSync(join(out, "results.json"), JSON.stringify(rows, null, 1));
writeFileSync(join(out, "results.md"), table(rows));
console.log(readFileSync(join(out, "results.md"), "utf8").slice(0, 9000));
