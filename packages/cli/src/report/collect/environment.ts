import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import { device, WasmDevice } from "tidu";
import type { Environment } from "../data.js";

/** What the network runs on. */
export function findEnvironment(): Environment {
  const engine = wasmDevice();
  return {
    node: process.versions.node,
    platform: `${type()} ${release()}, ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    threads: engine?.threads,
    fusedMultiplyAdd: engine?.fusedMultiplyAdd ?? false,
  };
}

/** The engine in use, if it is the usual one. */
export function wasmDevice(): WasmDevice | undefined {
  const engine = device();
  return engine instanceof WasmDevice ? engine : undefined;
}
