// Does a device's work in the order of the calls, even if some of it has to wait for memory.
import { MemoryError } from "../base/errors.js";
import { pressure } from "./collector.js";

/**
 * How often garbage is collected for one piece of work: an object that was dropped after it was marked survives a
 * collection.
 */
const COLLECTIONS = 3;

/**
 * Work is done at once if there is memory and no earlier work is running. Without memory, garbage is collected first.
 * Work requested meanwhile, or before earlier work has ended, waits in line.
 */
export class Line {
  #last: Promise<unknown> | undefined;
  /** Promises of data that the next program waits for. */
  #coming: Promise<void>[] = [];

  /** Whether new work has to wait. */
  get waits(): boolean {
    return this.#last !== undefined;
  }

  /**
   * @param work has no effect if it throws a MemoryError, so that it can be done again.
   * @throws MemoryError if there is no room even after a collection.
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

  /** As `do`, for a program, which fails if a promise of its data rejects. */
  run<T, A>(work: (on: A) => T | Promise<T>, on: A): T | Promise<T> {
    const coming = this.#coming;
    if (coming.length > 0) {
      this.#coming = [];
      return this.do(() => Promise.all(coming).then(() => work(on)));
    }
    return this.do(() => work(on));
  }

  /** Calls `put` with data, which may be a promise. */
  write<A extends { slice(): A }>(data: A | Promise<A>, put: (data: A) => void): void {
    if (!(data instanceof Promise)) {
      if (this.#last === undefined) return put(data);
      // The caller may change the data before their turn comes.
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

/** Collects garbage if the error is a lack of memory; else rethrows it. */
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
