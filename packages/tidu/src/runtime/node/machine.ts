// The processors and memory that this process may use. A container may have less than the machine, as Linux's control
// groups say (cgroups(7)): limits are files in folders, and those of all parent folders hold, too.
import { nodeModules } from "../../base/node.js";

/** Reads a small text file; undefined if that is not possible. */
export type ReadText = (path: string) => string | undefined;

const readText: ReadText = (path) => {
  try {
    return nodeModules()?.("node:fs").readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

const ROOT = "/sys/fs/cgroup";

/**
 * The contents of a file in all groups of this process, in the first version of control groups (by `controller`) or the
 * second.
 */
function* entries(read: ReadText, file: string, controller = ""): Generator<string> {
  for (const line of (read("/proc/self/cgroup") ?? "").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined || !controllers.split(",").includes(controller)) continue;
    const parts = path.split("/").filter((part) => part !== "");
    for (let depth = parts.length; depth >= 0; depth--) {
      const text = read([ROOT, controllers, ...parts.slice(0, depth), file].filter((p) => p !== "").join("/"));
      if (text !== undefined) yield text;
    }
  }
}

/** Processor time that this process may use, in processors; infinite where nothing limits it. */
export function processorQuota(read: ReadText = readText): number {
  let least = Number.POSITIVE_INFINITY;
  const note = (quota: number, period: number): void => {
    if (quota > 0 && period > 0) least = Math.min(least, quota / period);
  };
  for (const text of entries(read, "cpu.max")) {
    const [quota, period] = text.split(" ").map(Number);
    note(quota, period);
  }
  const quotas = [...entries(read, "cpu.cfs_quota_us", "cpu")];
  const periods = [...entries(read, "cpu.cfs_period_us", "cpu")];
  quotas.forEach((quota, i) => void note(Number(quota), Number(periods[i])));
  return least;
}

/**
 * With less address space than this, the addresses that each thread of an engine reserves do not fit, and the process
 * would be killed.
 */
const ADDRESSES_FOR_THREADS = 2 ** 34;

/** Bytes of addresses that the process may reserve (ulimit -v); infinite where nothing limits them. */
function addressSpace(read: ReadText): number {
  const [, soft] = /^Max address space +(\d+)/m.exec(read("/proc/self/limits") ?? "") ?? [];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Processors that this process can use at once, at least 1. */
export function processors(read: ReadText = readText): number {
  const cores = nodeModules()?.("node:os").availableParallelism() ?? 1;
  if (addressSpace(read) < ADDRESSES_FOR_THREADS) return 1;
  return Math.max(1, Math.min(cores, Math.floor(processorQuota(read))));
}

/** Bytes of memory that this process can have; infinite where nothing says so. */
export function memoryGiven(read: ReadText = readText): number {
  const limits = [...entries(read, "memory.max"), ...entries(read, "memory.limit_in_bytes", "memory")].map(Number);
  const total = nodeModules()?.("node:os").totalmem() ?? Number.POSITIVE_INFINITY;
  return Math.min(total, ...limits.filter((bytes) => bytes > 0));
}
