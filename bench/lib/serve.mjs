// The side of a measured system: says what it is, then runs rounds as it is told to (lib/child.mjs is the other side).
import { createInterface } from "node:readline";
import { median } from "./statistics.mjs";

/** Time between two turns of the event loop, in which memory of collected values is given back; not measured. */
const TURN_MS = 50;

/** @param {object} value */
export const say = (value) => void process.stdout.write(`${JSON.stringify(value)}\n`);

const turn = () => new Promise((done) => setImmediate(done));

/**
 * @param {() => unknown} step one step, or the promise of its end
 * @param {number} seconds
 * @returns {Promise<import("./child.mjs").Round>}
 */
async function round(step, seconds) {
  const times = [];
  const end = performance.now() + seconds * 1000;
  for (let now = performance.now(); now < end; now = performance.now()) {
    for (const pause = now + TURN_MS; now < pause; ) {
      await step();
      const then = performance.now();
      times.push(then - now);
      now = then;
    }
    await turn();
  }
  return { median: median(times), min: times.reduce((p, q) => Math.min(p, q)), steps: times.length };
}

/**
 * Measures until the other side has heard enough.
 *
 * @param {import("./child.mjs").About} about
 * @param {() => unknown} step
 */
export async function serve(about, step) {
  say(about);
  for await (const line of createInterface({ input: process.stdin })) say(await round(step, Number(line)));
  process.exit(0);
}
