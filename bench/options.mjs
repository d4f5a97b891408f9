// Reads the command line of the benchmark.
import { parseArgs } from "node:util";
import { DEVICES, PEERS } from "./systems/index.mjs";
import { isWorkload, workloadNames } from "./workloads.mjs";

/**
 * @typedef {object} Options
 * @property {readonly string[]} sections
 * @property {readonly string[]} only names of workloads
 * @property {readonly string[]} peers
 * @property {readonly string[]} devices Tidu's own
 * @property {number} rounds
 * @property {number} seconds of one round of one system
 * @property {string} [lock] a command that reserves the machine while rounds run
 * @property {string} [json] file for all numbers
 */

/**
 * @param {string} option
 * @param {string} text
 * @param {readonly string[]} known
 * @param {(name: string) => boolean} isKnown
 */
function names(option, text, known, isKnown = (name) => known.includes(name)) {
  const list = text.split(",").filter((name) => name !== "");
  const strange = list.find((name) => !isKnown(name));
  if (strange === undefined) return list;
  throw new Error(`${option}: "${strange}" is not known; there are ${known.join(", ")}`);
}

/**
 * @param {string} option
 * @param {string} text
 */
function positive(option, text) {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`${option}: "${text}" is not a number above 0`);
}

/**
 * The workloads of "7" or "1-20".
 *
 * @param {string} text
 */
function randoms(text) {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first <= last)) throw new Error(`--random: "${text}" is not a seed, such as 7, or seeds, such as 1-20`);
  return Array.from({ length: last - first + 1 }, (_, i) => `random:${first + i}`);
}

/**
 * @param {readonly string[]} args
 * @param {readonly string[]} sections all known sections; the first one is the default
 * @returns {Options}
 */
export function parseOptions(args, sections) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string", default: workloadNames.join(",") },
      random: { type: "string" },
      peers: { type: "string", default: "torch,torch-compile,jax,torch-debian" },
      devices: { type: "string", default: Object.keys(DEVICES).join(",") },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "0.3" },
      lock: { type: "string" },
      json: { type: "string" },
    },
  });
  return {
    sections: positionals.length === 0 ? [sections[0]] : names("section", positionals.join(","), sections),
    only:
      values.random === undefined ? names("--only", values.only, workloadNames, isWorkload) : randoms(values.random),
    peers: values.peers === "none" ? [] : names("--peers", values.peers, Object.keys(PEERS)),
    devices: names("--devices", values.devices, Object.keys(DEVICES)),
    rounds: Math.ceil(positive("--rounds", values.rounds)),
    seconds: positive("--seconds", values.seconds),
    lock: values.lock,
    json: values.json,
  };
}
