// Runs garbage collection for memory that JavaScript's collector cannot see. To it a tensor is a small object, even if
// it holds hundreds of megabytes of engine memory. Its finalizer frees them, but only after a collection, and as a task
// of its own, so never in a loop that only awaits computations.
import { turn } from "../base/turn.js";
import { host, memoryGiven } from "./host.js";

/** Something to be released once its owner is unreachable. It must not refer to its owner. */
export interface Held {
  release(): void;
}

const finalizers = new FinalizationRegistry<Held>((held) => held.release());

/** Releases `held` once `owner` has been collected. */
export const releaseWith = (owner: object, held: Held): void => {
  finalizers.register(owner, held);
};

/**
 * Buffers that are dropped at once make the collector run: their size, and the most that are made. They are never
 * touched.
 */
const BALLAST = 2 ** 28;
const TRIES = 2000;

/**
 * Makes and drops buffers until an unreachable object has been collected: after tens of them on a machine that is idle,
 * more where the collector's own threads have to wait for a processor.
 */
async function collect(): Promise<void> {
  let collected = host.here?.collect() === true;
  releaseWith({}, { release: () => (collected = true) });
  for (let i = 0; i < TRIES && !collected; i++) {
    try {
      new ArrayBuffer(BALLAST);
    } catch {
      new ArrayBuffer(BALLAST >> 5);
    }
    await turn();
  }
  // Engines run finalizers in tasks of their own, not all at once.
  for (let i = 0; i < 3; i++) await turn();
}

/** Bytes by which memory may grow before garbage is collected the first time, and at least between two times. */
const stride = (): number => Math.min(2 ** 28, memoryGiven() / 8);

/** Counts the bytes that the process holds and the collector cannot see, and says when to collect. */
class Pressure {
  #held = 0;
  #limit: number | undefined;
  #collecting: Promise<void> | undefined;

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }
  /** Whether memory has grown so much that collecting is worth its time. */
  get due(): boolean {
    return this.#held > (this.#limit ??= stride());
  }

  add(bytes: number): void {
    this.#held += bytes;
  }
  remove(bytes: number): void {
    this.#held -= bytes;
  }

  /** Collects garbage; calls meanwhile wait for the same collection. The next one is due when twice as much is held. */
  collect(): Promise<void> {
    this.#collecting ??= collect().finally(() => {
      this.#limit = this.#held + Math.max(this.#held, stride());
      this.#collecting = undefined;
    });
    return this.#collecting;
  }
}

/** The one of this process. */
export const pressure = new Pressure();
