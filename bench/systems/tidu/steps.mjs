// Runs a workload's steps in Tidu, to be timed.
import { serve } from "../../lib/serve.mjs";
import { useDevice } from "./device.mjs";
import { batchTensors, build } from "./network.mjs";

/** Number of first steps whose losses are compared between systems. */
const CHECKED = 4;

/**
 * Runs whole training steps, or forward passes whose scores are read.
 *
 * @param {{ workload: import("../../workloads.mjs").Workload } & import("./device.mjs").Wanted} job
 */
export async function steps({ workload, ...wanted }) {
  const used = await useDevice(wanted);
  const { net, step, evaluate } = build(workload);
  const { x, t } = await batchTensors(workload);
  const about = { ...used, evaluation: await (await evaluate(x, t)).item() };
  if (workload.inference) return serve(about, async () => (await net.predict(x)).data());
  const losses = [];
  for (let i = 0; i < CHECKED; i++) losses.push(await (await step(x, t)).item());
  return serve({ ...about, losses, arenaBytes: step.prepare(x, t).arenaBytes }, () => step(x, t));
}

/** For the memory of a process that has imported everything and does nothing. */
export const idle = () => serve({ version: `Node ${process.versions.node}`, threads: 0 }, () => {});
