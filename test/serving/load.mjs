// Asks the service of examples/serve many times while it trains again in a worker: `npm run serve-load` asks 8,000 times, 20
// at a time. Every answer is compared with the same network in float64, by the run that the answer names.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inFloat64 } from "./float64.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const [COMMAND, SERVICE, DATA] = ["packages/cli/bin/tidu.js", "examples/serve/main.mjs", "examples/data/iris.csv"].map(
  at,
);
const OPTIONS = ["--model", "mlp", "--device", "wasm", "--threads", "1", "--validation", "0.2"];

/**
 * @typedef {object} Findings
 * @property {number} answers
 * @property {string[]} errors
 * @property {number} during answers that came while a training ran in the worker
 * @property {number} runs networks that answered
 * @property {number} retrained
 * @property {number} farthest the largest distance of a probability from float64's
 * @property {number} longestGap of the service's event loop, in milliseconds
 * @property {number[]} times of the answers, in milliseconds, ascending
 * @property {number} seconds
 */

/**
 * @param {number} count requests
 * @param {number} atOnce
 * @param {number} epochs of each retraining
 * @returns {Promise<Findings>}
 */
export async function load(count, atOnce, epochs) {
  const folder = await mkdtemp(join(tmpdir(), "tidu-serve-"));
  const run = join(folder, "iris");
  await promisify(execFile)(process.execPath, [
    ...[COMMAND, "train", DATA, ...OPTIONS],
    ...["--epochs", "20", "--no-report", "--out", run],
  ]);
  const retraining = [DATA, ...OPTIONS, "--epochs", String(epochs), "--seed", "1"];
  const child = spawn(process.execPath, [SERVICE, run, ...retraining], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  try {
    const [url] = await Promise.race([
      once(createInterface(child.stdout), "line"),
      ended.then(([code]) => Promise.reject(new Error(`the service ended with ${code}`))),
    ]);
    return await askMany(url, count, atOnce);
  } finally {
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  }
}

/** @param {string} url @param {number} count @param {number} atOnce */
async function askMany(url, count, atOnce) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce + 1 });
  const call = caller(url, agent);
  /** @type {Findings} */
  const found = {
    ...{ answers: 0, errors: [], during: 0, runs: 0, retrained: 0, farthest: 0, longestGap: 0, times: [], seconds: 0 },
  };
  /** @type {Map<string, ReturnType<typeof inFloat64>>} */
  const references = new Map();
  let [next, training, asking] = [0, false, true];

  /** Trains again and again while there are requests. */
  async function keepTraining() {
    while (asking) {
      training = (await call("POST", "/retrain", [])).body.retraining === 1;
      while (training) {
        const { retraining, retrained, failure } = (await call("GET", "/")).body;
        training = retraining === 1;
        found.retrained = retrained;
        if (failure !== "") throw new Error(failure);
        if (training) await pause(20);
      }
    }
  }

  async function client() {
    while (next < count) {
      const rows = rowsOf(next++);
      const [begun, inTraining] = [performance.now(), training];
      const { status, body } = await call("POST", "/predict", rows);
      found.times.push(performance.now() - begun);
      if (status !== 200) {
        found.errors.push(`${status}: ${JSON.stringify(body)}`);
        continue;
      }
      if (inTraining && training) found.during++;
      found.answers++;
      if (!references.has(body.run)) references.set(body.run, inFloat64(body.run));
      const reference = await /** @type {ReturnType<typeof inFloat64>} */ (references.get(body.run));
      for (const [i, row] of rows.entries()) {
        const wanted = reference(row);
        const { probabilities } = body.predictions[i];
        for (const name of Object.keys(wanted)) {
          const off = Math.abs(wanted[name] - probabilities[name]);
          // What is no number is as far away as can be.
          found.farthest = Math.max(found.farthest, Number.isNaN(off) ? Infinity : off);
        }
      }
    }
  }

  const start = performance.now();
  const trainings = keepTraining();
  while (!training) await Promise.race([pause(1), trainings]);
  await Promise.all(Array.from({ length: atOnce }, client));
  found.seconds = (performance.now() - start) / 1000;
  asking = false;
  found.longestGap = (await call("GET", "/")).body.longestGap;
  await trainings;
  agent.destroy();
  found.runs = references.size;
  found.times.sort((a, b) => a - b);
  return found;
}

/** Some flowers, no two lists the same, from 1 to 4 of them; now and then a value is missing. @param {number} n */
function rowsOf(n) {
  const value = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ seed) =>
    low + (high - low) * ((Math.sin(seed * 12.9898) * 43758.5453) % 1) ** 2;
  return Array.from({ length: 1 + (n % 4) }, (_, i) => ({
    sepal_length: value(4, 8, 4 * n + i),
    sepal_width: value(2, 4.5, 5 * n + i + 0.1),
    petal_length: n % 7 === 0 ? null : value(1, 7, 6 * n + i + 0.2),
    petal_width: value(0.1, 2.5, 7 * n + i + 0.3),
  }));
}

/** @param {string} url @param {Agent} agent */
const caller =
  (url, agent) =>
  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<{ status: number, body: any }>} */
  (method, path, body) =>
    new Promise((done, fail) => {
      const asked = ask(url + path, { method, agent }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece) => {
          text += piece;
        });
        response.on("error", fail);
        response.on("end", () => done({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      });
      asked.on("error", fail).end(body === undefined ? undefined : JSON.stringify(body));
    });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = "8000", atOnce = "20", epochs = "60"] = process.argv.slice(2);
  const found = await load(Number(count), Number(atOnce), Number(epochs));
  const time = (/** @type {number} */ part) => found.times[Math.floor(part * (found.times.length - 1))].toFixed(1);
  console.log(`${found.answers} answers in ${found.seconds.toFixed(1)} s, ${found.errors.length} errors`);
  for (const text of new Set(found.errors)) console.log(`  ${text}`);
  console.log(
    `while a training ran: ${found.during}; trainings that ended: ${found.retrained}; networks that answered: ${found.runs}`,
  );
  console.log(`farthest from float64: ${found.farthest.toExponential(1)}`);
  console.log(`an answer took ${time(0.5)} ms (median), ${time(0.99)} ms (99 of 100), ${time(1)} ms (longest)`);
  console.log(`longest gap of the service's event loop: ${found.longestGap.toFixed(1)} ms`);
  const right =
    found.errors.length === 0 && found.answers === Number(count) && found.farthest <= 1e-6 && found.during > 0;
  process.exitCode = right ? 0 : 1;
}
