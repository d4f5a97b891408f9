// Whole steps of every workload, beside the peers.
import { agreement, TOLERANCE } from "../lib/agreement.mjs";
import { measure, ratio } from "../lib/rounds.mjs";
import { median } from "../lib/statistics.mjs";
import { digits, ratioText, table } from "../lib/table.mjs";
import { TIDU } from "../systems/index.mjs";
import { workload } from "../workloads.mjs";

/** @typedef {import("../lib/rounds.mjs").Result} Result */
/** @typedef {import("../workloads.mjs").Workload} Workload */

/** @param {Workload} work */
const label = ({ name, batch, inference }) => `${name} (${batch}${inference ? ", forward only" : ""})`;

/**
 * @param {Workload} work
 * @param {Result} own
 * @param {Result} peer
 */
function compare(work, own, peer) {
  const { name, title, unsupported, refusals, rounds, fastest, about } = peer;
  if (unsupported !== undefined) return { name, title, unsupported, refusals };
  const loss = agreement(work, own.about[0], about);
  return { name, title, refusals, milliseconds: median(rounds), rounds, fastest, ratio: ratio(own, peer), loss, about };
}

/**
 * @param {string} name
 * @param {import("../run.mjs").Context} context
 */
async function stepOf(name, { options, peers }) {
  const work = workload(name);
  const [own, ...others] = await measure([TIDU, ...peers], { task: "steps", workload: work }, options);
  if (own.unsupported !== undefined) throw new Error(`${name}: ${own.unsupported}`);
  const { rounds, about } = own;
  const compared = others.map((peer) => compare(work, own, peer));
  return { name, label: label(work), milliseconds: median(rounds), rounds, about, peers: compared };
}

/** @typedef {Awaited<ReturnType<typeof stepOf>>} Row */

/** @param {Row} row */
function lines({ label, milliseconds, peers }) {
  const own = [label, `${digits(milliseconds)} ms`];
  const compared = peers.flatMap((p) =>
    p.unsupported === undefined
      ? [[...own, p.title, `${digits(p.milliseconds)} ms`, ratioText(p.ratio), p.fastest, p.loss.text]]
      : [],
  );
  return compared.length > 0 ? compared : [[...own, "", "", "", "", ""]];
}

/**
 * Which peers, or which of their ways to run, cannot do a workload, and why.
 *
 * @param {Row} row
 */
const refusals = ({ label, peers }) =>
  peers.flatMap((p) => p.refusals.map((why) => `${label}  ${p.title} cannot: ${why}`));

/** @param {readonly Row[]} rows */
function versions(rows) {
  const seen = new Set();
  const note = (/** @type {string} */ title, /** @type {readonly import("../lib/child.mjs").About[]} */ about) =>
    about.forEach(({ version, threads }) => seen.add(`${title}: ${version}, threads: ${threads}`));
  for (const { about, peers } of rows) {
    note("Tidu", about);
    for (const p of peers) if (p.about !== undefined) note(p.title, p.about);
  }
  return [...seen].join("\n");
}

/** @type {import("../run.mjs").Section} */
export async function steps(context) {
  const { options, tell } = context;
  tell(
    [
      `Whole steps; medians of ${options.rounds} rounds of ${options.seconds} s.`,
      "The ratio is the peer's time by Tidu's in the same round, with its range; above 1 Tidu is faster.",
      `Losses from the same weights count as the same within ${TOLERANCE} of their value.\n`,
    ].join("\n"),
  );
  /** @type {Row[]} */
  const rows = [];
  for (const name of options.only) {
    const row = await stepOf(name, context);
    rows.push(row);
    for (const line of lines(row)) tell(line.filter((cell) => cell !== "").join("  "));
    for (const line of refusals(row)) tell(line);
  }
  const head = ["step (batch)", "Tidu", "peer", "its time", "ratio (range)", "fastest with", "loss"];
  const parts = [table([head, ...rows.flatMap(lines)]), rows.flatMap(refusals).join("\n"), versions(rows)];
  tell(`\n${parts.filter((part) => part !== "").join("\n\n")}`);
  return rows;
}
