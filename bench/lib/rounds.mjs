// Measures systems in turns, so that background load affects all of them equally.
import { spawn } from "node:child_process";
import { Child } from "./child.mjs";
import { spread } from "./statistics.mjs";

/**
 * A system to measure, in all the ways it could be run; in each round the fastest one counts.
 *
 * @typedef {object} System
 * @property {string} name
 * @property {string} title
 * @property {readonly import("./child.mjs").Command[]} commands
 * @property {object} [job] added to its job
 */

/**
 * What was measured of one system.
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {string} title
 * @property {string} [unsupported] why nothing could be measured
 * @property {readonly string[]} refusals why some ways to run it do not work
 * @property {readonly import("./child.mjs").About[]} about one for each way that works
 * @property {readonly number[]} rounds median milliseconds of a step in each round
 * @property {number} min shortest step of all
 * @property {string} fastest the way that was fastest most often
 * @property {number | undefined} peakBytes peak memory of its process, for the way that needs least
 */

const WARM_UP_SECONDS = 0.3;

/**
 * Threads of libraries such as OpenBLAS keep spinning for 100 ms after their last call, on a core that the next system
 * needs.
 */
const REST_MS = 150;
const rest = () => new Promise((done) => setTimeout(done, REST_MS));

/** A system's processes. */
class Contestant {
  /** @type {{ child: Child, about: import("./child.mjs").About, times: number[], min: number }[]} */
  ways = [];
  /** @type {Set<string>} */
  reasons = new Set();

  /** @param {System} system */
  constructor(system) {
    this.system = system;
  }

  /** @param {object} job */
  async start(job) {
    const { workload } = /** @type {{ workload?: import("../workloads.mjs").Workload }} */ (job);
    for (const command of this.system.commands) {
      if (workload !== undefined && command.suits?.(workload) === false) continue;
      const child = new Child(command, { ...job, ...this.system.job });
      const about = await child.about().catch((/** @type {Error} */ error) => ({ unsupported: error.message }));
      if (about.unsupported === undefined)
        this.ways.push({ child, about: /** @type {any} */ (about), times: [], min: Infinity });
      else await this.#refuse(child, about.unsupported);
    }
  }

  /**
   * @param {Child} child takes no part
   * @param {string} reason
   */
  async #refuse(child, reason) {
    this.ways = this.ways.filter((way) => way.child !== child);
    this.reasons.add(reason);
    await child.stop();
  }

  /** A round that does not count, because engines recompile code that runs often. What cannot run a step takes no part. */
  async warmUp() {
    for (const { child } of this.ways)
      await child.run(WARM_UP_SECONDS).catch((/** @type {Error} */ error) => this.#refuse(child, error.message));
  }

  /** @param {number} seconds */
  async round(seconds) {
    for (const way of this.ways) {
      await rest();
      const { median, min } = await way.child.run(seconds);
      way.times.push(median);
      way.min = Math.min(way.min, min);
    }
  }

  /** @returns {Result} */
  result() {
    const { ways } = this;
    const { name, title } = this.system;
    const rounds = (ways[0]?.times ?? []).map((_, r) => Math.min(...ways.map((w) => w.times[r])));
    const wins = ways.map((w) => w.times.filter((t, r) => t === rounds[r]).length);
    const peaks = ways.map((w) => w.child.peakBytes()).filter((p) => p !== undefined);
    return {
      name,
      title,
      unsupported: ways.length === 0 ? [...this.reasons].join("; ") : undefined,
      refusals: [...this.reasons],
      about: ways.map((w) => w.about),
      rounds,
      min: Math.min(...ways.map((w) => w.min)),
      fastest: ways[wins.indexOf(Math.max(...wins))]?.child.label ?? "",
      peakBytes: peaks.length === 0 ? undefined : Math.min(...peaks),
    };
  }

  async stop() {
    for (const { child } of this.ways) await child.stop();
  }
}

/**
 * Runs a command that reserves the machine for a measurement: from its first output on, the machine is reserved.
 *
 * @param {string | undefined} command for a shell
 * @returns {Promise<() => void>} what ends it
 */
async function hold(command) {
  if (command === undefined) return () => {};
  const child = spawn(command, { shell: true, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((done, fail) => {
    child.stdout.once("data", done);
    child.once("close", () => fail(new Error(`--lock: the command ended before it wrote anything: ${command}`)));
  });
  return () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
  };
}

/**
 * Gives all systems the same job and measures them in turns, A B C A B C …, so that other processes disturb all of them
 * alike.
 *
 * @param {readonly System[]} systems
 * @param {object} job
 * @param {{ rounds: number, seconds: number, lock?: string }} options
 * @returns {Promise<Result[]>} in the order of the systems
 */
export async function measure(systems, job, { rounds, seconds, lock }) {
  const contestants = systems.map((system) => new Contestant(system));
  try {
    for (const c of contestants) await c.start(job);
    const release = await hold(lock);
    try {
      for (const c of contestants) await c.warmUp();
      for (let r = 0; r < rounds; r++) for (const c of contestants) await c.round(seconds);
    } finally {
      release();
    }
    return contestants.map((c) => c.result());
  } finally {
    for (const c of contestants) await c.stop();
  }
}

/**
 * How many times as long the other system took, for each round.
 *
 * @param {Result} own
 * @param {Result} other
 */
export const ratio = (own, other) => spread(own.rounds.map((mine, r) => other.rounds[r] / mine));
