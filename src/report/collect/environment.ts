import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import { WasmDevice } from "../../runtime/wasm/device.js";
import { hasRelaxedSimd } from "../../runtime/wasm/features.js";
import { device } from "../../tensor/realizer.js";
import type { Environment } from "../data.js";

/** What the network runs on. */
export function findEnvironment(): Environment {
  const engine = device();
  return {
    node: process.versions.node,
    platform: `${type()} ${release()}, ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    threads: engine instanceof WasmDevice ? engine.threads : undefined,
    fusedMultiplyAdd: usesFusedMultiplyAdd(),
  };
}

/** Whether the engine in use adds and multiplies in one rounding. */
export function usesFusedMultiplyAdd(): boolean {
  const engine = device();
  return engine instanceof WasmDevice && engine.options.portable !== true && hasRelaxedSimd();
}
