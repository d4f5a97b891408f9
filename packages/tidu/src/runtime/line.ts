// Does a device's work in the order in which it was asked for, also where some of it has to wait for memory.
import { MemoryError } from "../base/errors.js";
import { pressure } from "./collector.js";

/** So often garbage is collected for one piece of work: what was marked as alive before it was dropped survives once. */
const COLLECTIONS = 3;

/**
 * Work is done at once as long as there is memory for it. Where there is not, garbage is collected first and what is
 * asked for meanwhile waits behind it.
 */
export class Line {
  #last: Promise<unknown> | undefined;

  /** Whether what is asked for now has to wait. */
  get waits(): boolean {
    return this.#last !== undefined;
  }

  /**
   * @param work has no effect if it throws a MemoryError, so that it can be done again.
   * @throws MemoryError if what is reachable leaves no room.
   */
  do<T>(work: () => T): T | Promise<T> {
    if (this.#last !== undefined) return this.#after(this.#last, work);
    try {
      return work();
    } catch (error) {
      return this.#after(collectFor(error), work);
    }
  }

  #after<T>(before: Promise<unknown>, work: () => T): Promise<T> {
    const mine = before.then(() => withRoom(work));
    const ended = () => {
      if (this.#last === done) this.#last = undefined;
    };
    const done = mine.then(ended, ended);
    this.#last = done;
    return mine;
  }
}

/** Has garbage collected where an error says that there is too much of it. */
function collectFor(error: unknown): Promise<void> {
  if (error instanceof MemoryError) return pressure.collect();
  throw error;
}

async function withRoom<T>(work: () => T): Promise<T> {
  for (let i = 1; i < COLLECTIONS; i++) {
    try {
      return work();
    } catch (error) {
      await collectFor(error);
    }
  }
  return work();
}
