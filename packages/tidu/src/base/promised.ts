// A function's result as a promise, without the turns of the queue that an `async` function takes.

/** What `work` returns; the promise rejects with what it throws. */
export function promised<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error);
  }
}
