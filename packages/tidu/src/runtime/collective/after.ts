// Work that goes on at once where there is nothing to wait for.

/** Calls `next` after `before` has resolved, or at once if it is not a promise. */
export function after<T, R>(before: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return before instanceof Promise ? before.then(next) : next(before);
}
