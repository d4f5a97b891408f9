// What Tidu runs in, where that can do more than a page can: Node, and what is like it (node/host.ts).

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

/** What a process can do. */
export interface Host {
  readonly startThread: ThreadStarter;
  /** Processors that it can use at once, at least 1. */
  processors(): number;
  /** Bytes of memory that it can have. */
  memory(): number;
  /** Has garbage collected if that can be asked for here; whether it can. */
  collect(): boolean;
}

/** The one of this process, if there is one. Pages do without, and need not load it. */
export const host: { here?: Host } = {};

/** Processors that can be used at once, as far as that is known. */
export const processors = (): number => host.here?.processors() ?? globalThis.navigator?.hardwareConcurrency ?? 1;

/** Bytes of memory that there can be; infinite where nothing says so. */
export const memoryGiven = (): number => host.here?.memory() ?? Number.POSITIVE_INFINITY;
