// Describes the machine, without which times mean nothing.
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { FUSED, multiplyAdds } from "./loops.mjs";
import { rates } from "./rate.mjs";

/**
 * @typedef {object} Machine
 * @property {string} cpu
 * @property {number} cores that this process may use
 * @property {number} load average number of processes ready to run in the minute before the measurement
 * @property {string} node
 * @property {boolean} fused whether WebAssembly has fused multiply-add here
 * @property {boolean} avx512
 * @property {number} gigaflops billions of operations per second, for multiply-adds in registers on one thread
 * @property {number} scaling how many times that rate all threads reach together: less than `cores` where some are
 *   hyperthreads of one core, or where others use the machine
 */

/** @returns {boolean} */
function hasAvx512() {
  try {
    return readFileSync("/proc/cpuinfo", "utf8").includes("avx512f");
  } catch {
    return false; // Not Linux: unknown, so no peer that needs it is offered.
  }
}

/** @returns {Promise<Machine>} */
export async function describeMachine() {
  const cores = availableParallelism();
  const [load] = loadavg();
  const { one, all } = await rates(multiplyAdds(), cores);
  return {
    cpu: cpus()[0].model,
    cores,
    load,
    node: process.versions.node,
    fused: FUSED,
    avx512: hasAvx512(),
    gigaflops: one,
    scaling: all / one,
  };
}

/** @param {Machine} machine */
export function machineText({ cpu, cores, load, node, fused, avx512, gigaflops, scaling }) {
  const simd = `128-bit ${fused ? "fused multiply-adds" : "multiplies and adds (no relaxed SIMD)"}`;
  return [
    `${cpu}, ${cores} cores${avx512 ? ", AVX-512" : ""}; load ${load.toFixed(1)}; Node ${node}`,
    `${simd} in registers: ${gigaflops.toFixed(1)} GFLOP/s on one thread, ${scaling.toFixed(2)}x on ${cores} at once`,
  ].join("\n");
}
