// What processes first tell each other: their host, and the versions that they run.
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";

/** A process's description of itself. */
export interface Hello {
  readonly host: string;
  readonly node: string;
  /** Digest of Tidu's own code. */
  readonly code: string;
  /** Numbers of the processors that it may use, as Linux lists them. */
  readonly processors: string;
}

/** Throws DeviceError unless all run the same. */
export function checkSame(all: readonly Hello[]): void {
  const what = { node: "Node", code: "Tidu's code" };
  for (const key of ["node", "code"] as const) {
    const other = all.findIndex((hello) => hello[key] !== all[0][key]);
    if (other < 0) continue;
    const name = (rank: number) => `rank ${rank} on ${all[rank].host} has ${all[rank][key].slice(0, 12)}`;
    throw new DeviceError(
      `mpi: the processes differ in ${what[key]}: ${name(0)}, ${name(other)}; install the same version on all hosts`,
    );
  }
}

/** A digest of the files that this module lies among. */
export function codeOf(): string {
  const modules = needNodeModules("mpi", "");
  const [fs, path, { fileURLToPath }] = [modules("node:fs"), modules("node:path"), modules("node:url")];
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const hash = modules("node:crypto").createHash("sha256");
  for (const name of fs.readdirSync(folder).sort())
    if (/\.c?js$/.test(name)) hash.update(name).update(fs.readFileSync(path.join(folder, name)));
  return hash.digest("hex");
}

/** Linux's list of processors that this process may use, such as "0-3,8"; empty elsewhere. */
export function processorList(): string {
  try {
    const text = needNodeModules("mpi", "")("node:fs").readFileSync("/proc/self/status", "utf8");
    return /^Cpus_allowed_list:\s*(\S+)/m.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}

/** The numbers in such a list. */
const numbersIn = (list: string): Set<number> =>
  new Set(
    list.split(",").flatMap((part) => {
      const [from, to = from] = part.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    }),
  );

/**
 * Threads for a process: what it may use, divided among the processes of its host that may use the same, and at least 1.
 *
 * @param own processors that it can use at once.
 */
export function threadsFor(all: readonly Hello[], rank: number, own: number): number {
  const mine = numbersIn(all[rank].processors);
  const sharing = all.filter(
    ({ host, processors }) =>
      host === all[rank].host && (mine.size === 0 || [...numbersIn(processors)].some((n) => mine.has(n))),
  );
  return Math.max(1, Math.floor(own / sharing.length));
}
