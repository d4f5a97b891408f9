// Reads the command line of the benchmark.
import { parseArgs } from "node:util";
import { DEVICES, PEERS } from "./systems/index.mjs";
import { workloadNames } from "./workloads.mjs";

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
 */
function names(option, text, known) {
  const list = text.split(",").filter((name) => name !== "");
  const strange = list.find((name) => !known.includes(name));
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
    only: names("--only", values.only, workloadNames),
    peers: values.peers === "none" ? [] : names("--peers", values.peers, Object.keys(PEERS)),
    devices: names("--devices", values.devices, Object.keys(DEVICES)),
    rounds: Math.ceil(positive("--rounds", values.rounds)),
    seconds: positive("--seconds", values.seconds),
    lock: values.lock,
    json: values.json,
  };
}
