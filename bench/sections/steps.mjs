// Measures whole training steps of every workload on Tidu's devices, beside the peers.
import { agreement, TOLERANCE } from "../lib/agreement.mjs";
import { measure } from "../lib/rounds.mjs";
import { describeRow, stepTable } from "../lib/step-table.mjs";
import { digits, table } from "../lib/table.mjs";
import { DEVICES } from "../systems/index.mjs";
import { workload } from "../workloads.mjs";

/** @typedef {import("../lib/rounds.mjs").Result} Result */
/** @typedef {import("../workloads.mjs").Workload} Workload */

/** @param {Workload} work */
const label = ({ name, batch, inference }) => `${name} (${batch}${inference ? ", forward only" : ""})`;

/**
 * @param {string} name
 * @param {import("../run.mjs").Context} context
 */
async function stepOf(name, { options, peers, machine }) {
  const work = workload(name);
  const own = Object.values(DEVICES).filter((d) => options.devices.includes(d.name));
  const results = await measure([...own, ...peers], { task: "steps", workload: work }, options);
  const [reference] = results;
  if (reference.unsupported !== undefined) throw new Error(`${name}: ${reference.unsupported}`);
  const systems = results.map((result, i) => ({
    ...result,
    own: i < own.length,
    loss: result.unsupported === undefined ? agreement(work, reference.about[0], result.about).text : "",
  }));
  return {
    name,
    label: label(work),
    date: new Date().toISOString(),
    machine: { cpu: machine.cpu, node: machine.node },
    systems,
  };
}

/** @typedef {Awaited<ReturnType<typeof stepOf>>} Row */

/** @type {import("../run.mjs").Section} */
export async function steps(context) {
  const { options, tell } = context;
  tell(
    [
      `Whole steps in milliseconds; medians of ${options.rounds} rounds of ${options.seconds} s, and the shortest step.`,
      "A ratio is the time of the fastest peer by Tidu's in the same round, with its range; above 1 Tidu is faster.",
      `Losses from the same weights count as the same within ${TOLERANCE} of the loss before the first step.\n`,
    ].join("\n"),
  );
  /** @type {Row[]} */
  const rows = [];
  for (const name of options.only) {
    const row = await stepOf(name, context);
    rows.push(row);
    for (const line of describeRow(row)) tell(line);
  }
  tell(`\n${table(stepTable(rows, digits))}`);
  return rows;
}
