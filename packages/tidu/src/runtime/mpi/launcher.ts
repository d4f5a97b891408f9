// Finds what started this process: mpirun, srun or neither. A library of another family would seem to work, as n jobs
// of one process each.
import { DeviceError } from "../../base/errors.js";
import { nodeModules } from "../../base/node.js";

/** How a process was started. */
export interface Launch {
  /** The launcher's name, for messages. */
  readonly by: string;
  /** The family of libraries that understands the launcher. */
  readonly family: "openmpi" | "mpich";
  /** The number of processes that it says it started. */
  readonly processes: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const count = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/**
 * How this process was started; undefined where it was started alone.
 *
 * @throws DeviceError where a launcher started several, but not as parts of one MPI job.
 */
export function launch(env: Environment = process.env): Launch | undefined {
  const tasks = count(env.SLURM_STEP_NUM_TASKS ?? env.SLURM_NTASKS);
  if (env.OMPI_COMM_WORLD_SIZE !== undefined)
    return { by: "Open MPI's mpirun", family: "openmpi", processes: count(env.OMPI_COMM_WORLD_SIZE) };
  if (env.PMIX_RANK !== undefined)
    return { by: env.SLURM_PROCID === undefined ? "PMIx" : "srun (pmix)", family: "openmpi", processes: tasks };
  if (env.PMI_RANK !== undefined || env.PMI_FD !== undefined) {
    const slurm = env.SLURM_PROCID !== undefined && env.HYDI_CONTROL_FD === undefined;
    return { by: slurm ? "srun (pmi2)" : "MPICH's mpiexec", family: "mpich", processes: count(env.PMI_SIZE) ?? tasks };
  }
  if (env.SLURM_PROCID !== undefined && Number(env.SLURM_STEP_NUM_TASKS ?? 1) > 1) {
    throw new DeviceError(
      `mpi: srun started ${env.SLURM_STEP_NUM_TASKS} processes that know nothing of each other; give srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH)`,
    );
  }
  return undefined;
}

/**
 * What is wrong where npm has closed the file descriptors that a launcher leaves open for its processes, which are sockets.
 * Node opens files of its own under such a number.
 */
export function cutOff(descriptor = process.env.PMI_FD): DeviceError | undefined {
  const fs = nodeModules()?.("node:fs");
  if (descriptor === undefined || fs === undefined || isSocket(fs, Number(descriptor))) return undefined;
  return new DeviceError(
    "mpi: the file descriptors that MPICH's mpiexec opens for its processes were closed on the way, as npx does; start node_modules/.bin/tidu or node itself instead",
  );
}

function isSocket(fs: typeof import("node:fs"), descriptor: number): boolean {
  try {
    return fs.fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}

/**
 * Whether mpirun or srun started this process as part of an MPI job, which `mpi()` can then join.
 *
 * @throws DeviceError as `mpi()` does, where a launcher started several processes that are not one MPI job.
 *
 * @example
 * ```ts
 * import { isLaunched } from "tidu/mpi";
 *
 * // With `mpirun -np 4 node app.js` it is true in each of four processes.
 * console.log(isLaunched()); // false
 * ```
 */
export const isLaunched = (): boolean => launch() !== undefined;
