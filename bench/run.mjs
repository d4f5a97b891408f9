// `npm run bench [-- SECTION… --only … --devices … --peers … --rounds … --seconds … --json FILE]`; docs/benchmarks.md says how.
import { writeFileSync } from "node:fs";
import { describeMachine, machineText } from "./lib/machine.mjs";
import { parseOptions } from "./options.mjs";
import { growth } from "./sections/growth.mjs";
import { kernels } from "./sections/kernels.mjs";
import { memory } from "./sections/memory.mjs";
import { scaling } from "./sections/scaling.mjs";
import { size } from "./sections/size.mjs";
import { start } from "./sections/start.mjs";
import { steps } from "./sections/steps.mjs";
import { findPeers } from "./systems/index.mjs";

/**
 * A section measures one thing, prints the result and returns its numbers.
 *
 * @typedef {object} Context
 * @property {import("./options.mjs").Options} options
 * @property {import("./lib/machine.mjs").Machine} machine
 * @property {readonly import("./lib/rounds.mjs").System[]} peers
 * @property {(line: string) => void} tell
 * @typedef {(context: Context) => Promise<unknown>} Section
 */

/** @type {Record<string, Section>} */
const SECTIONS = { steps, kernels, scaling, start, memory, growth, size };

const tell = (/** @type {string} */ line) => console.log(line);

function readOptions() {
  try {
    return parseOptions(process.argv.slice(2), Object.keys(SECTIONS));
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exit(1);
  }
}

const options = readOptions();
const machine = await describeMachine();
tell(machineText(machine));
const peers = findPeers(options.peers, machine, tell);
/** @type {Record<string, unknown>} */
const results = {};
for (const name of options.sections) {
  tell("");
  results[name] = await SECTIONS[name]({ options, machine, peers, tell });
}
if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify({ machine, options, results }, null, 2)}\n`);
  tell(`\nAll numbers are in ${options.json}`);
}
