// Kills a training process at random moments, some of them in the middle of writing a checkpoint, resumes it, and
// compares what it comes to with a process that was never killed. `npm run kill-and-resume` does so 20 times.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));
const LIBRARY = fileURLToPath(new URL("../../../packages/tidu/dist", import.meta.url));
/** What an epoch of the child has of steps, and how many epochs there are. */
const STEPS = 7;
const EPOCHS = 3;

/**
 * @typedef {object} Trial
 * @property {number} step the step after which the process was to be killed, counted over all epochs
 * @property {boolean} writing whether it left half a checkpoint
 * @property {string | undefined} end what the training came to after it was resumed
 */

/**
 * @param {number} times
 * @param {(done: number, trial: Trial) => void} [tell]
 * @returns {Promise<{ whole: string | undefined, trials: Trial[] }>} what a training came to that was not killed, and those that were
 */
export async function killAndResume(times, tell = () => {}) {
  const { end: whole } = await inFolder((folder) => train(folder, async () => false));
  const trials = [];
  for (let i = 0; i < times; i++) {
    const trial = await inFolder((folder) => killedOnce(folder, i % 3 === 0));
    trials.push(trial);
    tell(trials.length, trial);
  }
  return { whole, trials };
}

/**
 * @param {string} folder
 * @param {boolean} inWriting whether to wait for a checkpoint that is being written
 * @returns {Promise<Trial>}
 */
async function killedOnce(folder, inWriting) {
  const step = 1 + Math.floor(Math.random() * (STEPS * EPOCHS - 2));
  await train(folder, async (done) => {
    if (done < step) return false;
    if (!inWriting) await pause(Math.random() * 20);
    for (let looks = 0; inWriting && looks < 10_000 && !(await isWriting(folder)); looks++);
    return true;
  });
  const writing = await isWriting(folder);
  const { end } = await train(folder, async () => false);
  return { step, writing, end };
}

const isWriting = async (/** @type {string} */ folder) => (await readdir(folder)).some((name) => name.endsWith(".tmp"));

/**
 * Runs the child in a folder, until it ends or is to be killed.
 *
 * @param {string} folder
 * @param {(step: number) => Promise<boolean>} kill
 * @returns {Promise<{ end: string | undefined }>}
 */
async function train(folder, kill) {
  const child = spawn(process.execPath, [CHILD, LIBRARY, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise((done) => child.once("close", done));
  let end;
  let killed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, first, second] = line.split(" ");
    if (what === "end") end = first;
    if (what !== "step" || killed) continue;
    killed = await kill((Number(first) - 1) * STEPS + Number(second));
    if (killed) child.kill("SIGKILL");
  }
  await closed;
  return { end };
}

/**
 * @template T
 * @param {(folder: string) => Promise<T>} body
 */
async function inFolder(body) {
  const folder = await mkdtemp(join(tmpdir(), "tidu-kill-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const times = 20;
  const { whole, trials } = await killAndResume(times, (done, { step, writing }) => {
    console.log(`${done}/${times}: killed after step ${step}${writing ? ", while writing a checkpoint" : ""}`);
  });
  const wrong = trials.filter(({ end }) => whole === undefined || end !== whole).length;
  console.log(wrong === 0 ? `all ${times} ended with the same bits: ${whole}` : `${wrong} ended differently`);
  process.exitCode = wrong === 0 ? 0 : 1;
}
