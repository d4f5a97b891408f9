// Shows rows of measured steps as lines and as one table, right after measuring or later from files of results.
import { median, spread } from "./statistics.mjs";
import { digits, ratioText } from "./table.mjs";

/** @typedef {import("../sections/steps.mjs").Row} Row */
/** @typedef {Row["systems"][number]} Measured */

/** @param {Row} row */
const peersOf = ({ systems }) => systems.filter((s) => !s.own && s.rounds.length > 0);

/**
 * How many times as long the fastest of these peers took, for each round; undefined without a peer.
 *
 * @param {Measured} own
 * @param {readonly Measured[]} peers
 */
export function against(own, peers) {
  if (peers.length === 0 || own.rounds.length === 0) return undefined;
  return spread(own.rounds.map((mine, r) => Math.min(...peers.map((p) => p.rounds[r])) / mine));
}

/**
 * The results of each system.
 *
 * @param {Row} row
 */
export function describeRow(row) {
  const lines = row.systems.map((s) => {
    if (s.rounds.length === 0) return `  ${s.title} cannot: ${s.unsupported}`;
    const time = `${digits(median(s.rounds))} ms (shortest ${digits(s.min)})`;
    const { version } = s.about[0];
    return `  ${s.title}: ${time}, fastest with ${s.fastest}; losses ${s.loss}; ${version}`;
  });
  return [row.label, ...lines];
}

/** The systems that count for the best time of the peers: current ones that may use the whole machine. */
const FIELD = ["torch", "torch-compile", "jax"];

/**
 * One line for each row: all times, then the ratio of the best current peer's time to that of each of Tidu's devices.
 * The last line has the geometric means of the ratios.
 *
 * @param {readonly Row[]} rows
 * @param {(value: number) => string} show
 */
export function stepTable(rows, show) {
  const all = [...new Map(rows.flatMap((r) => r.systems.map((s) => [s.name, s]))).values()];
  const own = all.filter((s) => s.own);
  const field = (/** @type {Row} */ row) => peersOf(row).filter((p) => FIELD.includes(p.name));
  /** @type {number[][]} */
  const ratios = own.map(() => []);
  const lines = rows.map((row) => {
    const times = all.map(({ name }) => {
      const s = row.systems.find((x) => x.name === name);
      return s === undefined || s.rounds.length === 0 ? "–" : show(median(s.rounds));
    });
    const compared = own.map(({ name }, i) => {
      const s = row.systems.find((x) => x.name === name);
      const ratio = s && against(s, field(row));
      if (ratio === undefined) return "–";
      ratios[i].push(ratio.median);
      return ratioText(ratio);
    });
    return [row.label, ...times, ...compared];
  });
  const mean = (/** @type {readonly number[]} */ list) =>
    list.length === 0 ? "–" : `${digits(Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length))}x`;
  const head = ["step (batch)", ...all.map((s) => s.title), ...own.map((s) => `best / ${s.title}`)];
  return [head, ...lines, ["geometric mean", ...all.map(() => ""), ...ratios.map(mean)]];
}
