// Runs each system in a process of its own, so that they cannot disturb each other's memory and threads.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * A way to run a system.
 *
 * @typedef {object} Command
 * @property {string} label distinguishes the ways to run one system, such as its threads or backend
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} [env] added to this process's own
 * @property {object} [job] added to the job when the system is run this way
 * @property {(workload: import("../workloads.mjs").Workload) => boolean} [suits] whether it can be run this way at all
 */

/**
 * What a system says of itself before it is measured.
 *
 * @typedef {object} About
 * @property {string} version
 * @property {number} threads
 * @property {string} [unsupported] why it cannot do what was asked; then nothing else is said
 * @property {number} [evaluation] loss of the initial weights in use, so without dropout
 * @property {readonly number[]} [losses] of the first steps
 * @property {number} [arenaBytes] Tidu's working memory for one step
 */

/**
 * Environment variables that choose kernels, instructions or numbers of threads for the peers' libraries. A measured
 * process gets only those that its command sets.
 */
const CHOOSING = /^(OPENBLAS|GOTO|MKL|OMP|KMP|GOMP|DNNL|ONEDNN|ATEN|XLA|JAX|TORCH|TORCHINDUCTOR|NUMEXPR|BLIS)_/;
const environment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !CHOOSING.test(name)));

/**
 * The answer of one process to a job.
 *
 * @param {Command} command
 * @param {unknown} job
 */
export async function ask(command, job) {
  const child = new Child(command, job);
  try {
    const answer = await child.about();
    return { ...answer, peakBytes: child.peakBytes() };
  } finally {
    await child.stop();
  }
}

/** @typedef {{ median: number, min: number, steps: number }} Round milliseconds of a step, and how many there were */

/** Time limit for starting and the first few steps. */
const READY_SECONDS = 180;

/**
 * A system in a process of its own, which stays ready between rounds, so that rounds of several can be interleaved. It
 * gets its job, as JSON, as its last argument, and prints a line of JSON about itself. After that, each line sent to it
 * is a number of seconds to run, and each line of its answer is a round.
 */
export class Child {
  #process;
  #lines;
  #closed;
  #said = "";

  /**
   * @param {Command} command
   * @param {unknown} job
   */
  constructor({ label, command, args, env, job: own }, job) {
    this.label = label;
    const all = [...args, JSON.stringify({ .../** @type {object} */ (job), ...own })];
    this.#process = spawn(command, all, { stdio: "pipe", env: { ...environment(), ...env } });
    this.#closed = new Promise((done) => this.#process.once("close", done).once("error", done));
    this.#process.stderr.on("data", (text) => {
      this.#said = (this.#said + text).slice(-4000);
    });
    this.#process.stdin.on("error", () => {}); // How it ended is reported when an answer is missing.
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Its next line of JSON; other lines are a library's greetings. */
  async #answer() {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) {
        await this.#closed; // By then all its output has been read.
        throw new Error(`${this.label}: ${this.#complaint()}`);
      }
      if (value.startsWith("{")) return JSON.parse(value);
    }
  }

  /** The most telling line of its error output. */
  #complaint() {
    const lines = this.#said.trim().split("\n");
    return lines.findLast((line) => /\w*(Error|not ready)/.test(line)) ?? (lines.at(-1) || "the process ended early");
  }

  /**
   * Its first line.
   *
   * @returns {Promise<any>} About, or the answer to a job that runs no steps
   */
  async about() {
    const timer = setTimeout(() => {
      this.#said += `\nnot ready after ${READY_SECONDS} s`;
      this.#process.kill();
    }, READY_SECONDS * 1000);
    try {
      return await this.#answer();
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * One round.
   *
   * @param {number} seconds
   * @returns {Promise<Round>}
   */
  run(seconds) {
    this.#process.stdin.write(`${seconds}\n`);
    return this.#answer();
  }

  /** Peak memory of the process, in bytes; undefined where the system does not count it. */
  peakBytes() {
    const status = `/proc/${this.#process.pid}/status`;
    const peak = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8")) : null;
    return peak === null ? undefined : Number(peak[1]) * 1024;
  }

  /** Ends the process and waits for its end, so that it takes no time from the next one. */
  async stop() {
    this.#process.kill();
    await this.#closed;
  }
}
