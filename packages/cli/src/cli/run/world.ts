// The processes that a command trains in, where mpirun or srun started it: one leads, shows and writes; the others compute.
import type { World } from "tidu/mpi";
import { EXIT, endingOf, Interrupted } from "../exit.js";
import { visible } from "../ui/terminal.js";

/**
 * How long other ranks wait before they report an error, in milliseconds. Mostly all have the same error, which rank 0
 * then reports before it ends all.
 */
const FIRST = 500;

/** The processes; undefined where the command was started alone. */
export async function openWorld(): Promise<World | undefined> {
  const { isLaunched, mpi } = await import("tidu/mpi");
  return isLaunched() ? mpi() : undefined;
}

/** Whether this process shows and writes. */
export const leads = (world: World | undefined): boolean => world === undefined || world.rank === 0;

/** Rank 0's result, as JSON values, for all processes. */
export async function fromFirst<T>(world: World | undefined, body: () => Promise<T>): Promise<T> {
  if (world === undefined) return body();
  const mine = leads(world) ? JSON.stringify(await body()) : "";
  const [first] = world.gather(new TextEncoder().encode(mine));
  return JSON.parse(new TextDecoder().decode(first)) as T;
}

/** Runs a command in all processes: an error in one ends all, and says where it was. */
export async function inWorld(body: (world: World | undefined) => Promise<void>): Promise<void> {
  const world = await openWorld();
  if (world === undefined) return body(undefined);
  try {
    await body(world);
  } catch (error) {
    // All stop at the same step.
    if (!(error instanceof Interrupted)) return fail(world, error);
    process.exitCode = EXIT[error.signal];
    // Open MPI's mpirun, once it has heard a signal, lets nobody come to the end.
    if (leads(world)) console.error(visible(`tidu: ${error.message}`));
    await world.close();
    throw new Interrupted(error.signal);
  }
  await world.close();
}

async function fail(world: World, error: unknown): Promise<void> {
  const { code, message } = ending(error);
  if (!leads(world)) await new Promise((next) => setTimeout(next, FIRST));
  console.error(visible(`tidu: rank ${world.rank} on ${world.host}: ${message}`));
  world.abort(code);
  process.exit(code);
}

function ending(error: unknown): { code: number; message: string } {
  try {
    const { code, message = "" } = endingOf(error);
    return { code, message };
  } catch {
    return { code: 1, message: (error as Error)?.stack ?? String(error) };
  }
}
