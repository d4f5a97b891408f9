// The environment's abilities beyond those of a page: of Node, and of runtimes like it (node/host.ts).

/**
 * Sends `message` to a new thread that runs worker.js; calls `failed` with the reason if it cannot start or ends by
 * itself. Throws where threads cannot be started.
 */
export type ThreadStarter = (message: object, failed: (reason: unknown) => void) => Thread;

export interface Thread {
  /** Ends the thread, whatever it is doing. */
  terminate(): unknown;
  /** Whether it still runs, as far as that can be known at once. */
  alive?(): boolean;
}

/** The abilities of a process. */
export interface Host {
  readonly startThread: ThreadStarter;
  /** Processors that it can use at once, at least 1. */
  processors(): number;
  /** Bytes of memory that it can have. */
  memory(): number;
  /** Collects garbage if that can be requested here; returns whether it can. */
  collect(): boolean;
  /** Why a call of the system failed, in plain words; `missing` where there is nothing by that name. */
  systemReason(cause: unknown, missing?: string): string;
}

/** The host of this process, if there is one. Pages have none, and need not load it. */
export const host: { here?: Host } = {};

/** Processors that can be used at once, as far as that is known. */
export const processors = (): number => host.here?.processors() ?? globalThis.navigator?.hardwareConcurrency ?? 1;

/** Why a call of the system failed. */
export const systemReason = (cause: unknown, missing?: string): string =>
  host.here?.systemReason(cause, missing) ?? (cause as Error).message;

/** Bytes of memory that there can be; infinite where nothing says so. */
export const memoryGiven = (): number => host.here?.memory() ?? Number.POSITIVE_INFINITY;
