// The measured system's side of the protocol: describes the system, then runs rounds on request. lib/child.mjs is the
// other side.
import { createInterface } from "node:readline";
import { median } from "./statistics.mjs";

/**
 * Milliseconds between turns of the event loop, which release the memory of collected values. A turn is not measured.
 */
const TURN_MS = 50;

/**
 * Beyond this many times, only every second one is kept, then every fourth, and so on, because the memory of the
 * process is measured, too.
 */
const MOST_TIMES = 65536;

/** @param {object} value */
export const say = (value) => void process.stdout.write(`${JSON.stringify(value)}\n`);

const turn = () => new Promise((done) => setImmediate(done));

/**
 * @param {() => unknown} step one step, or the promise of its end
 * @param {number} seconds
 * @returns {Promise<import("./child.mjs").Round>}
 */
async function round(step, seconds) {
  /** @type {number[]} */
  let times = [];
  let every = 1;
  let steps = 0;
  let min = Infinity;
  const end = performance.now() + seconds * 1000;
  for (let now = performance.now(); now < end; now = performance.now()) {
    for (const pause = now + TURN_MS; now < pause; ) {
      await step();
      const then = performance.now();
      min = Math.min(min, then - now);
      if (steps++ % every === 0) times.push(then - now);
      now = then;
    }
    if (times.length > MOST_TIMES) {
      times = times.filter((_, i) => i % 2 === 0);
      every *= 2;
    }
    await turn();
  }
  return { median: median(times), min, steps };
}

/**
 * Measures until the other side closes the connection.
 *
 * @param {import("./child.mjs").About} about
 * @param {() => unknown} step
 */
export async function serve(about, step) {
  say(about);
  for await (const line of createInterface({ input: process.stdin })) say(await round(step, Number(line)));
  process.exit(0);
}
