// What is asked of processes that compute together. `runtime/mpi` does it by MPI; one process alone needs none.

/** A process among others, each with a number from 0. What it sends has arrived when a call returns; all make the same calls. */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** The host of each process. */
  readonly hosts: readonly string[];
  /** Bytes that this process has sent to others for sums. */
  readonly sent: number;
  /**
   * Sends each process its part of `give`, and puts the parts that it gets from each one after the other into `take`. Both
   * must lie in shared memory, whose place does not change.
   */
  exchange(give: Float32Array, giveCounts: readonly number[], take: Float32Array, takeCounts: readonly number[]): void;
  /** Gives every process everyone's `part`, one after the other, in `all`. */
  collect(part: Float32Array, all: Float32Array, counts: readonly number[]): void;
  /** Everyone's bytes. */
  gather(bytes: Uint8Array): Uint8Array[];
  /** Whether somebody says so. */
  any(flag: boolean): boolean;
}
