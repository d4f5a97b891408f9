// Kills training processes at random moments, some of them in the middle of writing a checkpoint, resumes them, and compares
// what they come to with processes that were never killed: weights and metrics. `npm run kill-and-resume -- 500` does so
// until 500 were killed, 20 by default, each kind of training in turn.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { COURSES } from "./courses.mjs";

/** @typedef {import("./courses.mjs").Course} Course */

/**
 * @typedef {object} Trial
 * @property {number} after milliseconds of training after which the process was to be killed
 * @property {boolean} killed whether it was, before its end
 * @property {boolean} writing whether it left a file half written
 * @property {string} end what the training came to after it was resumed
 */

/**
 * @param {Course} course
 * @param {number} times how many are killed; one that ends before its moment is tried again, but not for ever
 * @param {(trial: Trial, done: number) => void} [tell]
 * @returns {Promise<{ whole: string, trials: Trial[] }>} what a training came to that was not killed, and those that were
 */
export async function killAndResume(course, times, tell = () => {}) {
  const whole = await inFolder(async (folder) => {
    await course.prepare(folder);
    return train(course, folder, false);
  });
  /** @type {Trial[]} */
  const trials = [];
  const kills = () => trials.filter(({ killed }) => killed).length;
  for (let i = 0; kills() < times && i < 4 * times; i++) {
    const trial = await inFolder((folder) =>
      killedOnce(course, folder, Math.random() * whole.milliseconds, i % 3 === 0),
    );
    trials.push(trial);
    tell(trial, kills());
  }
  if (kills() < times) throw new Error(`only ${kills()} of ${times} were killed before their end`);
  return { whole: whole.end, trials };
}

/**
 * @param {Course} course
 * @param {string} folder
 * @param {number} after milliseconds
 * @param {boolean} inWriting whether to wait for a file that is being written
 * @returns {Promise<Trial>}
 */
async function killedOnce(course, folder, after, inWriting) {
  await course.prepare(folder);
  const { killed } = await train(course, folder, false, async (ended) => {
    await pause(after);
    while (inWriting && !ended() && !(await isWriting(folder)));
  });
  const writing = await isWriting(folder);
  const { end } = await train(course, folder, true);
  return { after, killed, writing, end };
}

const isWriting = async (/** @type {string} */ folder) =>
  (await readdir(folder, { recursive: true })).some((name) => name.endsWith(".tmp"));

/**
 * Runs a training in a folder, until it ends or is killed.
 *
 * @param {Course} course
 * @param {string} folder
 * @param {boolean} resume
 * @param {(ended: () => boolean) => Promise<void>} [moment] resolves when it is to be killed
 */
async function train(course, folder, resume, moment) {
  const child = spawn(process.execPath, course.argv(folder, resume), { stdio: ["ignore", "pipe", "inherit"] });
  let [ended, output, began, milliseconds] = [false, "", 0, 0];
  const closed = new Promise((done) => child.once("close", (_, signal) => done(signal)));
  closed.then(() => {
    ended = true;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    output += `${line}\n`;
    if (!course.trains.test(line)) continue;
    milliseconds = performance.now() - began;
    if (began > 0) continue;
    began = performance.now();
    moment?.(() => ended).then(() => child.kill("SIGKILL"));
  }
  const killed = (await closed) === "SIGKILL";
  return { killed, milliseconds, end: killed ? "" : await course.end(folder, output) };
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
  const [times = "20", ...names] = process.argv.slice(2);
  const courses = Object.entries(COURSES).filter(([name]) => names.length === 0 || names.includes(name));
  const each = Math.ceil(Number(times) / courses.length);
  let wrong = 0;
  for (const [name, course] of courses) {
    const { whole, trials } = await killAndResume(course, each, ({ after, killed, writing }, done) => {
      const how = killed ? `killed after ${after.toFixed()} ms${writing ? ", in the middle of writing" : ""}` : "ended";
      console.log(`${name} ${done}/${each}: ${how}`);
    });
    const other = trials.filter(({ end }) => end !== whole).length;
    wrong += other;
    const count = (/** @type {(trial: Trial) => boolean} */ of) => trials.filter(of).length;
    console.log(
      `${name}: ${count(({ killed }) => killed)} killed, ${count(({ writing }) => writing)} of them in the middle of writing; ` +
        (other === 0
          ? `all ${trials.length} runs ended with ${whole}`
          : `${other} of ${trials.length} ended differently`),
    );
  }
  process.exitCode = wrong === 0 ? 0 : 1;
}
