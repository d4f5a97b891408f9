// The interface of processes that compute together. `runtime/mpi` implements it by MPI; a single process needs none.

/** A process among others, each with a number from 0. What it sends has arrived when a call returns; all make the same calls. */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** The host of each process. */
  readonly hosts: readonly string[];
  /** Bytes that this process has sent to others for sums. */
  readonly sent: number;
  /**
   * Sends each process its part of `give`, and writes the received parts in rank order into `take`. Both must be shared
   * memory, which does not move.
   */
  exchange(give: Float32Array, giveCounts: readonly number[], take: Float32Array, takeCounts: readonly number[]): void;
  /** Gathers the parts of all processes in each of them; several collections are in progress at once. */
  collect(...collections: readonly Collection[]): void;
  /** The bytes of every process. */
  gather(bytes: Uint8Array): Uint8Array[];
  /** Whether `flag` is true in any process. */
  any(flag: boolean): boolean;
}

/** A value of every process, as JSON; all must call it. */
export const gatherJson = <T>(among: Pick<Communicator, "gather">, mine: T): T[] =>
  among.gather(new TextEncoder().encode(JSON.stringify(mine))).map((b) => JSON.parse(new TextDecoder().decode(b)) as T);

/** A part of each process, of so many elements, and where all stand one after the other. */
export interface Collection {
  readonly part: Float32Array;
  readonly all: Float32Array;
  readonly counts: readonly number[];
}
