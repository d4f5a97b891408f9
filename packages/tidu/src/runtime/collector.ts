// Has garbage collected whose size JavaScript's collector cannot see. A tensor is a small object there, though it may
// hold hundreds of megabytes of engine memory, which its finalizer gives back: that runs after a collection, and as a
// task of its own, so never in a loop that only awaits computations.
import { turn } from "../base/turn.js";
import { host, memoryGiven } from "./host.js";

/** Something to be given back once nobody can reach what it belongs to. It must not refer to that itself. */
export interface Held {
  release(): void;
}

const finalizers = new FinalizationRegistry<Held>((held) => held.release());

/** Gives `held` back once `owner` has been collected. */
export const releaseWith = (owner: object, held: Held): void => {
  finalizers.register(owner, held);
};

/** The collector is made to work by buffers that nobody keeps: so large, at most so many. They are never touched. */
const BALLAST = 2 ** 28;
const TRIES = 50;

/** Drops buffers until an object that nobody keeps has been collected. */
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

/** Bytes that may come to what is held before garbage is collected the first time, and at least between two times. */
const stride = (): number => Math.min(2 ** 28, memoryGiven() / 8);

/** Counts what the process holds that the collector cannot see, and says when it is time to collect. */
class Pressure {
  #held = 0;
  #limit: number | undefined;
  #collecting: Promise<void> | undefined;

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }
  /** Whether so much has come to be held that collecting is worth its time. */
  get due(): boolean {
    return this.#held > (this.#limit ??= stride());
  }

  add(bytes: number): void {
    this.#held += bytes;
  }
  remove(bytes: number): void {
    this.#held -= bytes;
  }

  /** Has garbage collected; several who ask meanwhile wait for the same. The next time is due when twice as much is held. */
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
