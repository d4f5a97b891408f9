// Does a device's work in the order in which it was asked for, also where some of it has to wait for memory.
import { MemoryError } from "../base/errors.js";
import { pressure } from "./collector.js";

/** So often garbage is collected for one piece of work: what was marked as alive before it was dropped survives once. */
const COLLECTIONS = 3;

/**
 * Work is done at once as long as there is memory for it and none before it is under way. Where there is no memory, garbage
 * is collected first; what is asked for meanwhile, or while work has not ended, waits behind it.
 */
export class Line {
  #last: Promise<unknown> | undefined;
  /** Data that are to be put somewhere when they have come, for the program that is asked for next. */
  #coming: Promise<void>[] = [];

  /** Whether what is asked for now has to wait. */
  get waits(): boolean {
    return this.#last !== undefined;
  }

  /**
   * @param work has no effect if it throws a MemoryError, so that it can be done again.
   * @throws MemoryError if what is reachable leaves no room.
   */
  do<T>(work: () => T | Promise<T>): T | Promise<T> {
    if (this.#last !== undefined) return this.#after(this.#last, work);
    try {
      const result = work();
      if (!(result instanceof Promise)) return result;
      return this.#await(result.catch((error) => collectFor(error).then(() => withRoom(work))));
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
      return this.#after(pressure.collect(), work);
    }
  }

  /** As `do`, for a program, which fails if data for it did not come. */
  run<T, A>(work: (on: A) => T | Promise<T>, on: A): T | Promise<T> {
    const coming = this.#coming;
    if (coming.length > 0) {
      this.#coming = [];
      return this.do(() => Promise.all(coming).then(() => work(on)));
    }
    return this.do(() => work(on));
  }

  /** Puts data somewhere, which may still be on their way. */
  write<A extends { slice(): A }>(data: A | Promise<A>, put: (data: A) => void): void {
    if (!(data instanceof Promise)) {
      if (this.#last === undefined) return put(data);
      // The caller may use them again before their turn comes.
      const copy = data.slice();
      return void this.do(() => put(copy));
    }
    const putting = this.do(async () => put(await data)) as Promise<void>;
    putting.catch(() => {});
    this.#coming.push(putting);
  }

  #after<T>(before: Promise<unknown>, work: () => T | Promise<T>): Promise<T> {
    return this.#await(before.then(() => withRoom(work)));
  }

  #await<T>(mine: Promise<T>): Promise<T> {
    const ended = () => {
      if (this.#last === done) this.#last = undefined;
    };
    const done = mine.then(ended, ended);
    this.#last = done;
    return mine;
  }
}

/** Has garbage collected where an error says that there is too much of it. */
async function collectFor(error: unknown): Promise<void> {
  if (error instanceof MemoryError) return pressure.collect();
  throw error;
}

async function withRoom<T>(work: () => T | Promise<T>): Promise<T> {
  for (let i = 1; i < COLLECTIONS; i++) {
    try {
      return await work();
    } catch (error) {
      await collectFor(error);
    }
  }
  return work();
}
