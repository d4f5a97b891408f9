import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import { device } from "tidu";
import type { Environment } from "../data.js";

/** The device and machine that the network runs on. */
export function findEnvironment(): Environment {
  const { name, threads, fusedMultiplyAdd = false }: About = device();
  return {
    node: process.versions.node,
    platform: `${type()} ${release()}, ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    device: name,
    threads,
    fusedMultiplyAdd,
  };
}

/** What devices say of themselves; those that have no threads do not. */
interface About {
  readonly name: string;
  readonly threads?: number;
  readonly fusedMultiplyAdd?: boolean;
}
