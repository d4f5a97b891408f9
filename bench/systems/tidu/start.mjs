import { say } from "../../lib/serve.mjs";
import { timeEngine } from "./engine.mjs";

/**
 * Milliseconds from the start of a fresh process to the first finished step; then for two more steps, and for the same
 * network again, whose program is cached by then.
 *
 * @param {{ device?: "wasm" | "native", workload: import("../../workloads.mjs").Workload }} job
 */
export async function start({ device, workload }) {
  const processor = process.cpuUsage();
  const times = [performance.now()];
  const lap = () => {
    times.push(performance.now());
    return times[times.length - 1] - times[times.length - 2];
  };
  const { batchTensors, build } = await import("./network.mjs");
  const importing = lap();
  if (device === "native") await (await import("./device.mjs")).useDevice({ device });
  const making = lap();
  const { step } = build(workload);
  const { x, t } = await batchTensors(workload);
  const building = lap();
  const engine = timeEngine();
  step.prepare(x, t);
  const compiling = lap();
  await (await step(x, t)).item();
  const running = lap();
  const total = times[5] - times[0];
  const { user, system } = process.cpuUsage(processor);
  await (await step(x, t)).item();
  const runningAgain = lap();
  await (await step(x, t)).item();
  const third = lap();
  const second = build(workload);
  lap();
  second.step.prepare(x, t);
  say({
    total,
    processor: (user + system) / 1000,
    importing,
    making,
    building,
    compiling,
    engine: engine.milliseconds,
    running,
    runningAgain,
    third,
    again: lap(),
  });
  process.exit(0);
}
