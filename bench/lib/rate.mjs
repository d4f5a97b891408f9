// Measures how fast a loop computes, as an upper limit for kernels.
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Many short rounds, so that some run undisturbed by other processes. */
const ROUNDS = 80;
const ROUND_MS = 4;

/**
 * Billions of operations per second of a loop, on one thread and on several at once: the best of alternating rounds,
 * because other processes can only make it slower.
 *
 * @param {import("./loops.mjs").RateLoop} loop
 * @param {number} threads
 * @returns {Promise<{ one: number, all: number }>}
 */
export async function rates(loop, threads) {
  const { operations } = loop;
  const url = new URL("rate-worker.mjs", import.meta.url);
  const module = new WebAssembly.Module(loop.bytes);
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from({ length: threads }, () => new Worker(url, { workerData: { module, arrived } }));
  const together = async (/** @type {readonly Worker[]} */ team) => {
    Atomics.store(arrived, 0, 0);
    const answers = team.map((w) => once(w, "message"));
    for (const w of team) w.postMessage({ milliseconds: ROUND_MS, team: team.length });
    const rounds = (await Promise.all(answers)).flat();
    const repetitions = rounds.reduce((sum, r) => sum + r.repetitions, 0);
    return (repetitions * operations) / Math.max(...rounds.map((r) => r.elapsed)) / 1e6;
  };
  try {
    await together(workers); // Not counted: the engine compiles during this round.
    const best = { one: 0, all: 0 };
    for (let r = 0; r < ROUNDS; r++) {
      best.one = Math.max(best.one, await together(workers.slice(0, 1)));
      best.all = Math.max(best.all, await together(workers));
    }
    return best;
  } finally {
    await Promise.all(workers.map((w) => w.terminate()));
  }
}
